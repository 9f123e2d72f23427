import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CallLane } from '../../main/gateway/call-lane.ts'
import { mcpFace } from '../../main/gateway/mcp-face.ts'
import { SocketConnection } from '../../main/gateway/socket-connection.ts'
import { type InTestEntry, InTestGateway, text } from '../support/in-test-gateway.ts'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: { readonly content?: readonly { readonly text: string }[] }
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

const aborted: string[] = []
const tool = (name: string, answer: NonNullable<InTestEntry['answer']>): InTestEntry => ({
  kind: 'tool',
  definition: { name, inputSchema: { type: 'object' } },
  answer,
})
const entries = [
  tool('echo', ({ arguments: given }) => text(JSON.stringify(given))),
  tool('own-error', () => ({ kind: 'error', error: { code: -32_050, message: 'mine', data: { a: 1 } } })),
  tool(
    'slow',
    ({ signal }) =>
      new Promise((_, reject) => {
        const end = () => {
          aborted.push('slow')
          reject(new Error('cancelled'))
        }
        if (signal.aborted) end()
        else signal.addEventListener('abort', end)
      }),
  ),
  tool('steps', ({ peer }) => {
    peer.progress({ progress: 1, total: 2 })
    return text('stepped')
  }),
  tool('samples', async ({ peer, signal }) => text(JSON.stringify(await peer.request('roots/list', {}, signal)))),
]

let folder: string
let gateway: InTestGateway
let socket: Socket
let server: ReturnType<typeof createServer>
let taken: unknown[]
const messages: Message[] = []
const waiting = new Set<() => void>()

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-lane-'))
  gateway = new InTestGateway(entries)
  messages.length = aborted.length = 0
  taken = []
  const path = join(folder, 's')
  server = createServer((accepted) => serve(accepted)).listen(path)
  socket = connect(path)
  createInterface({ input: socket }).on('line', (line) => {
    messages.push(JSON.parse(line) as Message)
    for (const check of [...waiting]) check()
  })
})
afterEach(async () => {
  socket.destroy()
  server.close()
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

function serve(accepted: Socket): void {
  const connection = new SocketConnection(accepted)
  const { client, session } = gateway.open('bridge')
  const credential = { clientId: client.id, sessionId: session.id }
  const parts = gateway.parts()
  const lane = new CallLane((line) => void connection.write(`${line}\n`), parts.onError)
  accepted.once('close', () => lane.close())
  const transport = connection.asTransport((message) => {
    const takes = lane.takes(message)
    if (takes) taken.push(message)
    return takes
  })
  const context = { door: 'bridge', credential, client, session, announces: true } as const
  serveStdio(() => lane.attach(mcpFace(context, parts)), { transport })
}

const say = (message: object) => void socket.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const call = (id: number, name: unknown, more: object = {}) =>
  say({ id, method: 'tools/call', params: { name, arguments: { id }, ...more } })

function heard(wanted: (message: Message) => boolean): Promise<Message> {
  return new Promise((resolve) => {
    const check = () => {
      const found = messages.find(wanted)
      if (!found) return
      waiting.delete(check)
      resolve(found)
    }
    waiting.add(check)
    check()
  })
}
const answered = (id: number) => heard((message) => message.id === id && message.method === undefined)

async function introduced(): Promise<void> {
  const clientInfo = { name: 'test', version: '1' }
  const capabilities = { roots: {} }
  say({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities, clientInfo } })
  await answered(0)
  say({ method: 'notifications/initialized' })
}

describe('the lane of tool calls', () => {
  it('takes calls once the client is introduced, and each answer goes to its question', async () => {
    await introduced()
    for (const id of [1, 2, 3]) call(id, 'echo')
    for (const id of [1, 2, 3]) expect((await answered(id)).result?.content?.[0]?.text).toBe(`{"id":${id}}`)
    expect(taken).toHaveLength(3)
  })

  it('leaves a call before the introduction, and every newer revision, to the SDK', async () => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    call(1, 'echo', { _meta })
    expect((await answered(1)).result?.content?.[0]?.text).toBe('{"id":1}')
    expect(taken).toEqual([])
  })

  it('passes a server’s own error on, and says what is wrong with a call', async () => {
    await introduced()
    call(1, 'own-error')
    call(2, 'nowhere')
    call(3, 7)
    expect((await answered(1)).error).toEqual({ code: -32_050, message: 'mine', data: { a: 1 } })
    expect((await answered(2)).error).toMatchObject({ code: -32_602 })
    expect((await answered(3)).error).toMatchObject({ code: -32_602 })
  })

  it('tells progress before the answer, and carries what a server asks', async () => {
    await introduced()
    call(1, 'steps', { _meta: { progressToken: 'p' } })
    await answered(1)
    const order = messages.filter(({ id, method }) => id === 1 || method === 'notifications/progress')
    expect(order.map(({ method }) => method ?? 'answer')).toEqual(['notifications/progress', 'answer'])
    call(2, 'samples')
    const asked = await heard(({ method }) => method === 'roots/list')
    say({ id: asked.id, result: { roots: [{ uri: 'file:///a' }] } })
    expect((await answered(2)).result?.content?.[0]?.text).toContain('file:///a')
  })

  it.each([
    ['params that are none', 7],
    ['a list of params', [1]],
    ['a _meta that is none', { _meta: 'x' }],
    ['a progress token that is none', { _meta: { progressToken: {} } }],
  ])('answers %s, whatever is asked for, and goes on', async (_, params) => {
    await introduced()
    for (const [id, method] of ['prompts/get', 'tools/call', 'resources/read', 'logging/setLevel'].entries()) {
      say({ id: id + 1, method, params })
      expect((await answered(id + 1)).error).toMatchObject({ code: -32_602 })
    }
    call(9, 'echo')
    expect((await answered(9)).result?.content?.[0]?.text).toBe('{"id":9}')
  })

  it('ends a cancelled call and does not answer it; its id may be used again', async () => {
    await introduced()
    call(5, 'slow')
    say({ method: 'notifications/cancelled', params: { requestId: 5 } })
    say({ id: 6, method: 'ping' })
    await answered(6)
    call(5, 'echo')
    expect((await answered(5)).result?.content?.[0]?.text).toBe('{"id":5}')
    expect(aborted).toEqual(['slow'])
    expect(messages.filter(({ id }) => id === 5)).toHaveLength(1)
  })

  it('ends what runs when the client leaves', async () => {
    await introduced()
    call(1, 'slow')
    call(2, 'echo')
    await answered(2)
    socket.destroy()
    await expect.poll(() => aborted).toEqual(['slow'])
    expect(gateway.errors).toEqual([])
  })

  it('ends every call when the client leaves, also two under one id', async () => {
    await introduced()
    call(1, 'slow')
    call(1, 'slow')
    call(2, 'echo')
    await answered(2)
    socket.destroy()
    await expect.poll(() => aborted).toEqual(['slow', 'slow'])
  })
})
