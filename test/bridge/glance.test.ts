import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Glance, glanceAt } from '../../main/bridge/glance.ts'

const at = (message: unknown) => glanceAt(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)))

describe('a glance at a message', () => {
  it.each<[string, unknown, Glance]>([
    ['a request', { jsonrpc: '2.0', id: 1, method: 'ping' }, { kind: 'request', id: 1, method: 'ping' }],
    [
      'a request, method first',
      { method: 'a/b', params: {}, jsonrpc: '2.0', id: 'x' },
      { kind: 'request', id: 'x', method: 'a/b' },
    ],
    [
      'a notification',
      { jsonrpc: '2.0', method: 'notifications/x' },
      { kind: 'notification', method: 'notifications/x' },
    ],
    ['a notification, method first', { method: 'n', jsonrpc: '2.0' }, { kind: 'notification', method: 'n' }],
    ['a result', { jsonrpc: '2.0', id: 'r', result: {} }, { kind: 'response', id: 'r' }],
    ['an error', { jsonrpc: '2.0', id: 2, error: { code: 1, message: '' } }, { kind: 'response', id: 2 }],
    ['a result first', { result: { a: 1 }, jsonrpc: '2.0', id: 3 }, { kind: 'response', id: 3 }],
    ['an error to nobody', { jsonrpc: '2.0', id: null, error: {} }, { kind: 'response' }],
    ['spaces', '{ "jsonrpc": "2.0", "id": 4, "method": "ping" }', { kind: 'request', id: 4, method: 'ping' }],
    ['an escaped id', '{"jsonrpc":"2.0","id":"a\\"b","method":"ping"}', { kind: 'request', id: 'a"b', method: 'ping' }],
    ['no JSON', '{"jsonrpc":', { kind: 'unreadable' }],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', { kind: 'unreadable' }],
    ['a number', '7', { kind: 'unreadable' }],
  ])('knows %s', (_, message, glance) => {
    expect(at(message)).toEqual(glance)
  })

  it('is not deceived by what looks like an id or a method inside', () => {
    const inner = { method: 'inner', jsonrpc: '2.0', id: 99 }
    expect(at({ method: 'outer', params: inner })).toEqual({ kind: 'notification', method: 'outer' })
    expect(at({ result: inner, jsonrpc: '2.0', id: 1 })).toEqual({ kind: 'response', id: 1 })
    expect(at({ params: inner, id: 5, method: 'outer' })).toEqual({ kind: 'request', id: 5, method: 'outer' })
  })

  it('sees what a parser sees, in whatever order it was written', () => {
    const members = fc.record(
      {
        jsonrpc: fc.constant('2.0'),
        id: fc.oneof(fc.integer(), fc.string()),
        method: fc.string({ minLength: 1 }),
        params: fc.dictionary(fc.constantFrom('id', 'method', 'jsonrpc', 'result', 'x'), fc.jsonValue()),
      },
      { requiredKeys: ['jsonrpc', 'method'] },
    )
    fc.assert(
      fc.property(
        members.chain((message) =>
          fc.shuffledSubarray(Object.entries(message), { minLength: Object.keys(message).length }),
        ),
        (entries) => {
          const { id, method } = Object.fromEntries(entries) as { id?: string | number; method: string }
          const kind = id === undefined ? 'notification' : 'request'
          expect(at(Object.fromEntries(entries))).toEqual({ kind, method, ...(id === undefined ? {} : { id }) })
        },
      ),
      { numRuns: 500 },
    )
  })
})
