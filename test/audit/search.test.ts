import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Audit } from '../../main/audit/audit.ts'
import { categoryOf } from '../../main/audit/categories.ts'
import { markOf } from '../../main/audit/entry-words.ts'
import { csvCell } from '../../main/audit/export-entries.ts'
import { openDatabase } from '../../main/store/database.ts'
import { auditCategories } from '../../shared/domain/audit-categories.ts'
import { type AuditFixture, aCall, anAuditFolder, answer } from './audit-fixture.ts'

const anEntry = (seq: number) => ({
  version: 1 as const,
  seq,
  time: seq,
  prev: '',
  action: 'note',
  severity: 'info' as const,
  client: seq % 2 === 0 ? 'A' : 'B',
  summary: seq % 2 === 0 ? 'even' : 'odd',
})

let place: AuditFixture
let audit: Audit
let now = 1_000_000
beforeEach(async () => {
  place = anAuditFolder()
  now = 1_000_000
  audit = await place.open({ now: () => now++ })
  await audit.recorded(aCall({ client: 'Editor', server: 'files' as never, decision: 'allow' }), async () => answer)
  audit.append({
    action: 'permission.deny',
    severity: 'notice',
    summary: 'Editor may not use files__delete',
    client: 'Editor',
  })
  audit.append({ action: 'integrity.fault', severity: 'critical', summary: 'The database was changed' })
  audit.append({ action: 'client.pair', severity: 'warning', summary: '“Șoricel” was paired', client: 'Șoricel' })
})
afterEach(async () => {
  vi.useRealTimers()
  await audit.stop()
  place.remove()
})
const found = (filter: object) => audit.list({ limit: 10, ...filter }).entries.map(({ seq }) => seq)

describe('the audit log', () => {
  it('finds by kind, weight, action, time and words, also together', () => {
    expect(found({ category: 'tool_execution' })).toEqual([1])
    expect(found({ category: 'security' })).toEqual([3])
    expect(found({ severity: 'critical' })).toEqual([3])
    expect(found({ severity: 'info' })).toEqual([1])
    expect(found({ action: 'client.pair' })).toEqual([4])
    expect(found({ client: 'Editor' })).toEqual([2, 1])
    expect(found({ text: 'edit' })).toEqual([2, 1])
    expect(found({ text: 'soricel' })).toEqual([4])
    expect(found({ text: 'editor', category: 'authorization' })).toEqual([2])
    expect(found({ text: 'editor', server: 'files' })).toEqual([1])
    expect(found({ text: 'nowhere' })).toEqual([])
    const times = audit.list({ limit: 10 }).entries.map(({ time }) => time)
    expect(found({ since: times[1] })).toEqual([4, 3])
    expect(found({ until: times[1] })).toEqual([2, 1])
  })

  it('means nothing by the operators of full text, and finds nothing by a text without words', () => {
    for (const text of ['" OR 1', 'NEAR(', 'client:', '*', ') --', '-editor', '^', '\u202E'])
      expect(() => audit.list({ limit: 10, text })).not.toThrow()
  })

  it('takes nothing that an entry says for a field of it', async () => {
    const mark = markOf('client', 'Editor')
    audit.append({
      action: 'client.pair',
      severity: 'notice',
      summary: `${mark} client:Editor marks : "${mark}" \uE000\uE000\uE000`,
      client: mark,
    })
    audit.append({ action: 'client.pair', severity: 'notice', summary: 'Editor', client: 'editor' })
    expect(found({ client: 'Editor', text: 'editor' })).toEqual([2, 1])
    expect(found({ client: 'Editor', severity: 'notice' })).toEqual([2])
    expect(found({ client: mark, severity: 'notice' })).toEqual([5])
    expect(found({ client: 'editor', severity: 'notice' })).toEqual([6])
    expect(found({ text: mark })).toEqual([5]) // its letters are a word like any other
    expect(found({ text: '\uE000' })).toEqual([6, 5, 4, 3, 2, 1]) // no word at all
  })

  it('finds by any beginning of a word, however many words begin so, and by filters together', async () => {
    for (let i = 0; i < 60; i++)
      audit.append({
        action: 'note',
        severity: 'info',
        summary: `number${i}x straße ΟΔΟΣ 漢字${i}`,
        client: `App ${i % 2}`,
      })
    const ofApp = { limit: 100, client: 'App 1', severity: 'info' as const }
    for (const text of ['n', 'nu', 'num', 'numb', 'number', 'STRASSE', 'straße', 'οδος', '漢字'])
      expect(found({ limit: 100, text, action: 'note' })).toHaveLength(60)
    expect(found({ text: 'number7' })).toEqual([12])
    expect(found({ text: 'number numb 漢字59' })).toEqual([64])
    expect(found(ofApp)).toHaveLength(30)
    expect(found({ ...ofApp, text: 'numb' })).toHaveLength(30)
    expect(found({ ...ofApp, text: 'numb', workspace: 'default' })).toHaveLength(0)
    expect(audit.facets({ ...ofApp, text: 'numb' }).facets.client).toEqual([{ value: 'App 1', count: 30 }])
  })

  it('is searched by any text whatever without an error, and finds an entry by its own words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const seq = audit.append({ action: 'note', severity: 'info', summary: text })
        expect(() => audit.facets({ limit: 1, text, client: text, session: text })).not.toThrow()
        expect(found({ limit: 1, text })).toEqual([seq])
      }),
      { numRuns: 100 },
    )
    const long = 'Ж'.repeat(200)
    for (const text of [
      long,
      `${long}${long}`,
      '😀'.repeat(90),
      'a '.repeat(100),
      `"${'*'.repeat(150)}`,
      '\0',
      '\ud800',
    ])
      expect(() => audit.list({ limit: 1, text })).not.toThrow()
  })

  it('answers for the newest entries while the full text is made anew, and says how many it has not looked at', async () => {
    const { AuditIndex } = await import('../../main/audit/audit-index.ts')
    const db = openDatabase(':memory:')
    const index = new AuditIndex(db, (problem) => expect(problem).toBe(''))
    for (let seq = 1; seq <= 3000; seq++)
      index.add({ entry: anEntry(seq), hash: '', segment: 1, position: seq, size: 1 })
    const first = index.list({ limit: 1, text: 'even' })
    expect(first).toMatchObject({ entries: [{ seq: 3000 }], total: 1000, missing: 1000 })
    expect(index.list({ limit: 1, client: 'A', severity: 'info' })).toMatchObject({ total: 1500 })
    index.add({ entry: anEntry(3002), hash: '', segment: 1, position: 3002, size: 1 })
    expect(index.list({ limit: 1, text: 'even' })).toMatchObject({ entries: [{ seq: 3002 }], total: 1501 })
    expect(index.facets({ limit: 1, text: 'even' }).missing).toBeUndefined()
    index.stop()
    db.close()
  })

  it('has every entry in the full text soon also where the log is never quiet, but after calls that come by the hundred', async () => {
    const { AuditIndex } = await import('../../main/audit/audit-index.ts')
    vi.useFakeTimers()
    const db = openDatabase(':memory:')
    const index = new AuditIndex(db, (problem) => expect(problem).toBe(''))
    const add = (seq: number) => index.add({ entry: anEntry(seq), hash: '', segment: 1, position: seq, size: 1 })
    const held = () => db.prepare('SELECT count(*) FROM audit_text_docsize').pluck().get()
    for (let seq = 1; seq <= 3000; seq++) add(seq)
    let seq = 3000
    for (let n = 0; n < 12; n++) {
      for (let more = 0; more < 150; more++) add(++seq)
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(held()).toBe(0)
    for (let n = 0; n < 80; n++) {
      for (let more = 0; more < 150; more++) add(++seq)
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(held()).toBeGreaterThan(4000) // it waits for half a minute at most
    for (let n = 0; n < 40; n++) {
      add(++seq)
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(held()).toBeGreaterThan(seq - 10)
    add(++seq)
    const asked = { limit: 1, client: seq % 2 === 0 ? 'A' : 'B', severity: 'info' as const }
    expect(index.list(asked).entries).toMatchObject([{ seq }])
    expect(held()).toBe(seq) // filters together are asked of the full text
    index.stop()
    db.close()
  })

  it('counts what there is of each kind: of everything, and of what a filter finds', () => {
    expect(audit.facets({ limit: 1 })).toMatchObject({
      exact: true,
      facets: {
        client: [
          { value: 'Editor', count: 2 },
          { value: 'Șoricel', count: 1 },
        ],
        severity: expect.arrayContaining([{ value: 'critical', count: 1 }]),
      },
    })
    expect(audit.facets({ limit: 1, client: 'Editor' }).facets.category).toEqual([
      { value: 'authorization', count: 1 },
      { value: 'tool_execution', count: 1 },
    ])
  })

  it('keeps its counts when the index is made anew from the journal', async () => {
    const before = audit.facets({ limit: 1 })
    await audit.stop()
    place.database().exec('DELETE FROM audit_entry; DELETE FROM audit_facet')
    audit = await place.open()
    expect(audit.facets({ limit: 1 })).toEqual(before)
  })

  it('files every action under one of the ten kinds', () => {
    for (const action of [
      'tools/call',
      'resources/read',
      'permission.allow',
      'server.host-refused',
      'audit.fault',
      'audit.show',
      'made-up',
    ])
      expect(auditCategories).toContain(categoryOf(action))
    expect(categoryOf('server.host-refused')).toBe('security')
    expect(categoryOf('audit.fault')).toBe('security')
    expect(categoryOf('backup.restore')).toBe('compliance')
  })
})

describe('log injection', () => {
  const names = [
    'a\nb',
    '\u001b[31mred',
    '\u202Egnp.exe',
    '\u2066x',
    'a\r\n0 fake',
    '\u0000',
    'a\u2028b',
    '\u{E0041}tag',
  ]

  it.each(names)('leaves no control or direction character of %j in an entry or an export', async (name) => {
    await audit.recorded(aCall({ client: name }, { target: `x__${name}` }), async () => answer)
    audit.append({ action: 'client.pair', severity: 'notice', summary: `“${name}” was paired` })
    const forbidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
    const [paired, called] = audit.list({ limit: 2 }).entries
    expect(`${paired?.summary}${called?.summary}${called?.client}${called?.tool}`).not.toMatch(forbidden)
    for (const format of ['csv', 'cef', 'jsonl'] as const) {
      const { text } = await audit.exportPiece(format)
      const lines = text.trimEnd().split('\n')
      expect(lines).toHaveLength(format === 'cef' ? 6 : 7) // one a entry, and a head line
      for (const line of lines) expect(line).not.toMatch(forbidden)
    }
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '|calc', '%0A=1', '＝1+1', '＠x'])(
    'writes %j into a csv cell that no spreadsheet runs',
    (text) => {
      expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/)
    },
  )

  it('lets no value of a cef line begin another value or another line', async () => {
    audit.append({
      action: 'x|y',
      severity: 'notice',
      summary: 'a|b\\',
      client: 'me act=allow\\=',
      server: 's' as never,
    })
    const line = (await audit.exportPiece('cef')).text.trimEnd().split('\n').at(-1) as string
    expect(line).toContain('|x\\|y|a\\|b\\\\|4|')
    expect(line).not.toContain('cs1')
    expect(line).toContain('suser=me act\\=allow\\\\\\=')
  })

  it('names the workspace in csv and cef, as a cell that runs nothing and a value that begins no other', async () => {
    audit.append({ action: 'x', severity: 'notice', summary: 'y', workspace: 'work' })
    audit.append({ action: 'x', severity: 'notice', summary: 'z', workspace: '=1+1 act=allow' })
    const last = async (format: 'csv' | 'cef') => (await audit.exportPiece(format)).text.trimEnd().split('\n').slice(-2)
    const [header] = (await audit.exportPiece('csv')).text.split('\n')
    expect(header?.split(',').at(-1)).toBe('workspace')
    const [plainCell, formula] = await last('csv')
    expect(plainCell?.split(',').at(-1)).toBe('work')
    expect(formula?.split(',').at(-1)).toBe(`"'=1+1 act=allow"`)
    const [named, forged] = await last('cef')
    expect(named).toMatch(/ cs1Label=workspace cs1=work$/)
    expect(forged).toMatch(/ cs1Label=workspace cs1=\\=1\+1 act\\=allow$/)
  })
})
