import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SocketConnection } from '../../main/gateway/socket-connection.ts'
import { Unread } from '../../main/gateway/unread.ts'

const megabyte = 1024 * 1024
let folder: string
let server: Server
let cutOff: string[]
let unread: Unread
const clients: Socket[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-socket-'))
  server = createServer().listen(join(folder, 's'))
  cutOff = []
  unread = new Unread((client) => cutOff.push(client))
})
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A client that does not read until it is told to. */
async function aClient(name: string) {
  const [socket, client] = await Promise.all([
    once(server, 'connection').then(([socket]) => socket as Socket),
    Promise.resolve(connect(join(folder, 's')).pause()),
  ])
  clients.push(client)
  const connection = new SocketConnection(socket, undefined, unread)
  connection.client = name
  /** In messages of 2 MB, as far as they are taken. */
  const write = (megabytes: number) => {
    for (let sent = 0; sent < megabytes && socket.writable; sent += 2)
      connection.write(`${'x'.repeat(2 * megabyte - 1)}\n`)
  }
  return { client, socket, connection, write }
}

describe('a client that asks for more and more and does not read', () => {
  it('is cut off with 32 MB and one message waiting for it', async () => {
    const { socket, connection, write } = await aClient('greedy')
    write(32)
    expect(socket.destroyed).toBe(false)
    const closed = once(socket, 'close')
    write(64)
    await closed
    expect(socket.bytesWritten).toBeLessThan(37 * megabyte)
    expect(connection.write('one more\n')).toBe(false)
    expect(cutOff).toEqual(['greedy'])
  })

  it('takes no more than 128 MB together with its like: the one furthest behind goes, and nobody who reads', async () => {
    const reader = await aClient('reader')
    let readBytes = 0
    reader.client
      .on('data', (chunk) => {
        readBytes += chunk.length
      })
      .resume()
    const greedy = []
    for (let at = 0; at < 6; at += 1) greedy.push(await aClient(`greedy ${at}`))
    const [furthest, ...others] = greedy
    furthest?.write(30)
    for (const { write } of others) write(24)
    expect(cutOff).toEqual(['greedy 0'])
    for (let megabytes = 2; megabytes <= 64; megabytes += 2) {
      reader.write(2)
      while (readBytes < megabytes * megabyte) await once(reader.client, 'data')
    }
    expect(cutOff).toEqual(['greedy 0'])
  })
})
