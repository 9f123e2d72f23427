import { describe, expect, it } from 'vitest'
import { reasonsOf, sayIn, scopesOf, shownName, titleOf } from '../../main/approvals/question-text.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { RiskReason } from '../../shared/domain/verdict.ts'
import { aCall, anEntry, aServer } from './a-desk.ts'

const say = sayIn(() => 'en')
const tool = (ownName: string, args: JsonObject = { path: 'notes.md' }) => aCall(args, { entry: anEntry({ ownName }) })
const foreign = aServer({ name: 'github' as never, origin: { kind: 'command', command: 'gh', args: [] } })

describe('a title', () => {
  it.each([
    ['write_file', 'Editor wants to write notes.md'],
    ['edit_file', 'Editor wants to change notes.md'],
    ['delete_file', 'Editor wants to delete notes.md'],
    ['create_directory', 'Editor wants to create the folder notes.md'],
  ])('of %s is a plain verb', (name, title) => {
    expect(titleOf(tool(name), say)).toBe(title)
  })

  it('names both files of a move', () => {
    const call = tool('move_file')
    const paths = ['/source', '/destination'].map((pointer, n) => ({ pointer, given: '', real: `/docs/${'ab'[n]}.md` }))
    expect(titleOf({ ...call, paths }, say)).toBe('Editor wants to move a.md to b.md')
  })

  it('believes no other server’s names', () => {
    const call = aCall({ path: 'x' }, { server: foreign, entry: anEntry({ ownName: 'write_file' }) })
    expect(titleOf(call, say)).toBe('Editor wants to use write_file (github) on x')
    expect(titleOf({ ...call, paths: [] }, say)).toBe('Editor wants to use write_file (github)')
    expect(titleOf({ ...call, commands: ['rm -rf /'] }, say)).toBe(
      'Editor wants to run a command with write_file (github)',
    )
  })

  it('is the file the call would really touch, not the name it gave', () => {
    expect(titleOf(aCall({ path: 'innocent.md' }, { real: '/docs/payroll.xlsx' }), say)).toContain('payroll.xlsx')
  })

  it('is Romanian for a Romanian', () => {
    expect(
      titleOf(
        tool('write_file'),
        sayIn(() => 'ro'),
      ),
    ).toBe('Editor vrea să scrie notes.md')
  })

  it('shows what is invisible and cuts what is long', () => {
    expect(shownName('safe\u202Efdp.exe')).toBe('safe\u{FFFD}fdp.exe')
    expect(shownName('a\u200Bb\nc')).toBe('a\u{FFFD}b\u{FFFD}c')
    expect(shownName('x'.repeat(5000)).length).toBeLessThanOrEqual(120)
  })

  it('is not filled from inside a name', () => {
    expect(titleOf(aCall({ path: '{client}' }), say)).toBe('Editor wants to write {client}')
  })
})

describe('reasons and scopes', () => {
  it('are what is risky; where nothing is known of that, what it does and where it runs', () => {
    const because = (risks: RiskReason[]) =>
      reasonsOf(aCall(undefined, { server: aServer({ sandbox: 0 }), verdict: { risks, action: 'run' } }), say)
    expect(because([{ kind: 'untrusted' }])).toEqual(['This server has not been trusted.'])
    expect(because([])).toEqual(['It runs a program.', 'filesystem runs without a sandbox.'])
  })

  it('spell out what allowing a whole tool means where it is dangerous', () => {
    const consequence = (action: 'run' | 'unknown' | 'write', server = aServer()) =>
      scopesOf(aCall(undefined, { server, verdict: { action } }), say).find(({ scope }) => scope === 'tool')
        ?.consequence
    expect(consequence('run')).toContain('any command')
    expect(consequence('unknown')).toContain('whatever it turns out to do')
    expect(consequence('write', aServer({ sandbox: 0 }))).toContain('all your files')
    expect(consequence('write')).not.toContain('all your files')
  })
})
