import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { AppLink } from '../../main/bridge/app-link.ts'
import { Relay } from '../../main/bridge/relay.ts'
import { LineSplitter } from '../../shared/wire/framing.ts'

let folder: string
let app: Server
let heard: { method?: string; id?: unknown }[]
let accepted: PromiseWithResolvers<Socket>
let until: { readonly method: string; readonly resolve: () => void } | undefined
let gate: Promise<void>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-relay-'))
  heard = []
  accepted = Promise.withResolvers()
  gate = Promise.resolve()
  app = createServer((socket) => {
    const splitter = new LineSplitter({
      line: (line) => {
        const message = JSON.parse(line.toString('utf8'))
        heard.push(message)
        if (message.method === until?.method) until?.resolve()
      },
      tooLong: () => {},
    })
    socket.on('data', (chunk) => splitter.push(chunk))
    accepted.resolve(socket)
  }).listen(join(folder, 's'))
})
afterEach(async () => {
  await new Promise((resolve) => app.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

const hears = (method: string) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  until = { method, resolve }
  return promise
}

async function link(): Promise<AppLink> {
  await gate
  const socket = connect(join(folder, 's'))
  await new Promise((resolve) => socket.once('connect', resolve))
  return { socket, welcome: { clientId: 'cl_one', sessionId: 'se_one', resumed: true }, listen: () => {} }
}

function aRelay() {
  const input = new PassThrough()
  const ended = Promise.withResolvers<void>()
  const logged = Promise.withResolvers<void>()
  new Relay({
    input,
    output: new PassThrough().resume(),
    link,
    startApp: () => {},
    log: () => logged.resolve(),
    exit: () => ended.resolve(),
  }).run()
  const says = (message: object) => input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  return { input, says, ended: ended.promise, isAlone: logged.promise }
}

it('does not make again what the client withdrew while the app was away, listening or only waiting', async () => {
  const { input, says, ended, isAlone } = aRelay()
  const listening = hears('subscriptions/listen')
  says({ id: 'listen', method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true } } })
  await listening
  const back = Promise.withResolvers<void>()
  gate = back.promise
  const first = await accepted.promise
  accepted = Promise.withResolvers()
  heard = []
  first.destroy()
  await isAlone
  says({ id: 'waits', method: 'tools/call', params: { name: 'pay' } })
  says({ method: 'notifications/cancelled', params: { requestId: 'listen' } })
  says({ method: 'notifications/cancelled', params: { requestId: 'waits' } })
  const last = hears('ping')
  says({ id: 'last', method: 'ping' })
  back.resolve()
  await last
  expect(heard.map(({ id }) => id)).toEqual(['last'])
  input.end()
  await once(input, 'end')
  const second = await accepted.promise
  second.destroy()
  await ended
})

it('says that the client did not read where the app ended the connection of one that did not', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const input = new PassThrough()
    const output = new PassThrough()
    let fromApp: (line: Buffer) => void = () => {}
    const lost = Promise.withResolvers<void>()
    new Relay({
      input,
      output,
      link: async () => ({
        ...(await link()),
        listen: (onLine) => {
          fromApp = onLine
        },
      }),
      startApp: () => {},
      log: () => lost.resolve(),
      exit: () => {},
    }).run()
    const asked = hears('tools/call')
    input.write(`${JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: {} })}\n`)
    await asked
    fromApp(
      Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: 'x'.repeat(100_000) })),
    )
    vi.advanceTimersByTime(60_000)
    const read: Buffer[] = []
    const answered = new Promise<void>((resolve) => {
      output.on('data', (piece) => read.push(piece) && Buffer.concat(read).includes('"id":7') && resolve())
    })
    gate = new Promise(() => {}) // it does not come back
    ;(await accepted.promise).destroy()
    await lost.promise
    await answered
    expect(Buffer.concat(read).toString()).toContain('bridge.unread')
  } finally {
    vi.useRealTimers()
  }
})
