import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Unread } from '../../main/gateway/unread.ts'
import { UnreadAnswers } from '../../main/gateway/unread-answers.ts'
import { writeWebResponse } from '../../main/gateway/web-exchange.ts'
import type { Client } from '../../shared/domain/call.ts'

const megabyte = 1024 * 1024
const bounds = {
  newsBytes: megabyte,
  ownBytes: 2 * megabyte,
  patienceMs: 60_000,
  mostBytes: 16 * megabyte,
  allBytes: 24 * megabyte,
}
const client = (name: string) => ({ id: `cl_${name}`, name }) as unknown as Client
let server: Server
let sockets: Socket[]
let cutOff: string[]
let unread: Unread
let answers: UnreadAnswers
beforeEach(async () => {
  sockets = []
  cutOff = []
  unread = new Unread((name) => cutOff.push(name), bounds)
  answers = new UnreadAnswers(unread)
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
})

/** A request on a connection of its own that reads no answer. */
async function asked(): Promise<ServerResponse> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  sockets.push(socket.on('error', () => {}))
  socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n')
  return (await once(server, 'request'))[1]
}

const piece = 'x'.repeat(256 * 1024)

/** Writes until the system takes no more of it, however much that is: from then on all that is written waits. */
async function fill(response: ServerResponse, write: (text: string) => void): Promise<void> {
  do {
    write(piece)
    await new Promise(setImmediate)
  } while (!response.writableNeedDrain || (await drains(response)))
}

const drains = (response: ServerResponse) =>
  once(response, 'drain', { signal: AbortSignal.timeout(200) }).then(
    () => true,
    () => false,
  )

/** As `asked`, each on a connection that takes no more. */
async function askedOnFull(count: number): Promise<ServerResponse[]> {
  const open: ServerResponse[] = []
  while (open.length < count) open.push(await asked())
  await Promise.all(open.map((response) => fill(response, (text) => response.write(text))))
  return open
}

/** A stream to a client, and what writes to it. */
async function stream(name: string): Promise<{ response: ServerResponse; say: (text: string) => void }> {
  const response = await asked()
  let say = (_text: string) => {}
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => {
      say = (text) => controller.enqueue(Buffer.from(text))
    },
  })
  answers.given(client(name), response)
  void writeWebResponse(new Response(source), response, { headers: {}, client: name, unread })
  await fill(response, say)
  return { response, say }
}

/** More megabytes of the stream that wait. */
async function sayMore({ say }: { say: (text: string) => void }, megabytes: number): Promise<void> {
  for (let count = 0; count < megabytes; count++) say('x'.repeat(megabyte))
  await new Promise(setImmediate)
}

it('cuts off who asked for many answers at once and reads none, and nobody else', async () => {
  const open = await askedOnFull(8)
  const other = await asked()
  let given = 0
  for (const response of open) {
    if (!answers.mayGive(client('deaf'), response, 4 * megabyte)) break
    response.end('x'.repeat(4 * megabyte))
    given += 1
  }
  expect(given).toBeGreaterThan(3) // more than 16 MB wait
  expect(given).toBeLessThan(7)
  expect(cutOff).toEqual(['deaf'])
  expect(open.map(({ destroyed }) => destroyed)).toEqual(open.map((_, at) => at <= given))
  expect(answers.mayGive(client('other'), other, 4 * megabyte)).toBe(true)
  expect(answers.isTooMuch(client('deaf'))).toBe(false)
})

it('counts a stream once, beside the answers its client gets', async () => {
  const watched = await stream('both')
  await sayMore(watched, 12)
  const open = await askedOnFull(2)
  const last = await asked()
  for (const response of open) {
    expect(answers.mayGive(client('both'), response, 4.5 * megabyte)).toBe(true)
    response.end('x'.repeat(4.5 * megabyte))
  }
  expect(answers.mayGive(client('both'), last, megabyte)).toBe(true) // 22 MB wait
  expect(cutOff).toEqual([])
  for (let more = 0; more < 64 && !watched.response.destroyed; more++) await sayMore(watched, 1)
  expect(watched.response.destroyed).toBe(true) // the one furthest behind, and no answer with it
  expect([...open, last].map(({ destroyed }) => destroyed)).toEqual([false, false, false])
  expect(cutOff).toEqual(['both'])
})

it('asks who reads none of its streams to read before it asks for more', async () => {
  const streams = [await stream('deaf'), await stream('deaf'), await stream('deaf')]
  for (const each of streams) each.response.write('x'.repeat(11 * megabyte))
  expect(answers.isTooMuch(client('deaf'))).toBe(true)
  for (const { response } of streams) response.destroy()
  await expect.poll(() => answers.isTooMuch(client('deaf'))).toBe(false)
})
