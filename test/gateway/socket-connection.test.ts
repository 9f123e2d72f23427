import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SocketConnection } from '../../main/gateway/socket-connection.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-socket-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('who asks for more and more and never reads is cut off before it fills the memory', async () => {
  const path = join(folder, 's')
  const accepted = Promise.withResolvers<Socket>()
  const server = createServer((socket) => accepted.resolve(socket)).listen(path)
  const client = connect(path).pause()
  const socket = await accepted.promise
  const connection = new SocketConnection(socket)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const megabytes16 = `${'x'.repeat(16 * 1024 * 1024)}\n`
  for (let sent = 0; sent < 20 && !socket.destroyed; sent++) connection.write(megabytes16)
  await closed
  expect(socket.bytesWritten).toBeLessThan(320 * 1024 * 1024)
  expect(connection.write('one more\n')).toBe(false)
  client.destroy()
  server.close()
})
