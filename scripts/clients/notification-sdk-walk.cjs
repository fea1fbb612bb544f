// eBay's notification SDK, with notifications and keys of the sandbox.
const sdk = require('event-notification-nodejs-sdk')

const BOX = process.env.BOX
const config = {
  SANDBOX: { clientId: 'unused', clientSecret: 'unused' },
  PRODUCTION: { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
}

async function walk () {
  const asked = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'zoë' }) }
  const { body, header } = await (await fetch(`${BOX}/control/account-deletions`, asked)).json()
  console.log('signed by the sandbox', await sdk.process(JSON.parse(body), header, config, 'PRODUCTION'))
  console.log('one letter changed', await sdk.process(JSON.parse(body.replace('zoë', 'zoe')), header, config, 'PRODUCTION'))
}
walk()
