import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Unread } from '../../main/gateway/unread.ts'
import { UnreadAnswers } from '../../main/gateway/unread-answers.ts'
import type { Client } from '../../shared/domain/call.ts'

const megabyte = 1024 * 1024
const bounds = {
  newsBytes: megabyte,
  ownBytes: 2 * megabyte,
  patienceMs: 60_000,
  mostBytes: 16 * megabyte,
  allBytes: 64 * megabyte,
}
const client = (name: string) => ({ id: `cl_${name}`, name }) as unknown as Client
let server: Server
let sockets: Socket[]
let cutOff: string[]
let answers: UnreadAnswers
beforeEach(async () => {
  sockets = []
  cutOff = []
  answers = new UnreadAnswers(new Unread((name) => cutOff.push(name), bounds))
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

it('cuts off who asked for many answers at once and reads none, and nobody else', async () => {
  const open: ServerResponse[] = []
  for (let count = 0; count < 20; count++) open.push(await asked())
  const other = await asked()
  let given = 0
  for (const response of open) {
    if (!answers.mayGive(client('deaf'), response, 4 * megabyte)) break
    response.end('x'.repeat(4 * megabyte))
    given += 1
  }
  expect(given).toBeGreaterThan(3)
  expect(given).toBeLessThan(12)
  expect(cutOff).toEqual(['deaf'])
  expect(open.slice(0, given + 1).every(({ destroyed }) => destroyed)).toBe(true)
  expect(answers.mayGive(client('other'), other, 4 * megabyte)).toBe(true)
  expect(answers.isTooMuch(client('deaf'))).toBe(false)
})
