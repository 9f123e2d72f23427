import { afterEach, beforeEach, expect, test } from 'vitest'
import { wantsLevel } from '../../main/gateway/log-levels.ts'
import { Connection } from '../../main/supervisor/connection.ts'

const noText = '{"toString":1,"valueOf":1}'
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
const stray: unknown[] = []
const note = (error: unknown) => void stray.push(error)

beforeEach(() => {
  stray.length = 0
  process.on('unhandledRejection', note)
})
afterEach(() => void process.off('unhandledRejection', note))

function aConnection(request: () => Promise<never> = () => Promise.reject(new Error('not here'))) {
  const sent: string[] = []
  const garbage: string[] = []
  const connection = new Connection(
    { send: (line) => sent.push(line) },
    {
      request,
      notified: (_method, params) => void wantsLevel(params.level, 'debug'),
      garbage: (line) => garbage.push(line),
    },
  )
  return { connection, sent, garbage }
}

test.each([
  ['a batch with nothing in it', '[null]'],
  ['a batch of numbers', '[1,2]'],
  ['a batch in a batch', '[[null]]'],
  [
    'a progress token that is no text',
    `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${noText}}}`,
  ],
  [
    'a progress token that is very deep',
    `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${deep(200_000)}}}`,
  ],
  ['a log level that is no text', `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":${noText}}}`],
  ['a request whose id is very deep', `{"jsonrpc":"2.0","id":${deep(200_000)},"method":"ping"}`],
  ['a request whose id is an object', `{"jsonrpc":"2.0","id":${noText},"method":"ping"}`],
  ['an answer whose id is no number', '{"jsonrpc":"2.0","id":"x","result":null}'],
])('survives %s', async (_what, line) => {
  const { connection } = aConnection()
  expect(() => connection.received(line)).not.toThrow()
  await new Promise((resolve) => setImmediate(resolve))
  expect(stray).toEqual([])
})

test('survives a client whose answer cannot be written', async () => {
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const { connection, sent } = aConnection(() => Promise.resolve(circular) as Promise<never>)
  connection.received('{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage"}')
  await new Promise((resolve) => setImmediate(resolve))
  expect(stray).toEqual([])
  expect(sent.at(-1)).toContain('"error"')
})

test('a side that throws at once is an error for the server, not for the app', async () => {
  const { connection, sent } = aConnection(() => {
    throw new TypeError('at once')
  })
  connection.received('{"jsonrpc":"2.0","id":7,"method":"roots/list"}')
  await new Promise((resolve) => setImmediate(resolve))
  expect(stray).toEqual([])
  expect(sent.at(-1)).toContain('"id":7')
})

test('parameters that cannot be written leave nothing waiting', async () => {
  const { connection } = aConnection()
  const lost = connection.request('tools/call', () => {
    throw new RangeError('too deep')
  })
  await expect(lost).rejects.toThrow('too deep')
  expect(connection.inFlight).toBe(0)
})

test('a server that asks more than it may have open at once is refused', async () => {
  const { connection, sent } = aConnection(() => new Promise<never>(() => {}))
  for (let id = 1; id <= 40; id++) connection.received(`{"jsonrpc":"2.0","id":${id},"method":"sampling/createMessage"}`)
  await new Promise((resolve) => setImmediate(resolve))
  expect(sent.filter((line) => line.includes('too many requests'))).toHaveLength(8)
})
