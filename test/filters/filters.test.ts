import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultFilters } from '../../main/filters/default-filters.ts'
import { Paths, thisPlatform } from '../../main/filters/paths.ts'
import { redactedMark } from '../../main/filters/secret-scanner.ts'
import type { Reply } from '../../shared/domain/call.ts'
import {
  defaultWorkspace,
  type EntryName,
  type EpochMs,
  type ServerName,
  type Sha256,
} from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { unknownPlace } from '../../shared/domain/places.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

let root: string
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'filters-')))
  mkdirSync(join(root, 'notes'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const server = (bundle?: string): ServerConfig => ({
  name: 'notes' as ServerName,
  workspace: defaultWorkspace,
  origin: bundle ? { kind: 'bundled', bundle } : { kind: 'command', command: 'x', args: [] },
  sandbox: 2,
  allowedPaths: [{ path: join(root, 'notes'), access: 'write' }],
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: false,
  shared: false,
  enabled: true,
  addedAt: 0 as EpochMs,
})
const entry = (kind: 'tool' | 'resource' = 'tool') => ({
  kind,
  name: 'notes__do_it' as EntryName,
  server: 'notes' as ServerName,
  ownName: 'do_it',
  title: 'Do it',
  definition: {},
  pin: 'p' as Sha256,
})
const filters = (secrets: readonly string[] = [], largestReplyBytes?: number) =>
  defaultFilters({
    knownValues: () => secrets,
    paths: new Paths(thisPlatform('/home/ada')),
    ...(largestReplyBytes === undefined ? {} : { largestReplyBytes }),
  })
const called = (args: JsonObject, secrets?: readonly string[], bundle?: string) =>
  filters(secrets).call({ server: server(bundle), entry: entry(), arguments: args })
const answered = (result: JsonObject, secrets?: readonly string[]) => {
  const { reply, labels } = filters(secrets).reply({
    server: server(),
    entry: entry(),
    reply: { kind: 'result', result },
  })
  return { result: reply.kind === 'result' ? reply.result : {}, labels }
}

const secret = 'hunter2/ünïcode+"key"'
const spelled = (value: string): Record<string, string> => ({
  plain: value,
  base64: Buffer.from(value).toString('base64'),
  'base64 after one byte': Buffer.from(`x${value} and more`).toString('base64'),
  'base64 after two bytes': Buffer.from(`xy${value} and more`).toString('base64'),
  base64url: Buffer.from(`user:${value}`).toString('base64url'),
  hex: Buffer.from(value).toString('hex'),
  'upper-case hex': Buffer.from(value).toString('hex').toUpperCase(),
  'URL-encoded': encodeURIComponent(value),
  'every byte URL-encoded': Buffer.from(value).toString('hex').replace(/../g, '%$&'),
  'JSON in text': JSON.stringify({ key: value }),
})

describe('known secrets in arguments', () => {
  it.each(Object.entries(spelled(secret)))('block the call: %s', (_, text) => {
    expect(() => called({ body: { list: [`before ${text} after`] } }, [secret])).toThrow('filters.blocked')
    expect(() => called({ [text]: 1 }, [secret])).toThrow('filters.blocked')
  })

  it('are never named in the refusal', () => {
    try {
      called({ [secret]: secret }, [secret])
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('hunter2')
      return
    }
    expect.unreachable()
  })

  it('block as a number too', () => {
    expect(() => called({ pin: 1234567890 }, ['1234567890'])).toThrow('filters.blocked')
  })

  it('do not block what only resembles them, nor values too short to tell', () => {
    expect(called({ a: 'hunter2/unicode', b: 'abc' }, [secret, 'abc'], 'x').changed).toBe(false)
  })

  it('are found wherever they stand', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 4 }), (before, after, value) => {
        expect(() => called({ text: before + value + after }, ['another', value])).toThrow('filters.blocked')
      }),
    )
  })

  it('follow the vault: a value added later blocks from then on', () => {
    const values: string[] = []
    const later = defaultFilters({ knownValues: () => values, paths: new Paths(thisPlatform('/home/ada')) })
    const call = { server: server(), entry: entry(), arguments: { text: 'correct horse' } }
    expect(later.call(call).changed).toBe(false)
    values.push('correct horse')
    expect(() => later.call(call)).toThrow('filters.blocked')
  })
})

describe('known secrets in answers', () => {
  it.each(Object.entries(spelled(secret)))('are removed: %s', (_, text) => {
    const { result, labels } = answered({ content: [{ type: 'text', text: `before ${text} after` }] }, [secret])
    const [content] = result.content as { text: string }[]
    expect(content?.text).toMatch(/^before .*after$/)
    expect(content?.text).toContain(redactedMark)
    expect(content?.text).not.toContain(text)
    expect(labels).toEqual(['secret-removed'])
  })

  it('are removed from structured content, its keys, resource blobs and errors', () => {
    const blob = Buffer.from(`token=${secret};`).toString('base64')
    const { result } = answered({ structuredContent: { [secret]: [secret] }, contents: [{ uri: 'x', blob }] }, [secret])
    expect(JSON.stringify(result)).not.toContain('hunter2')
    const [content] = result.contents as { blob: string }[]
    expect(Buffer.from(content?.blob ?? '', 'base64').toString()).toBe(`token=${redactedMark};`)
    const reply: Reply = { kind: 'error', error: { code: 1, message: `no ${secret}`, data: { secret } } }
    expect(JSON.stringify(filters([secret]).reply({ server: server(), entry: entry(), reply }))).not.toContain(
      'hunter2',
    )
  })

  it('leave an answer without any as it is, the very same object', () => {
    const reply: Reply = { kind: 'result', result: { content: [{ type: 'text', text: 'fine' }] } }
    expect(filters([secret]).reply({ server: server(), entry: entry(), reply }).reply).toBe(reply)
  })
})

describe('the size of an answer', () => {
  it('above the cap becomes a note that says so', () => {
    const reply: Reply = { kind: 'result', result: { content: [{ type: 'text', text: 'x'.repeat(2_000_000) }] } }
    const capped = filters([], 1_000_000).reply({ server: server(), entry: entry(), reply })
    expect(capped.labels).toEqual(['too-large'])
    expect(JSON.stringify(capped.reply)).toContain('1.9 MB, more than the 1.0 MB')
    expect(capped.reply).toMatchObject({ result: { isError: true } })
  })

  it('is refused for a resource, which has no place for a note', () => {
    const reply: Reply = { kind: 'result', result: { contents: [{ uri: 'x', text: 'x'.repeat(2_000_000) }] } }
    expect(() => filters([], 1_000_000).reply({ server: server(), entry: entry('resource'), reply })).toThrow(
      'filters.blocked',
    )
  })

  it('counts bytes: what is short in bytes passes however many characters could have been long', () => {
    const reply: Reply = { kind: 'result', result: { text: 'x'.repeat(900_000) } }
    expect(filters([], 1_000_000).reply({ server: server(), entry: entry(), reply }).reply).toBe(reply)
  })

  it('refuses an answer nested without end', () => {
    let deep: JsonObject = {}
    for (let index = 0; index < 5_000; index++) deep = { deep }
    expect(() => answered(deep)).toThrow('filters.blocked')
  })
})

describe('what a call names', () => {
  it('is known exactly for the bundled filesystem server', () => {
    const { paths } = called(
      { path: 'a.md', paths: ['/etc/passwd', 'b'], content: '/etc/shadow', source: '../x' },
      [],
      'filesystem',
    )
    expect(paths.map(({ pointer, allowedBy }) => [pointer, allowedBy !== undefined])).toEqual([
      ['/path', true],
      ['/paths/0', false],
      ['/paths/1', true],
      ['/source', false],
    ])
  })

  it('is found by look and by key for other servers, at any depth', () => {
    const { paths } = called({
      a: '/etc/passwd',
      options: { outputDir: 'out', 'x/y': '~/.ssh/id_rsa' },
      list: ['file:///etc/hosts', '../up', 'C:\\Windows', '\\\\server\\share'],
      text: 'the file /etc/passwd\nis a file',
    })
    expect(paths.map(({ pointer }) => pointer)).toEqual([
      '/a',
      '/options/outputDir',
      '/options/x~1y',
      '/list/0',
      '/list/1',
      '/list/2',
      '/list/3',
    ])
    expect(paths[1]?.real).toBe(join(root, 'notes/out'))
  })

  it('is no path when it is the path of a URL, a comment, a word or a text', () => {
    expect(
      called({
        endpoint: '/v1/users',
        path: '/v1/users',
        a: '// comment',
        b: 'word',
        c: '1/2',
        e: '~5 minutes',
        f: 'https://a/etc',
      }).paths,
    ).toEqual([])
  })

  it('includes URLs and command lines', () => {
    const { urls, commands } = called({
      text: 'see https://example.org/a?b=c and wss://x.y',
      command: 'rm -rf /',
      nested: { shellScript: 'echo', code: 'import os; os.remove(1)' },
      cmd: ['git', 'push'],
      countryCode: 'RO',
      code: 'RO',
    })
    expect(urls).toEqual(['https://example.org/a?b=c', 'wss://x.y'])
    expect(commands).toEqual(['rm -rf /', 'echo', 'import os; os.remove(1)', 'git push'])
  })

  it('may reach any host when there are more addresses than are looked at', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `https://good.example/${at}`)
    expect(called({ list: many(1_000), again: many(1_000) }).urls).not.toContain(unknownPlace)
    const { urls } = called({ list: [...many(1_000), 'https://evil.example'], more: many(1_100) })
    expect(urls.length).toBe(1_001)
    expect(urls.at(-1)).toBe(unknownPlace)
  })

  it('counts as outside when there are more paths than are looked up', () => {
    const { paths } = called({ paths: Array.from({ length: 1_500 }, () => 'a.md') }, [], 'filesystem')
    expect(paths.length).toBe(1_001)
    expect(paths.at(-1)?.allowedBy).toBeUndefined()
  })
})
