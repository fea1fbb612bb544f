#!/usr/bin/env bash
# event-notification-nodejs-sdk 1.0.3 does not check a notification's signature over the bytes that came, but over what
# JSON.stringify makes of the parsed body. Where the sender's JSON is written otherwise (a blank after a colon, a price of 10.0), a
# signature that openssl and Node's own crypto find right is refused. And the key must be a PEM in one line, as eBay's API gives
# it: the PEM that Node itself exports, of the very same key, is not understood.
set -euo pipefail

dir="$(mktemp -d)"
trap 'rm -rf -- "$dir"' EXIT
npm install --silent --no-audit --no-fund --prefix "$dir" event-notification-nodejs-sdk@1.0.3
cd "$dir"
cat >run.js <<'JS'
const crypto = require('crypto')

const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
const exported = publicKey.export({ type: 'spki', format: 'pem' })
const oneLine = exported.replace(/\n/g, '')
// The key comes from here rather than from eBay; the rest is the SDK's own.
let key = oneLine
const client = require.resolve('event-notification-nodejs-sdk/lib/client.js')
require.cache[client] = { id: client, filename: client, loaded: true, exports: { getPublicKey: async () => ({ key }) } }
const validator = require('event-notification-nodejs-sdk/lib/validator.js')

const sign = (bytes) => crypto.sign('sha1', Buffer.from(bytes), privateKey)
async function check (name, bytes) {
  const signature = sign(bytes)
  const crypt = crypto.verify('sha1', Buffer.from(bytes), publicKey, signature)
  const header = Buffer.from(JSON.stringify({
    alg: 'ecdsa', kid: 'example', signature: signature.toString('base64'), digest: 'SHA1'
  })).toString('base64')
  let sdk
  try {
    sdk = await validator.validateSignature(JSON.parse(bytes), header, {})
  } catch (error) {
    sdk = 'throws'
  }
  console.log(`${name}: crypto ${crypt}, SDK ${sdk}`)
}

(async () => {
  console.log('event-notification-nodejs-sdk ' + require('event-notification-nodejs-sdk/package.json').version)
  await check('compact', '{"metadata":{"topic":"MARKETPLACE_ACCOUNT_DELETION"},"notification":{"data":{"username":"example"}}}')
  await check('with blanks', '{"metadata": {"topic": "MARKETPLACE_ACCOUNT_DELETION"}, "notification": {"data": {"username": "example"}}}')
  await check('a letter escaped', '{"metadata":{"topic":"PRIORITY_LISTING_REVISION"},"notification":{"data":{"title":"caf\\u00e9"}}}')
  await check('a number with a zero', '{"metadata":{"topic":"PRIORITY_LISTING_REVISION"},"notification":{"data":{"price":10.0}}}')
  key = exported
  await check('compact, key as Node exports it', '{"metadata":{"topic":"MARKETPLACE_ACCOUNT_DELETION"},"notification":{"data":{"username":"example"}}}')
})()
JS
seen="$(node run.js 2>/dev/null)"
echo "$seen"

expected='event-notification-nodejs-sdk 1.0.3
compact: crypto true, SDK true
with blanks: crypto true, SDK false
a letter escaped: crypto true, SDK false
a number with a zero: crypto true, SDK false
compact, key as Node exports it: crypto true, SDK throws'
if [ "$seen" != "$expected" ]; then
  echo "This has changed. Expected was:" >&2
  echo "$expected" >&2
  exit 1
fi
