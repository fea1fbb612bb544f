// A TLS front for clients that speak https only: node tls-front.cjs TARGET_PORT; prints its own port. key.pem and cert.pem lie beside.
const fs = require('fs')
const net = require('net')
const tls = require('tls')

const front = tls.createServer({ key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') }, (client) => {
  const target = net.connect(Number(process.argv[2]), '127.0.0.1')
  client.pipe(target)
  target.pipe(client)
  client.on('error', () => target.destroy())
  target.on('error', () => client.destroy())
})
front.listen(0, '127.0.0.1', () => console.log(front.address().port))
