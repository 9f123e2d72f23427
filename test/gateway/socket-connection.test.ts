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
let nowMs: number
const bounds = {
  newsBytes: megabyte,
  ownBytes: 4 * megabyte,
  patienceMs: 60_000,
  mostBytes: 16 * megabyte,
  allBytes: 24 * megabyte,
}
const clients: Socket[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-socket-'))
  server = createServer().listen(join(folder, 's'))
  cutOff = []
  nowMs = 0
  unread = new Unread(
    (client) => cutOff.push(client),
    bounds,
    () => nowMs,
  )
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
  /** In messages of 2 MB, as far as they are taken. @returns megabytes, with those that were not */
  const write = (megabytes: number) => {
    let sent = 0
    for (; sent < megabytes && socket.writable; sent += 2) connection.write(`${'x'.repeat(2 * megabyte - 1)}\n`)
    return sent
  }
  return { client, socket, connection, write }
}

/** Goes on reading until that many bytes more were read. */
async function read(client: Socket, bytes: number): Promise<string> {
  const pieces: Buffer[] = []
  client.on('data', (piece) => pieces.push(piece as Buffer)).resume()
  while (pieces.reduce((sum, { length }) => sum + length, 0) < bytes) await once(client, 'data')
  client.removeAllListeners('data').pause()
  return Buffer.concat(pieces).toString('utf8')
}

describe('a client that asks for more and more and does not read', () => {
  it('is cut off when it read nothing for a minute of what is too much', async () => {
    const { socket, connection, write } = await aClient('greedy')
    write(10)
    nowMs += 59_999
    write(2)
    expect(socket.destroyed).toBe(false)
    const closed = once(socket, 'close')
    nowMs += 1
    write(2)
    await closed
    expect(connection.write('one more\n')).toBe(false)
    expect(cutOff).toEqual(['greedy'])
  })

  it('is not cut off while it reads some of it, nor with less however long it takes', async () => {
    const { client, socket, write } = await aClient('slow')
    write(4)
    nowMs += 600_000
    write(6)
    nowMs += 59_999
    await read(client, 3 * megabyte)
    await expect.poll(() => socket.writableLength).toBeLessThan(10 * megabyte)
    write(2)
    nowMs += 59_999
    write(2)
    expect(socket.destroyed).toBe(false)
    nowMs += 1
    write(2)
    expect(cutOff).toEqual(['slow'])
  })

  it('is cut off at the most that may wait for one, whenever it last read', async () => {
    const { socket, write } = await aClient('greedy')
    write(16)
    expect(cutOff).toEqual([])
    const closed = once(socket, 'close')
    expect(write(64)).toBe(4) // one beyond it, and one that is not taken
    await closed
    expect(cutOff).toEqual(['greedy'])
  })

  it('takes no more than the most of all together with its like: the one furthest behind goes, and nobody who reads', async () => {
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
    furthest?.write(8)
    for (const { write } of others) write(4)
    expect(cutOff).toEqual(['greedy 0'])
    for (let megabytes = 2; megabytes <= 64; megabytes += 2) {
      reader.write(2)
      while (readBytes < megabytes * megabyte) await once(reader.client, 'data')
    }
    expect(cutOff).toEqual(['greedy 0'])
  })

  it('is told no more logs nor progress until it reads, and every answer', async () => {
    const log = (data: string) => `{"method":"notifications/message","params":{"data":"${data}"},"jsonrpc":"2.0"}\n`
    const progress = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}\n'
    const answer = '{"jsonrpc":"2.0","id":1,"result":{"method":"notifications/message"}}\n'
    const { client, connection, write } = await aClient('busy')
    connection.write(log('early'))
    write(2)
    for (let at = 0; at < 1000; at += 1) connection.write(log('flood'))
    for (let at = 0; at < 1000; at += 1) connection.write(progress)
    connection.write(answer)
    const heard = await read(client, log('early').length + 2 * megabyte + answer.length)
    expect(heard.split('\n').filter((line) => !line.startsWith('x'))).toEqual([
      log('early').trimEnd(),
      answer.trimEnd(),
      '',
    ])
  })

  it('has what is not ASCII counted by its bytes', async () => {
    const { connection } = await aClient('reads Romanian')
    connection.write(`${'ă'.repeat(megabyte)}\n`)
    expect(connection.unreadBytes).toBe(2 * megabyte + 1)
  })
})
