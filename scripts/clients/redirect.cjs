// Sends every https request of a Node program to the front, whatever host it names: node -r ./redirect.cjs program
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
process.removeAllListeners('warning')
const https = require('https')
const { urlToHttpOptions } = require('url')

const request = https.request
https.request = (options, ...rest) => {
  const asked = typeof options === 'string' || options instanceof URL ? urlToHttpOptions(new URL(options)) : options
  const front = { host: '127.0.0.1', hostname: '127.0.0.1', port: Number(process.env.FRONT_PORT) }
  return request(Object.assign({}, asked, front), ...rest)
}
