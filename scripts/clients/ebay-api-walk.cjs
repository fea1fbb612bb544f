// ebay-api at the sandbox.
const eBayApi = require('ebay-api')

const BOX = process.env.BOX
const ebay = new eBayApi({ appId: 'sandbox-client', certId: 'sandbox-secret', sandbox: false, marketplaceId: 'EBAY_US' })

async function walk () {
  const found = await ebay.buy.browse.search({ q: 'harbour', limit: 3 })
  const item = found.itemSummaries[0]
  console.log('search', found.itemSummaries.length, 'epid', Boolean(item.epid), 'more pictures', Boolean(item.additionalImages))
  const aspects = await ebay.buy.browse.search({
    category_ids: '176985',
    aspect_filter: 'categoryId:176985,Record Label:{Tidewater Records}',
    fieldgroups: 'ASPECT_REFINEMENTS,EXTENDED',
    limit: 5
  })
  console.log('aspects', aspects.refinement.aspectDistributions.length, 'warnings', aspects.warnings)
  const compact = await ebay.buy.browse.getItem(item.itemId, 'COMPACT')
  console.log('item', (await ebay.buy.browse.getItem(item.itemId)).itemId === item.itemId, 'compact has a title', 'title' in compact)
  console.log('by legacy id', (await ebay.buy.browse.getItemByLegacyId({ legacy_item_id: item.legacyItemId })).itemId === item.itemId)
  const limits = await ebay.developer.analytics.getRateLimits({ api_context: 'buy', api_name: 'browse' })
  console.log('limit', limits.rateLimits[0].resources[0].rates[0].limit)
  const refused = {
    'q=*': () => ebay.buy.browse.search({ q: '*' }),
    getItems: () => ebay.buy.browse.getItems({ item_ids: item.itemId }),
    'unknown item': () => ebay.buy.browse.getItem('v1|1|0'),
    'by image': () => ebay.buy.browse.searchByImage({}, { image: 'QUJD' }),
    'unknown key': () => ebay.commerce.notification.getPublicKey('nobody')
  }
  for (const [name, call] of Object.entries(refused)) {
    await call().then(() => console.log(name, 'no error'), (error) => console.log(name, error.constructor.name, error.message))
  }
  await fetch(`${BOX}/control/tokens`, { method: 'DELETE' })
  console.log('after its token was revoked', (await ebay.buy.browse.search({ q: 'harbour', limit: 1 })).itemSummaries.length)
}
walk()
