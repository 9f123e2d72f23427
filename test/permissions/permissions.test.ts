import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { GrantBounds } from '../../main/permissions/grant.ts'
import { GrantStore } from '../../main/permissions/grant-store.ts'
import type { RememberedAnswer } from '../../main/permissions/remembered-grant.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { bindingHash, cellHash } from '../../shared/domain/binding.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { EntryName, EpochMs, ServerName, Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aCall, aServer, aSession, editor, theFilesystem } from './a-call.ts'
import { somePermissions } from './some-permissions.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex') as Sha256
const draft = (tool: string, more: { client?: string; path?: string; until?: EpochMs } = {}) => ({
  client: '*',
  tool,
  ...more,
})
const remembering = (call: CallFacts, scope: RememberedAnswer['scope']): [string, RememberedAnswer] => [
  call.client.name,
  {
    scope,
    clientId: call.client.id,
    sessionId: call.session.id,
    server: call.server.name,
    workspace: call.client.workspace,
    entry: call.entry.name,
    pin: call.entry.pin,
    cell: cellHash(call.server, sha256),
    binding: bindingHash(call, sha256),
    by: 'window',
  },
]

describe('the default rules', () => {
  const { permissions } = somePermissions()
  const effect = (call: CallFacts) => permissions.evaluate(call).effect

  it('allow reads of the filesystem server inside allowed folders', () => {
    const call = aCall({ server: theFilesystem(), tool: 'read_text_file', real: ['/home/ada/books/one.md'] })
    expect(permissions.evaluate(call)).toMatchObject({
      effect: 'allow',
      action: 'read',
      risk: 'low',
      rule: 'reads inside allowed folders',
    })
  })

  it('ask before writes, deletes and unknown tools of the filesystem server', () => {
    for (const tool of [
      'write_file',
      'edit_file',
      'move_file',
      'create_directory',
      'delete_file',
      'undo',
      'not_in_the_table',
    ])
      expect([tool, effect(aCall({ server: theFilesystem(), tool, real: ['/home/ada/notes/a.md'] }))]).toEqual([
        tool,
        'ask',
      ])
  })

  it('recall from the memory unasked, and ask before it is written to, but where the person trusts what can be undone', () => {
    const server = aServer({ origin: { kind: 'bundled', bundle: 'memory' }, sandbox: 3 })
    const remembering = (tool: string, preset?: 'trusting') => {
      const { permissions } = somePermissions()
      if (preset) permissions.setPreset(preset)
      return permissions.evaluate(aCall({ server, tool, real: ['/a/path/in/a/text'] })).effect
    }
    for (const tool of ['read_graph', 'search_nodes', 'open_nodes', 'query_concepts'])
      expect([tool, remembering(tool)]).toEqual([tool, 'allow'])
    for (const tool of ['create_entities', 'add_concept', 'delete_entities', 'forget', 'not_in_the_table'])
      expect([tool, remembering(tool)]).toEqual([tool, 'ask'])
    expect(remembering('add_concept', 'trusting')).toBe('allow')
    expect(remembering('forget', 'trusting')).toBe('ask')
  })

  it('allow a dry run of edit_file, which changes nothing', () => {
    const call = aCall({
      server: theFilesystem(),
      tool: 'edit_file',
      arguments: { dryRun: true },
      real: ['/home/ada/notes/a.md'],
    })
    expect(effect(call)).toBe('allow')
  })

  it('deny what lies outside the allowed folders, for reads, writes and trusted servers alike', () => {
    expect(effect(aCall({ server: theFilesystem(), tool: 'read_text_file', real: ['/etc/passwd'] }))).toBe('deny')
    expect(
      effect(aCall({ server: theFilesystem({ trusted: true }), tool: 'write_file', real: ['/home/ada/notesX'] })),
    ).toBe('deny')
    expect(
      effect(
        aCall({ server: theFilesystem(), tool: 'read_multiple_files', real: ['/home/ada/notes/a', '/etc/passwd'] }),
      ),
    ).toBe('deny')
  })

  it('deny every path when the filesystem server has no folder at all', () => {
    expect(
      effect(aCall({ server: theFilesystem({ allowedPaths: [] }), tool: 'read_text_file', real: ['/home/ada/a'] })),
    ).toBe('deny')
  })

  it('deny a change in a folder that may only be read', () => {
    const call = aCall({ server: theFilesystem(), tool: 'delete_file', real: ['/home/ada/books/one.md'] })
    expect(permissions.evaluate(call)).toMatchObject({
      effect: 'deny',
      rule: 'no changes in folders that may only be read',
    })
  })

  it('ask, and do not deny, when a server without folders is given something that looks like a path', () => {
    expect(effect(aCall({ real: ['/v1/users'] }))).toBe('ask')
  })

  it('ask for every tool of a server nobody trusted, whatever its hints say', () => {
    const verdict = permissions.evaluate(aCall({ annotations: { readOnlyHint: true, destructiveHint: false } }))
    expect(verdict).toMatchObject({ effect: 'ask', action: 'unknown' })
    expect(verdict.reasons).toContain('untrusted')
  })

  it('allow tools of a trusted server', () => {
    expect(effect(aCall({ server: aServer({ trusted: true }), annotations: { destructiveHint: true } }))).toBe('allow')
  })

  it('allow accepted resources and prompts of a confined server, ask for those of an unconfined one', () => {
    const resource = { ...aCall().entry, kind: 'resource' as const }
    expect(effect(aCall({ entry: resource, method: 'resources/read' }))).toBe('allow')
    expect(effect(aCall({ server: aServer({ sandbox: 0 }), entry: resource, method: 'resources/read' }))).toBe('ask')
  })

  it('ask for an address that merely fits a template', () => {
    const entry = { ...aCall().entry, kind: 'resource-template' as const }
    expect(effect(aCall({ entry, method: 'resources/read' }))).toBe('ask')
    expect(effect(aCall({ entry, method: 'completion/complete' }))).toBe('allow')
  })

  it('allow Gatehouse’s own tools', () => {
    expect(effect(aCall({ server: aServer({ name: 'gatehouse' as ServerName }), tool: 'explain_refusal' }))).toBe(
      'allow',
    )
  })
})

describe('the order of rules', () => {
  it('puts a rule that denies above everything', () => {
    const { permissions, rules } = somePermissions()
    const call = aCall({ server: aServer({ trusted: true }) })
    rules.deny(draft('notes__*'))
    rules.allow(draft('notes__do_it'))
    permissions.remember(...remembering(call, 'tool'))
    expect(permissions.evaluate(call)).toMatchObject({ effect: 'deny', rule: 'Every app may not use notes__*.' })
  })

  it('lets no grant reach outside the allowed folders', () => {
    const { permissions, rules } = somePermissions()
    const call = aCall({ server: theFilesystem(), tool: 'read_text_file', real: ['/etc/passwd'] })
    rules.allow(draft('*'))
    permissions.remember(...remembering(call, 'arguments'))
    expect(permissions.evaluate(call).effect).toBe('deny')
  })

  it('lets a rule that asks beat what was allowed before it, and give way to what is allowed after it', () => {
    const { permissions, rules } = somePermissions()
    const call = aCall()
    rules.allow(draft('notes__*'))
    expect(permissions.evaluate(call).effect).toBe('allow')
    rules.ask(draft('notes__do_it'))
    expect(permissions.evaluate(call).effect).toBe('ask')
    permissions.remember(...remembering(call, 'tool'))
    expect(permissions.evaluate(call).effect).toBe('allow')
  })

  it('lets values that were allowed pass as they are written, and nothing that reaches further beside them', () => {
    const { permissions } = somePermissions()
    const call = (args: JsonObject, change: Partial<CallFacts> = {}) => ({ ...aCall({ arguments: args }), ...change })
    const [client, answer] = remembering(call({ repo: 'ada/site', n: 1 }), 'values')
    permissions.remember(client, { ...answer, values: { '/repo': 'ada/site' } })
    const effectOf = (args: JsonObject, change = {}) => permissions.evaluate(call(args, change)).effect
    expect(effectOf({ repo: 'ada/site', n: 2, title: 'x' })).toBe('allow')
    for (const repo of [
      'ada/site ',
      'ADA/site',
      'ada/site*',
      'ada\u2215site',
      'ada/site\u200b',
      'x/ada/site',
      ['ada/site'],
      { '/repo': 'ada/site' },
    ])
      expect([repo, effectOf({ repo, n: 2 })]).toEqual([repo, 'ask'])
    expect(effectOf({ '/repo': 'ada/site' })).toBe('ask')
    const further = [
      { urls: ['https://evil.example'] },
      { commands: ['rm -rf'] },
      { labels: ['secret'] },
      { extra: { requestState: 'x' } },
    ]
    for (const change of further) expect(effectOf({ repo: 'ada/site' }, change)).toBe('ask')
    const { entry } = aCall()
    expect(effectOf({ repo: 'ada/site' }, { entry: { ...entry, pin: 'b'.repeat(64) as Sha256 } })).toBe('ask')
  })

  it('lets a rule that asks beat trust', () => {
    const { permissions, rules } = somePermissions()
    rules.ask(draft('notes__*'))
    expect(permissions.evaluate(aCall({ server: aServer({ trusted: true }) })).effect).toBe('ask')
  })

  it('applies a rule to its own client only', () => {
    const { permissions, rules } = somePermissions()
    rules.allow(draft('notes__*', { client: 'Editor' }))
    expect(permissions.evaluate(aCall()).effect).toBe('allow')
    expect(permissions.evaluate(aCall({ client: { ...editor, name: 'Other' } })).effect).toBe('ask')
  })

  it('denies by a pattern that spans servers, and by one for a resource address', () => {
    const { permissions, rules } = somePermissions()
    rules.deny(draft('*__do_it'))
    rules.deny(draft('file:///a__b/*'))
    expect(permissions.evaluate(aCall()).effect).toBe('deny')
    const entry = { ...aCall().entry, kind: 'resource' as const, name: 'file:///a__b/c' as CallFacts['entry']['name'] }
    expect(permissions.evaluate(aCall({ entry, method: 'resources/read' })).effect).toBe('deny')
  })

  it('needs every path inside the folder of a rule that allows, and one inside that of a rule that denies', () => {
    const { permissions, rules } = somePermissions()
    const server = theFilesystem()
    const writing = (...real: string[]) => permissions.evaluate(aCall({ server, tool: 'move_file', real })).effect
    rules.allow(draft('filesystem__*', { path: '/home/ada/notes/open' }))
    expect(writing('/home/ada/notes/open/a', '/home/ada/notes/open/b')).toBe('allow')
    expect(writing('/home/ada/notes/open/a', '/home/ada/notes/b')).toBe('ask')
    rules.deny(draft('filesystem__*', { path: '/home/ada/notes/open/locked' }))
    expect(writing('/home/ada/notes/open/a', '/home/ada/notes/open/locked/b')).toBe('deny')
    expect(writing('/home/ada/notes/open/a', '/home/ada/notes/open/b')).toBe('allow')
  })

  it('puts a revoked rule back as it was: its id, its place, what was used', () => {
    const { permissions, rules } = somePermissions()
    const { id } = rules.allow({ ...draft('notes__do_it'), conditions: { budget: { calls: 3 } } })
    rules.deny(draft('other__*'))
    const call = aCall()
    permissions.spend({ ...call, verdict: permissions.evaluate(call), canonical: '{}' } as never)
    const before = [permissions.grants(), permissions.used(id)]
    rules.revoke({ id })
    expect(permissions.evaluate(call).effect).toBe('ask')
    expect(rules.putBack({ id }, () => {}).sentence).toContain('notes__do_it')
    expect([permissions.grants().toSorted((a, b) => a.grant.seq - b.grant.seq), permissions.used(id)]).toEqual(before)
    expect(permissions.evaluate(call).effect).toBe('allow')
    expect(() => rules.putBack({ id }, () => {})).toThrow(expect.objectContaining({ code: 'input.invalid' }))
  })

  it('puts nothing back that was for an app that is gone, or that nobody took back', () => {
    const { permissions, rules } = somePermissions()
    const { id } = rules.allow(draft('notes__do_it', { client: 'Editor' }))
    rules.revoke({ id })
    permissions.endClient(editor.id, 'Editor')
    expect(() => rules.putBack({ id }, () => {})).toThrow(expect.objectContaining({ code: 'input.invalid' }))
    expect(() => rules.putBack({ id: 'gr_other' as never }, () => {})).toThrow()
    expect(permissions.grants()).toEqual([])
  })

  it('takes a revoked rule back at once', () => {
    const { permissions, rules } = somePermissions()
    const { id } = rules.allow(draft('notes__*'))
    expect(permissions.evaluate(aCall()).effect).toBe('allow')
    expect(rules.revoke({ id })).toEqual({ revoked: true })
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
    expect(rules.revoke({ id })).toEqual({ revoked: false })
  })

  it('treats names as names: Cedar in a client or tool pattern stays a pattern', () => {
    const { permissions, rules } = somePermissions()
    rules.deny(draft('x" || true || "*', { client: '") permit(principal,action,resource);//' }))
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
  })
})

describe('a resource under the name a later claimant’s has', () => {
  const uri = 'file:///secret/plan.md'
  const aliased = (
    method: CallFacts['method'] = 'resources/read',
    kind: 'resource' | 'resource-template' = 'resource',
  ) =>
    aCall({
      method,
      entry: { ...aCall().entry, kind, ownName: uri, name: `gatehouse-resource://notes/${uri}` as EntryName },
    })

  it('is judged by its own address too, by rules that deny and rules that ask', () => {
    const { permissions, rules } = somePermissions()
    expect(permissions.evaluate(aliased()).effect).toBe('allow')
    rules.ask(draft('file:///*'))
    expect(permissions.evaluate(aliased())).toMatchObject({
      effect: 'ask',
      rule: 'Every app must ask before using file:///*.',
    })
    rules.deny(draft('file:///secret/*'))
    expect(permissions.evaluate(aliased())).toMatchObject({
      effect: 'deny',
      rule: 'Every app may not use file:///secret/*.',
    })
    expect(permissions.evaluate(aliased('resources/read', 'resource-template')).effect).toBe('deny')
  })

  it('is not allowed by what was allowed for the address as somebody else’s', () => {
    const { permissions, rules } = somePermissions()
    rules.allow(draft('file:///*'))
    expect(permissions.evaluate(aliased('resources/read', 'resource-template')).effect).toBe('ask')
  })

  it('has no bearing on tools, whose own name says nothing of their server', () => {
    const { permissions, rules } = somePermissions()
    rules.deny(draft('do_it'))
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
  })
})

describe('remembered answers', () => {
  it('for a tool hold for other arguments, but not after its pin or its server changed', () => {
    const { permissions } = somePermissions()
    permissions.remember(...remembering(aCall({ arguments: { a: 1 } }), 'tool'))
    expect(permissions.evaluate(aCall({ arguments: { a: 2 } })).effect).toBe('allow')
    expect(permissions.evaluate(aCall({ pin: 'p2' })).effect).toBe('ask')
    expect(permissions.evaluate(aCall({ server: aServer({ sandbox: 1 }) })).effect).toBe('ask')
    const origin = { kind: 'command', command: 'notes-server', args: ['--evil'] } as const
    expect(permissions.evaluate(aCall({ server: aServer({ origin }) })).effect).toBe('ask')
    expect(permissions.evaluate(aCall({ server: aServer({ env: { NODE_OPTIONS: '-r x' } }) })).effect).toBe('ask')
  })

  it('for arguments hold for exactly these', () => {
    const { permissions } = somePermissions()
    permissions.remember(...remembering(aCall({ arguments: { a: 1, b: 2 } }), 'arguments'))
    expect(permissions.evaluate(aCall({ arguments: { b: 2, a: 1 } })).effect).toBe('allow')
    expect(permissions.evaluate(aCall({ arguments: { a: 1, b: 3 } })).effect).toBe('ask')
  })

  it('for a session end with it', () => {
    const { permissions } = somePermissions()
    permissions.remember(...remembering(aCall(), 'session'))
    expect(permissions.evaluate(aCall()).effect).toBe('allow')
    expect(permissions.evaluate(aCall({ session: aSession('se_2') })).effect).toBe('ask')
    permissions.endSession(aSession().id)
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
  })

  it('end with the client they were given to, and its restrictions stay', () => {
    const { permissions } = somePermissions()
    permissions.remember(...remembering(aCall(), 'tool'))
    const rule = { scope: 'rule', client: editor.name, origin: 'person' } as const
    permissions.add({ ...rule, effect: 'allow', tool: '*' })
    permissions.add({ ...rule, effect: 'allow', tool: '*', client: '*' })
    permissions.add({ ...rule, effect: 'deny', tool: 'mail__*' })
    permissions.endClient(editor.id, editor.name)
    expect(permissions.grants().map(({ grant }) => `${grant.effect} ${grant.client}`)).toEqual([
      'allow *',
      'deny Editor',
    ])
  })

  it('hold for the client they were given to, even if another takes its name', () => {
    const { permissions } = somePermissions()
    permissions.remember(...remembering(aCall(), 'tool'))
    expect(permissions.evaluate(aCall({ client: { ...editor, id: 'cl_2' as typeof editor.id } })).effect).toBe('ask')
  })

  it('are never kept for the client cli, which no rule for every app allows either', () => {
    const { permissions, rules } = somePermissions()
    const call = aCall({ client: { ...editor, name: 'cli' } })
    expect(permissions.remember(...remembering(call, 'tool'))).toBeUndefined()
    rules.allow(draft('*'))
    expect(permissions.evaluate(call).effect).toBe('ask')
  })

  it('that name no session, no arguments or no server hold for nothing', () => {
    const { permissions } = somePermissions()
    const kept = permissions.remember(...remembering(aCall({ pin: 'elsewhere' }), 'tool'))
    const { sessionId: _, ...bound } = { sessionId: undefined, ...(kept?.bound as GrantBounds), pin: 'p1' as Sha256 }
    const half = { effect: 'allow', client: 'Editor', tool: 'notes__do_it', origin: 'person' } as const
    permissions.add({ ...half, scope: 'session', bound })
    permissions.add({ ...half, scope: 'arguments', bound })
    permissions.add({ ...half, scope: 'tool' })
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
    permissions.add({ ...half, scope: 'tool', bound })
    expect(permissions.evaluate(aCall()).effect).toBe('allow')
  })

  it('survive a restart', () => {
    const { permissions, start } = somePermissions()
    permissions.remember(...remembering(aCall(), 'tool'))
    expect(start().evaluate(aCall()).effect).toBe('allow')
  })
})

describe('rows somebody else wrote', () => {
  it('count for nothing and are reported', () => {
    const { db, rules, start, reports } = somePermissions()
    const { id } = rules.allow(draft('other__*'))
    db.prepare("UPDATE grants SET tool = '*' WHERE id = ?").run(id)
    expect(start().evaluate(aCall()).effect).toBe('ask')
    expect(reports.join()).toContain(id)
  })

  it('that were deleted suspend everything allowed, until the person changes a rule', () => {
    const { db, rules, start, reports } = somePermissions()
    rules.allow(draft('notes__*'))
    const { id } = rules.deny(draft('notes__do_it'))
    db.prepare('DELETE FROM grants WHERE id = ?').run(id)
    const after = start()
    expect(after.evaluate(aCall()).effect).toBe('ask')
    expect(after.grants()[0]?.suspended).toBe('tampered')
    expect(reports.join()).toContain('removed')
  })

  it('under a sealed row’s id do not replay a revoked grant with a new meaning', () => {
    const { db, rules, start } = somePermissions()
    const { id } = rules.allow(draft('notes__*', { until: Date.parse('2026-11-20T11:00:00Z') as EpochMs }))
    db.prepare('UPDATE grants SET expires_at = NULL WHERE id = ?').run(id)
    expect(start().evaluate(aCall()).effect).toBe('ask')
  })
})

describe('dated grants', () => {
  const noon = Date.parse('2026-11-20T12:00:00Z') as EpochMs

  it('end at their time', () => {
    const { permissions, rules, clock } = somePermissions()
    rules.allow(draft('notes__*', { until: noon }))
    expect(permissions.evaluate(aCall()).effect).toBe('allow')
    clock.at = noon
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
  })

  it('that deny end at their time too', () => {
    const { permissions, rules, clock } = somePermissions()
    rules.deny(draft('notes__*', { until: noon }))
    expect(permissions.evaluate(aCall()).effect).toBe('deny')
    clock.at = noon
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
  })

  it('are suspended when the clock was set back more than five minutes, also over a restart', () => {
    const { permissions, rules, clock, start } = somePermissions()
    rules.allow(draft('notes__*', { until: noon }))
    clock.at = (noon - 60_000) as EpochMs
    expect(permissions.evaluate(aCall()).effect).toBe('allow')
    clock.at = (noon - 5 * 60_000) as EpochMs
    expect(permissions.evaluate(aCall()).effect).toBe('allow')
    clock.at = (noon - 7 * 60_000) as EpochMs
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
    const later = start()
    expect(later.evaluate(aCall()).effect).toBe('ask')
    expect(later.grants()[0]?.suspended).toBe('clock')
  })

  it('made after the clock was set back count, and those made before end', () => {
    const { permissions, rules, clock } = somePermissions()
    const old = rules.allow(draft('notes__*', { until: noon }))
    clock.at = (clock.at - 3_600_000) as EpochMs
    expect(permissions.evaluate(aCall()).effect).toBe('ask')
    rules.allow(draft('notes__do_it', { until: noon }))
    expect(permissions.evaluate(aCall()).effect).toBe('allow')
    expect(rules.list().grants.map(({ id }) => id)).not.toContain(old.id)
  })
})

describe('what the person reads', () => {
  it('is a sentence for every rule, and Cedar for every default', () => {
    const { rules } = somePermissions()
    const made = rules.allow(
      draft('filesystem__read_*', {
        client: 'Cursor',
        path: '/home/ada',
        until: Date.parse('2027-01-01T10:00:00Z') as EpochMs,
      }),
    )
    expect(made.sentence).toBe(
      'Cursor may use filesystem__read_* in /home/ada without asking until 2027-01-01 10:00 UTC.',
    )
    expect(rules.list().defaults.every(({ cedar }) => /^(permit|forbid) \(/.test(cedar))).toBe(true)
  })

  it('explains a decision without making the call', () => {
    const { rules } = somePermissions()
    const answer = rules.test({ client: 'Editor', tool: 'notes__do_it' as CallFacts['entry']['name'], arguments: {} })
    expect(answer).toMatchObject({
      effect: 'ask',
      rule: 'everything that writes, deletes, runs, sends or is unknown asks',
    })
    expect(answer.reasons).toEqual(['Nobody vouches for what it does.', 'This server has not been trusted.'])
  })

  it('explains it in the person’s language', () => {
    const { rules } = somePermissions({}, 'ro')
    const tool = 'notes__do_it' as CallFacts['entry']['name']
    expect(rules.test({ client: 'Editor', tool, arguments: {} })).toMatchObject({
      rule: 'tot ce scrie, șterge, rulează, trimite sau este necunoscut întreabă',
      reasons: ['Nimeni nu garantează ce face.', 'Nu ați acordat încredere acestui server.'],
    })
  })

  it('says when an app uses something for the first time', () => {
    const { permissions } = somePermissions({ history: () => ({ allowed: 0, denied: 0, destinations: new Set() }) })
    expect(permissions.evaluate(aCall()).reasons).toContain('first-use')
  })

  it('refuses a rule whose end lies in the past', () => {
    const { rules, clock } = somePermissions()
    expect(() => rules.allow(draft('x', { until: (clock.at - 1) as EpochMs }))).toThrow('input.invalid')
  })

  it('is told of every change', () => {
    let changes = 0
    const { permissions, rules } = somePermissions({ onChange: () => changes++ })
    const before = permissions.epoch
    rules.revoke(rules.deny(draft('x')))
    expect(changes).toBe(2)
    expect(permissions.epoch).toBe(before + 2)
  })
})

it('judges by the server as it is configured, also while calls to its former self are under way', () => {
  const { permissions } = somePermissions()
  const before = aServer({ trusted: true })
  const after = aServer({ trusted: false })
  for (const turn of [1, 2, 3]) {
    expect(permissions.evaluate(aCall({ server: before, tool: `t${turn}` })).effect).toBe('allow')
    expect(permissions.evaluate(aCall({ server: after, tool: `t${turn}` })).effect).toBe('ask')
  }
})

it('denies when a policy cannot be evaluated', () => {
  const { permissions, reports } = somePermissions({
    folders: {
      real: (folder) => folder,
      contains: () => {
        throw new Error('broken')
      },
    },
  })
  permissions.add({ effect: 'deny', scope: 'rule', client: '*', tool: '*', path: '/x', origin: 'person' })
  expect(permissions.evaluate(aCall({ real: ['/y'] })).effect).toBe('deny')
  expect(reports.join()).toContain('broken')
})

it('does not believe a revoked grant that somebody kept and put back', () => {
  const db = openDatabase(':memory:')
  const seal = rowSeal(Buffer.alloc(32, 1))
  const store = new GrantStore(db, seal)
  const add = (tool: string) =>
    store.add({ effect: 'allow', scope: 'rule', client: 'Editor', tool, origin: 'person' }, 1 as EpochMs)
  const grant = add('a')
  add('b')
  const row = db.prepare<[], Record<string, unknown>>("SELECT * FROM grants WHERE tool = 'a'").get() ?? {}
  store.remove(grant.id)
  expect(store.all().tampered).toBe(false)
  const columns = Object.keys(row).map((name) => `@${name}`)
  db.prepare(`INSERT INTO grants VALUES (${columns.join()})`).run(row)
  expect(store.all().tampered).toBe(true)
})
