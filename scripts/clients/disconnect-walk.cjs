// disconnect at the sandbox: token, key and secret, OAuth with PLAINTEXT.
const { Client } = require('disconnect')

const BOX = process.env.BOX
const client = (auth) => new Client('WaxWatchClients/1.0 +https://waxwatch.example', auth)

async function walk () {
  const token = client({ userToken: 'sandbox-token' })
  console.log('identity', (await token.getIdentity()).username)
  const wants = await token.user().wantlist().getReleases('sandbox-collector', { page: 2, per_page: 100 })
  console.log('wants', wants.pagination.items, 'on page 2', wants.wants.length)
  console.log('folders', (await token.user().collection().getFolders('sandbox-collector')).folders.length)
  console.log('lists', (await token.user().getLists('sandbox-collector')).lists.length)
  const shop = await token.user().getInventory('waxbarn', { sort: 'price', sort_order: 'asc', per_page: 3 })
  console.log('inventory', shop.listings.map((listing) => listing.price.value))
  const key = client({ consumerKey: 'sandbox-consumer', consumerSecret: 'sandbox-consumer-secret' })
  console.log('key and secret', (await key.database().search('blue harbour', { type: 'release' })).results.length)
  for (const path of ['/releases/1', '/nowhere', '/users/waxbarn/inventory?page=50']) {
    await token.get(path).then(() => console.log('no error'), (error) => console.log(error.constructor.name, error.statusCode, error.message))
  }
  const oauth = new Client({}).oauth()
  oauth.getRequestToken('sandbox-consumer', 'sandbox-consumer-secret', 'https://app.example/back', async (error, request) => {
    if (error) throw error
    const answer = new URLSearchParams({ oauth_token: request.token, answer: 'yes' })
    const back = await fetch(`${BOX}/oauth/authorize`, { method: 'POST', redirect: 'manual', body: answer })
    oauth.getAccessToken(back.headers.get('location').split('oauth_verifier=')[1], async (failed, access) => {
      if (failed) throw failed
      console.log('PLAINTEXT', (await client(access).getIdentity()).username)
    })
  })
}
walk()
