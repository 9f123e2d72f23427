import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { foundServer } from '../../main/clients/apps/found-server.ts'
import { proposals } from '../../main/compose/import-proposal.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

const propose = (entries: Record<string, JsonObject>, taken: string[] = []) =>
  proposals(
    Object.entries(entries).map(([name, entry]) => foundServer(name, entry)),
    taken,
  )

it('gives every server a name of its own that Gatehouse can use', () => {
  const entry = { command: 'x' }
  const names = propose({ 'My Server!': entry, my_server: entry, gatehouse: entry, 数据: entry, git: entry }, ['git'])
  expect(names.map(({ name }) => name)).toEqual(['my-server', 'my-server-2', 'imported', 'imported-2', 'git-2'])
  const [long] = propose({ ['x'.repeat(80)]: entry })
  expect(long?.name).toBe('x'.repeat(24))
})

it('keeps plain values, moves secrets, and asks for what only the app knows', () => {
  const env = { MODE: 'quiet', API_KEY: 'abc', OTHER: '$' + '{input:other}' }
  const [one] = propose({ a: { command: 'x', args: [tmpdir(), '-v'], env } })
  expect(one?.draft).toEqual({
    kind: 'command',
    server: {
      name: 'a',
      command: 'x',
      args: [tmpdir(), '-v'],
      env: { MODE: 'quiet' },
      secretNames: ['API_KEY', 'OTHER'],
      allowedPaths: [{ path: tmpdir(), access: 'read' }],
    },
  })
  expect([...(one?.secrets ?? [])]).toEqual([['API_KEY', 'abc']])
  expect(one?.missing).toEqual(['OTHER'])
})

it('makes every header of an address a secret, but those of the connection', () => {
  const headers = { Authorization: 'Bearer abc', 'X-Api-Key': 'def', Accept: '*/*', 'X-Ref': '$' + '{env:REF}' }
  const [one] = propose({ a: { url: 'https://h/mcp', headers } })
  expect(one?.draft).toMatchObject({
    kind: 'url',
    server: {
      url: 'https://h/mcp',
      headers: [
        { name: 'Authorization', scheme: 'Bearer', secret: 'AUTHORIZATION' },
        { name: 'X-Api-Key', secret: 'X_API_KEY' },
        { name: 'X-Ref', secret: 'X_REF' },
      ],
    },
  })
  expect([...(one?.secrets ?? [])]).toEqual([
    ['AUTHORIZATION', 'abc'],
    ['X_API_KEY', 'def'],
  ])
  expect(one?.missing).toEqual(['X_REF'])
})

it('says of a secret it cannot move that it is there', () => {
  const [one] = propose({ a: { command: 'x', args: ['--key', 'ghp_0123456789abcdefghijABCDEFGHIJ456789'] } })
  expect(one?.notes.join()).toContain('looks like a secret')
  const [two] = propose({ a: { url: 'https://h/mcp?api_key=abc' } })
  expect(two?.notes.join()).toContain('looks as if it held a secret')
})

it('imports no part of the app, and nothing with a name no environment can have', () => {
  expect(propose({ a: { type: 'builtin' } })[0]?.draft.kind).toBe('none')
  expect(propose({ a: { command: 'x', env: { 'A B': '1' } } })[0]?.draft.kind).toBe('none')
})
