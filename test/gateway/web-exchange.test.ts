import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Unread } from '../../main/gateway/unread.ts'
import { writeWebResponse } from '../../main/gateway/web-exchange.ts'

const megabyte = 1024 * 1024
const bounds = {
  newsBytes: megabyte,
  ownBytes: 2 * megabyte,
  patienceMs: 60_000,
  mostBytes: 8 * megabyte,
  allBytes: 64 * megabyte,
}
let server: Server
let client: Socket
let cutOff: string[]
let stream: ReadableStreamDefaultController<Uint8Array>
let isGivenUp: boolean
let written: Promise<void>

/** A client that asked for a stream and reads nothing of it yet. */
beforeEach(async () => {
  cutOff = []
  isGivenUp = false
  const unread = new Unread((name) => cutOff.push(name), bounds)
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => {
      stream = controller
    },
    cancel: () => {
      isGivenUp = true
    },
  })
  server = createServer((_, response) => {
    written = writeWebResponse(new Response(source), response, { headers: {}, client: 'deaf', unread })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  client.on('error', () => {})
  client.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n')
  await once(server, 'request')
})
afterEach(() => {
  client.destroy()
  server.close()
})

/** What a server says without being asked, at its own pace. @returns megabytes, until it was asked for no more */
async function say(megabytes: number): Promise<number> {
  let said = 0
  for (; said < megabytes && !isGivenUp; said += 1) {
    stream.enqueue(new Uint8Array(megabyte).fill(0x78))
    await new Promise(setImmediate)
  }
  return said
}

describe('a stream its client does not read', () => {
  it('is cut off with the most that may wait for one, and asked for no more', async () => {
    expect(await say(128)).toBeLessThan(32) // some of it is on its way
    await written
    expect(cutOff).toEqual(['deaf'])
  })

  it('leaves nothing waiting where nobody counts it, and comes whole to whoever reads late', async () => {
    await say(6)
    expect(stream.desiredSize).toBe(1)
    let readBytes = 0
    client
      .on('data', (piece) => {
        readBytes += piece.length
      })
      .resume()
    while (readBytes < 6 * megabyte) await once(client, 'data')
    stream.close()
    await written
    expect(cutOff).toEqual([])
  })
})
