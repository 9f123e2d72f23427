import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Audit } from '../../main/audit/audit.ts'
import { categoryOf } from '../../main/audit/categories.ts'
import { csvCell } from '../../main/audit/export-entries.ts'
import { auditCategories } from '../../shared/domain/audit-categories.ts'
import { type AuditFixture, aCall, anAuditFolder, answer } from './audit-fixture.ts'

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
    expect(line).toContain('suser=me act\\=allow\\\\\\=')
  })
})
