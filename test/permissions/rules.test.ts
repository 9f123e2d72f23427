import { describe, expect, it } from 'vitest'
import { Roles } from '../../main/permissions/roles.ts'
import { simulate } from '../../main/permissions/simulate.ts'
import { ownRoleDraft } from '../../shared/contract/rules.ts'
import type { EntryName, EpochMs } from '../../shared/domain/ids.ts'
import { parsePermission } from '../../shared/domain/role.ts'
import { aCall, aServer, editor, theFilesystem } from './a-call.ts'
import { folders, somePermissions } from './some-permissions.ts'

const draft = (tool: string, more: object = {}) => ({ client: '*', tool, ...more })
const kinds = (rules: ReturnType<typeof somePermissions>['rules']) => rules.conflicts().map(({ kind }) => kind)

describe('rules that cannot do what they seem to', () => {
  it('for hours that never come are refused wherever one is made, with what to do instead', () => {
    const { rules, permissions } = somePermissions()
    const never = draft('notes__*', { conditions: { hours: { from: 540, to: 540 } } })
    const sentence = /From 09:00 to 09:00 is no time at all.*leave the hours out for the whole day/
    for (const effect of ['allow', 'ask', 'deny'] as const) {
      expect(() => rules[effect](never)).toThrow(
        expect.objectContaining({ params: { problem: expect.stringMatching(sentence) } }),
      )
      expect(() => rules.preview({ effect, draft: never })).toThrow(expect.objectContaining({ code: 'input.invalid' }))
    }
    expect(permissions.grants()).toEqual([])
    expect(rules.deny(draft('notes__*', { conditions: { hours: { from: 540, to: 541 } } })).sentence).toContain('09:00')
  })

  it('are named: what a stronger rule covers never decides', () => {
    const { rules } = somePermissions()
    const narrow = rules.allow(draft('notes__read_*', { client: 'Editor', path: '/home/ada/x' }))
    const wide = rules.deny(draft('notes__*'))
    expect(rules.conflicts()).toEqual([
      expect.objectContaining({
        id: narrow.id,
        kind: 'shadowed',
        other: wide.id,
        sentence: expect.stringContaining('never decides'),
      }),
    ])
    expect(wide.warnings.join()).toContain('never decides')
  })

  it('are not named where only a part is covered, but that the stronger decides there', () => {
    const { rules } = somePermissions()
    rules.allow(draft('notes__*'))
    rules.deny(draft('notes__read_*'))
    expect(kinds(rules)).toEqual(['overlap'])
  })

  it('an ask made before an allow is overtaken by it, and the other way round', () => {
    const before = somePermissions().rules
    before.ask(draft('notes__*'))
    before.allow(draft('notes__do_it'))
    expect(kinds(before)).toEqual(['overlap'])
    const after = somePermissions().rules
    after.allow(draft('notes__do_it'))
    after.ask(draft('notes__*'))
    expect(kinds(after)).toEqual(['shadowed'])
  })

  it('the same said twice is named once', () => {
    const { rules } = somePermissions()
    rules.deny(draft('notes__*'))
    rules.deny(draft('notes__do_it'))
    expect(kinds(rules)).toEqual(['redundant'])
    const twins = somePermissions().rules
    twins.deny(draft('notes__*'))
    twins.deny(draft('notes__*'))
    expect(kinds(twins)).toEqual(['redundant'])
  })

  it('a dated rule shadows nothing that lasts longer', () => {
    const { rules, clock } = somePermissions()
    rules.allow(draft('notes__do_it'))
    rules.deny(draft('notes__*', { until: (clock.at + 1000) as EpochMs }))
    expect(kinds(rules)).toEqual([])
  })

  it('what fits no app, no tool, no folder, no workspace or is used up is named', () => {
    const { rules, permissions } = somePermissions()
    rules.allow(draft('nothing__*', { client: 'Nobody', path: '/elsewhere', conditions: { workspace: 'void' } }))
    expect(kinds(rules)).toEqual(['no-client', 'no-tool', 'no-folder', 'no-workspace'])
    rules.revoke({ id: permissions.grants()[0]?.grant.id as never })
    rules.allow(draft('notes__do_it', { conditions: { budget: { calls: 1 } } }))
    const call = aCall()
    permissions.spend({ ...call, verdict: permissions.evaluate(call) })
    expect(kinds(rules)).toEqual(['used-up'])
  })

  it('are shown as Cedar and as a sentence before they are made', () => {
    const { rules, permissions } = somePermissions()
    const conditions = { hosts: ['*.example.com'], hours: { from: 540, to: 1020 }, weekdays: [1, 5] }
    const { sentence, cedar, warnings } = rules.preview({ effect: 'deny', draft: draft('notes__*', { conditions }) })
    expect(sentence).toBe(
      'Every app may not use notes__* where it names *.example.com between 09:00 and 17:00 on Monday or Friday.',
    )
    expect(cedar).toContain('Host::"*.example.com"')
    expect(cedar).toContain('context.minute >= 540')
    expect(warnings).toEqual([])
    expect(permissions.grants()).toEqual([])
  })
})

describe('an explanation', () => {
  const explain = (rules: ReturnType<typeof somePermissions>['rules'], tool = 'notes__do_it') =>
    rules.test({ client: 'Editor', tool: tool as EntryName, arguments: {} })

  it('names every rule that holds, the one that decides, and what would change it', () => {
    const { rules } = somePermissions()
    rules.allow(draft('notes__*'))
    const asked = rules.ask(draft('notes__do_it'))
    const explained = explain(rules)
    expect(explained.effect).toBe('ask')
    expect(explained.matched.map(({ effect, decided }) => [effect, decided])).toEqual([
      ['ask', true],
      ['allow', false],
      ['ask', false],
    ])
    expect(explained.rule).toBe(asked.sentence)
    expect(explained.change).toEqual([
      `Take back the rule “${asked.sentence}”.`,
      `Allow it by a rule made after “${asked.sentence}”.`,
    ])
  })

  it('of what no rule of the person is about says how it could be allowed', () => {
    const { rules } = somePermissions()
    const { effect, matched, change } = explain(rules)
    expect(effect).toBe('ask')
    expect(matched).toEqual([expect.objectContaining({ id: 'ask-otherwise', decided: true })])
    expect(change).toEqual([
      'Allow notes__do_it for Editor by a rule.',
      'Trust the server notes: then nothing of it asks.',
    ])
  })

  it('says the same as the decision, whatever the rules', () => {
    const { rules, permissions } = somePermissions()
    for (const effect of ['allow', 'ask', 'deny', 'allow', 'ask'] as const) {
      rules[effect](draft('notes__*'))
      const explained = explain(rules)
      const verdict = permissions.evaluate(aCall())
      expect(explained.effect).toBe(verdict.effect)
      expect(explained.rule).toBe(verdict.rule)
    }
  })
})

describe('a preset', () => {
  const inFolder = (tool: string) => aCall({ server: theFilesystem(), tool, real: ['/home/ada/notes/a.md'] })
  const trusted = aServer({ trusted: true })

  it('decides what holds where the person made no rule', () => {
    const { permissions } = somePermissions()
    const effects = () =>
      [inFolder('read_text_file'), inFolder('write_file'), inFolder('delete_file'), aCall({ server: trusted })].map(
        (call) => permissions.evaluate(call).effect,
      )
    expect(effects()).toEqual(['allow', 'ask', 'ask', 'allow'])
    permissions.setPreset('trusting')
    expect(effects()).toEqual(['allow', 'allow', 'ask', 'allow'])
    permissions.setPreset('careful')
    expect(effects()).toEqual(['allow', 'ask', 'ask', 'ask'])
    expect(permissions.evaluate(aCall({ server: trusted, annotations: { readOnlyHint: true } })).effect).toBe('allow')
  })

  it('never lets anything outside the folders happen', () => {
    const { permissions } = somePermissions()
    permissions.setPreset('trusting')
    const outside = aCall({ server: theFilesystem(), tool: 'write_file', real: ['/etc/passwd'] })
    expect(permissions.evaluate(outside).effect).toBe('deny')
  })

  it('that is wider is recorded as such, and survives a restart', () => {
    const { permissions, start } = somePermissions()
    const widened: boolean[] = []
    permissions.setPreset('trusting', (wider) => widened.push(wider))
    permissions.setPreset('careful', (wider) => widened.push(wider))
    expect(widened).toEqual([true, false])
    expect(start().preset).toBe('careful')
  })

  it('that was edited or deleted behind Gatehouse’s back becomes the narrowest', () => {
    for (const tamper of [
      "UPDATE permission_state SET value = 'trusting' WHERE name = 'preset'",
      "DELETE FROM permission_state WHERE name = 'preset'",
    ]) {
      const { permissions, db, start } = somePermissions()
      permissions.setPreset('careful')
      permissions.setPreset('balanced')
      permissions.setPreset('careful')
      db.prepare(tamper).run()
      expect(start().preset).toBe('careful')
    }
  })

  it('is described in one sentence an effect, with what it adds and takes away', () => {
    const { rules } = somePermissions()
    const [careful, balanced, trusting] = rules.presets()
    expect(balanced).toMatchObject({ current: true, wider: false, added: [], removed: [] })
    expect(trusting).toMatchObject({ wider: true, removed: [] })
    expect(trusting?.added).toContain('changes of files inside allowed folders, which can be undone')
    expect(careful?.removed).toContain('servers you trusted')
    expect(careful?.policies.every(({ cedar }) => /^(permit|forbid) \(/.test(cedar))).toBe(true)
  })
})

describe('a role', () => {
  it('denies what it does not hold, whatever was allowed', () => {
    const { permissions, rules } = somePermissions()
    const roles = new Roles(permissions)
    rules.allow(draft('*'))
    expect(permissions.evaluate(aCall()).effect).toBe('allow')
    roles.set({ client: 'Editor', role: 'reader' })
    expect(permissions.evaluate(aCall()).effect).toBe('deny')
    const server = aServer({ trusted: true })
    expect(permissions.evaluate(aCall({ server, annotations: { readOnlyHint: true } })).effect).toBe('allow')
    expect(permissions.evaluate(aCall({ client: { ...editor, name: 'Other' } })).effect).toBe('allow')
    expect(rules.test({ client: 'Editor', tool: 'notes__do_it' as EntryName, arguments: {} }).change).toEqual([
      'Give Editor a wider role.',
    ])
  })

  it('takes the place of the one before, and `full` takes it away', () => {
    const { permissions } = somePermissions()
    const roles = new Roles(permissions)
    roles.set({ client: 'Editor', role: 'none' })
    roles.set({ client: 'Editor', permissions: ['tool:notes__read_*:*', 'server:files:read'] })
    expect(roles.list()).toEqual([
      expect.objectContaining({ role: 'custom', permissions: ['tool:notes__read_*:*', 'server:files:read'] }),
    ])
    expect(permissions.evaluate(aCall({ tool: 'read_it' })).effect).toBe('ask')
    expect(permissions.evaluate(aCall({ tool: 'write_it' })).effect).toBe('deny')
    expect(roles.set({ client: 'Editor', role: 'full' })).toBeUndefined()
    expect(roles.list()).toEqual([])
    expect(permissions.evaluate(aCall({ tool: 'write_it' })).effect).toBe('ask')
  })

  it('of the person’s own holds what it inherits too, is kept while nobody has it, and changes for everybody who does', () => {
    const { permissions, start } = somePermissions()
    const roles = new Roles(permissions)
    const define = (name: string, held: string[], inherits?: string) =>
      roles.define({ name, permissions: held, ...(inherits ? { inherits } : {}) })
    define('notes', ['tool:notes__write_*:*'])
    expect(define('writer', ['server:mail:send'], 'notes').all).toEqual(['server:mail:send', 'tool:notes__write_*:*'])
    expect(new Roles(start()).defined()).toContainEqual(
      expect.objectContaining({ name: 'writer', inherits: 'notes', builtIn: false, holders: 0 }),
    )
    roles.set({ client: '*', workspace: editor.workspace, role: 'writer' })
    const can = (tool: string) => start().evaluate(aCall({ tool })).effect
    expect(can('write_it')).toBe('ask')
    expect(can('delete_it')).toBe('deny')
    define('notes', ['tool:notes__delete_*:*'])
    expect(can('write_it')).toBe('deny')
    expect(can('delete_it')).toBe('ask')
    define('notes', ['*'])
    expect(can('write_it')).toBe('ask')
    define('notes', [])
    expect(can('write_it')).toBe('deny') // it was not lost while it held everything
    expect(roles.list()).toEqual([
      expect.objectContaining({ role: 'writer', client: '*', permissions: ['server:mail:send'] }),
    ])
  })

  it('of the person’s own neither goes round in circles, nor is removed from under anybody, nor is named like another', () => {
    const roles = new Roles(somePermissions().permissions)
    const define = (name: string, inherits?: string) =>
      roles.define({ name, permissions: ['server:*:read'], ...(inherits ? { inherits } : {}) })
    const problem = (text: RegExp) => expect.objectContaining({ params: { problem: expect.stringMatching(text) } })
    expect(() => define('a', 'b')).toThrow(problem(/no role “b”/))
    define('a')
    define('b', 'a')
    define('c', 'b')
    expect(() => define('a', 'c')).toThrow(problem(/itself: a → c → b → a/))
    expect(() => define('a', 'a')).toThrow(problem(/itself: a → a/))
    expect(() => roles.remove('b')).toThrow(problem(/“c” inherits from “b”/))
    roles.set({ client: 'Editor', role: 'c' })
    expect(() => roles.remove('c')).toThrow(problem(/Editor has the role “c”/))
    roles.set({ client: 'Editor', role: 'full' })
    expect(roles.list()).toEqual([])
    expect([roles.remove('c'), roles.remove('c')]).toEqual([true, false])
    expect(() => roles.set({ client: 'Editor', role: 'c' })).toThrow(problem(/no role “c”/))
    for (const name of ['full', 'custom', 'A', '1a', 'a b', 'constructor '])
      expect(ownRoleDraft.safeParse({ name, permissions: [] }).success).toBe(false)
  })

  it('of the person’s own that was changed without the key is no role, and who had it keeps the rule', () => {
    const { db, permissions, start } = somePermissions()
    const roles = new Roles(permissions)
    roles.define({ name: 'a', permissions: ['server:*:read'] })
    roles.set({ client: 'Editor', role: 'a' })
    db.exec(`UPDATE permission_state SET value = '[{"name":"a","permissions":["*"]}]' WHERE name = 'roles'`)
    const again = new Roles(start())
    expect(again.defined().map(({ name }) => name)).not.toContain('a')
    expect(again.list()).toEqual([expect.objectContaining({ role: 'a', permissions: ['server:*:read'] })])
    expect(() => again.set({ client: 'Other', role: 'a' })).toThrow()
  })

  it('may be one of a whole workspace', () => {
    const { permissions } = somePermissions()
    new Roles(permissions).set({ client: '*', workspace: 'work' as typeof editor.workspace, role: 'none' })
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
    const inWork = { ...editor, workspace: 'work' as typeof editor.workspace }
    expect(permissions.evaluate(aCall({ client: inWork })).effect).toBe('deny')
  })

  it('leaves Gatehouse’s own tools, which speak only of what the client sees', () => {
    const { permissions } = somePermissions()
    new Roles(permissions).set({ client: '*', role: 'none' })
    const own = aServer({ name: 'gatehouse' as never })
    expect(permissions.evaluate(aCall({ server: own, tool: 'capabilities' })).effect).toBe('allow')
  })

  it('is written with wildcards as the sales specification has them', () => {
    expect(parsePermission('mcp:*')).toEqual({ kind: 'server', name: '*', action: '*' })
    expect(parsePermission('server:*:read')).toEqual({ kind: 'server', name: '*', action: 'read' })
    expect(parsePermission('server:*')).toEqual({ kind: 'server', name: '*', action: '*' })
    expect(parsePermission('tool:execute')).toEqual({ kind: 'tool', name: '*', action: 'execute' })
    for (const wrong of [
      '',
      'server',
      'server:',
      'server::read',
      'server:a:b:c',
      'server:a:fly',
      'role:x:read',
      'tool:x',
    ])
      expect([wrong, parsePermission(wrong)]).toEqual([wrong, undefined])
  })
})

describe('a simulation', () => {
  const at = Date.parse('2026-11-25T10:00:00') as EpochMs
  const calls = ['do_it', 'read_it', 'read_it'].map((tool) => ({ at, facts: aCall({ tool }) }))

  it('says what of the recorded calls would be judged otherwise, and changes nothing', () => {
    const { permissions, rules } = somePermissions()
    const wanted = { kind: 'add' as const, draft: rules.newRule('deny', draft('notes__read_*')) }
    const answer = simulate(permissions, wanted, calls, folders)
    expect(answer).toMatchObject({ calls: 3, changed: { allow: 0, ask: 0, deny: 2 } })
    expect(answer.examples).toEqual([
      { at, client: 'Editor', tool: 'notes__read_it', before: 'ask', after: 'deny' },
      { at, client: 'Editor', tool: 'notes__read_it', before: 'ask', after: 'deny' },
    ])
    expect(permissions.grants()).toEqual([])
    expect(permissions.evaluate(aCall({ tool: 'read_it' })).effect).toBe('ask')
  })

  it('judges each call at its own time of day', () => {
    const { permissions, rules } = somePermissions()
    const conditions = { hours: { from: 9 * 60, to: 11 * 60 } }
    const wanted = { kind: 'add' as const, draft: rules.newRule('deny', draft('*', { conditions })) }
    const evening = { at: Date.parse('2026-11-25T20:00:00') as EpochMs, facts: aCall() }
    expect(simulate(permissions, wanted, [...calls, evening], folders).changed.deny).toBe(3)
  })

  it('of a rule taken back or another preset says what would change too', () => {
    const { permissions, rules } = somePermissions()
    const made = rules.allow(draft('notes__do_it'))
    const revoked = simulate(permissions, { kind: 'revoke', id: made.id }, calls, folders)
    expect(revoked.changed).toEqual({ allow: 0, ask: 1, deny: 0 })
    const write = { at, facts: aCall({ server: theFilesystem(), tool: 'write_file', real: ['/home/ada/notes/a'] }) }
    const wider = simulate(permissions, { kind: 'preset', preset: 'trusting' }, [write], folders)
    expect(wider.changed).toEqual({ allow: 1, ask: 0, deny: 0 })
  })
})
