import { expect, it } from 'vitest'
import type { Equipped } from '../../main/kernel/exchange.ts'
import { Connection } from '../../main/supervisor/connection.ts'
import type { Greeting } from '../../main/supervisor/handshake.ts'
import { LiveServer } from '../../main/supervisor/live-server.ts'
import type { LinkEvents, RemoteLink } from '../../main/supervisor/remote/remote-link.ts'
import { startServer } from '../../main/supervisor/start-server.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { askedFreely } from '../support/asked-freely.ts'

const question = { method: 'sampling/createMessage', params: { messages: [] } }
const asking = { resultType: 'input_required', inputRequests: { one: question } }

/** A server that answers each method with this, however often. */
function aServer(era: 'legacy' | 'modern', owned: 'one session' | 'everyone', answers: Record<string, JsonObject>) {
  const judged: string[] = []
  const connection: Connection = new Connection(
    {
      send: (line) => {
        const { id, method } = JSON.parse(line) as { id?: number; method: string }
        const answer = { jsonrpc: '2.0', id, result: answers[method] ?? {} }
        if (id !== undefined) queueMicrotask(() => connection.received(JSON.stringify(answer)))
      },
    },
    { request: () => Promise.reject(new Error('not here')), notified: () => {}, garbage: () => {} },
  )
  const greeting = { era, capabilities: {}, revision: '2025-11-25' } as unknown as Greeting
  const toClient = askedFreely(undefined, (method) => judged.push(method))
  const introduction = { name: 'gatehouse', version: '1' } as never
  return { live: new LiveServer(1, greeting, connection, introduction, owned, toClient, async () => {}), judged }
}

const aCall = (protocol: string, method = 'tools/call') =>
  ({
    callId: 'call_1',
    session: { id: 'se_1' },
    server: { name: 'notes', origin: { kind: 'command' } },
    client: { name: 'Editor' },
    method,
    entry: { name: 'notes__ask', ownName: 'ask', kind: 'tool', definition: {} },
    canonical: '{}',
    arguments: {},
    clearance: { by: 'rule' },
    signal: new AbortController().signal,
    deadline: new AbortController().signal,
    deadlineMs: 1_000,
    peer: { protocol, capabilities: { sampling: {} }, request: async () => ({}), progress: () => {}, notify: () => {} },
  }) as unknown as Equipped

it.each([
  [
    'an earlier server’s result, for an earlier client',
    'legacy',
    'one session',
    '2025-11-25',
    { 'tools/call': asking },
  ],
  ['an earlier server’s result, for a newer client', 'legacy', 'one session', '2026-07-28', { 'tools/call': asking }],
  [
    'an earlier server’s result, where it serves everyone',
    'legacy',
    'everyone',
    '2026-07-28',
    { 'tools/call': asking },
  ],
  [
    'the result of a task',
    'modern',
    'everyone',
    '2026-07-28',
    {
      'tools/call': { resultType: 'task', taskId: 't', status: 'working' },
      'tasks/get': { taskId: 't', status: 'completed', result: asking, pollIntervalMs: 50 },
    },
  ],
] as const)(
  'what a server asks by %s never reaches a client unjudged',
  async (_what, era, owned, protocol, answers) => {
    const { live, judged } = aServer(era, owned, answers)
    const reply = await live.exchange(aCall(protocol))
    expect(judged).toEqual([])
    expect(reply).toMatchObject({ kind: 'error' })
  },
)

it('a subscription is not answered by a question', async () => {
  const { live } = aServer('modern', 'everyone', { 'resources/subscribe': asking, 'subscriptions/listen': asking })
  const reply = await live.exchange(aCall('2026-07-28', 'resources/subscribe')).catch(() => ({ kind: 'error' }))
  expect(reply).toMatchObject({ kind: 'error' })
})

it('what a server of 2026-07-28 asks by its answer is judged and goes on', async () => {
  const { live, judged } = aServer('modern', 'everyone', { 'tools/call': asking })
  const reply = await live.exchange(aCall('2026-07-28'))
  expect(judged).toEqual(['sampling/createMessage'])
  expect(reply).toMatchObject({ kind: 'result', result: { resultType: 'input_required' } })
})

it('a server that asks while it is greeted reaches nobody', async () => {
  const asked: string[] = []
  const peer = {
    ...aCall('2025-11-25').peer,
    capabilities: { roots: {} },
    request: async (method: string) => {
      asked.push(method)
      return { roots: [{ uri: 'file:///home/ada' }] }
    },
  }
  const answers: JsonObject[] = []
  const road = async (events: LinkEvents): Promise<RemoteLink> => ({
    send: (line) => {
      const { id, method, error } = JSON.parse(line) as { id?: number; method?: string; error?: JsonObject }
      if (error !== undefined) answers.push(error)
      if (method !== 'initialize') return
      events.message(JSON.parse('{"jsonrpc":"2.0","id":"early","method":"roots/list"}'))
      const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x', version: '1' } }
      setImmediate(() => events.message({ jsonrpc: '2.0', id, result }))
    },
    stop: async () => {},
    kill: () => {},
  })
  const unheard = { write: () => {}, push: () => {} } as never
  await startServer({
    road,
    warden: {} as never,
    clientInfo: { name: 'gatehouse', version: '1' } as never,
    era: 'legacy',
    peer,
    log: unheard,
    toClient: askedFreely(),
    probeMs: 1_000,
    initializeMs: 1_000,
    onListChanged: () => {},
    onEnded: () => {},
  })
  expect(asked).toEqual([])
  expect(answers).toHaveLength(1)
})
