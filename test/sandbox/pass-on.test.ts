import { createServer, request } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { expect, test } from 'vitest'
import { passOn } from '../../main/sandbox/public-egress.ts'

test('a stranger’s answer with a status that is none ends its own exchange and nothing else', async () => {
  const stranger = createTcp((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end('HTTP/1.1 042 Odd\r\nContent-Length: 2\r\n\r\nhi'))
  }).listen(0)
  const proxy = createServer((_, response) => {
    const upstream = request({ host: '127.0.0.1', port: (stranger.address() as AddressInfo).port })
    upstream.on('response', (answer) => passOn(answer, response))
    upstream.on('error', () => response.destroy())
    upstream.end()
  }).listen(0)
  const asked = fetch(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  await expect(asked).rejects.toThrow()
  stranger.close()
  proxy.close()
})
