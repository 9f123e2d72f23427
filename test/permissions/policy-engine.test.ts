import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allPolicies, policiesOf } from '../../main/permissions/default-policies.ts'
import type { Grant } from '../../main/permissions/grant.ts'
import { PolicyEngine } from '../../main/permissions/policy-engine.ts'
import { entity, type PolicyAttribute } from '../../main/permissions/policy-schema.ts'
import { forbiddingCall } from '../../main/permissions/policy-scope.ts'
import { mergedPolicies, rulePolicy } from '../../main/permissions/rule-policy.ts'
import { sliceFor } from '../../main/permissions/slice.ts'
import type { EpochMs, GrantId, WorkspaceName } from '../../shared/domain/ids.ts'
import { pattern } from '../../shared/domain/pattern.ts'
import { presets } from '../../shared/domain/preset.ts'
import type { RuleConditions } from '../../shared/domain/rule-conditions.ts'
import { aServer } from './a-call.ts'

const defaults = Object.fromEntries(policiesOf('balanced').map(({ id, cedar }) => [id, cedar]))
const aRule = (rule: Partial<Grant>): Grant => ({
  id: 'gr_1' as GrantId,
  seq: 1,
  effect: 'deny',
  scope: 'rule',
  client: '*',
  tool: '*',
  createdAt: 0 as EpochMs,
  origin: 'person',
  ...rule,
})
const aContext = {
  client: 'Editor',
  tool: 'notes__do_it',
  address: 'notes__do_it',
  own: false,
  trusted: false,
  sandbox: 2,
  action: 'unknown',
  known: false,
  memory: false,
  content: 'none',
  paths: 'none',
  flow: 'none',
  granted: 0,
  folders: [] as Entity[],
  hosts: [] as Entity[],
  labels: [] as Entity[],
  arguments: [] as string[],
  server: entity('Server', 'notes'),
  workspace: entity('Workspace', 'personal'),
  minute: 600,
  weekday: 1,
}
const names = fc.string({ unit: fc.constantFrom('a', 'b', '_', '*', '\\', '"', 'ä', '😀'), maxLength: 6 })
type Entity = ReturnType<typeof entity>
const entities = (type: 'Folder' | 'Host' | 'Label', ids: string[]) =>
  fc.subarray(ids).map((some) => some.map((id) => entity(type, id)))
const contexts = fc.record({
  client: names,
  tool: names,
  address: names,
  own: fc.boolean(),
  trusted: fc.boolean(),
  sandbox: fc.integer({ min: 0, max: 4 }),
  action: fc.constantFrom('read', 'write', 'delete', 'run', 'send', 'unknown'),
  known: fc.boolean(),
  memory: fc.boolean(),
  content: fc.constantFrom('none', 'pinned', 'template'),
  paths: fc.constantFrom('none', 'inside', 'read-only', 'outside', 'undeclared'),
  flow: fc.oneof(fc.constant('none'), fc.constantFrom('none', 'mixed', 'secret')),
  granted: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 })),
  folders: entities('Folder', ['/folder', '/other']),
  hosts: entities('Host', ['a.example', '*.example']),
  labels: entities('Label', ['secret', 'private']),
  arguments: fc.subarray(['gr_1', 'gr_2']),
  server: fc.constant(entity('Server', 'notes')),
  workspace: fc.constantFrom(entity('Workspace', 'personal'), entity('Workspace', 'work')),
  minute: fc.integer({ min: 0, max: 1439 }),
  weekday: fc.integer({ min: 1, max: 7 }),
})
const rules = fc.array(
  fc.record({
    effect: fc.constantFrom('ask' as const, 'deny' as const),
    seq: fc.integer({ min: 1, max: 9 }),
    client: fc.oneof(fc.constant('*'), names),
    tool: fc.oneof(fc.constant('*'), names),
    id: fc.constantFrom('gr_1' as GrantId, 'gr_2' as GrantId),
    path: fc.constantFrom(undefined, '/folder'),
    conditions: fc.constantFrom<RuleConditions | undefined>(
      undefined,
      { hosts: ['*.example'] },
      { labels: ['secret'] },
      { actions: ['read', 'run'] },
      { hours: { from: 540, to: 1020 } },
      { hours: { from: 1320, to: 360 }, weekdays: [1, 2] },
      { workspace: 'work' as WorkspaceName },
      { arguments: { '/to': '*@example.com' } },
    ),
  }),
  { maxLength: 5 },
)
const made = (drafts: readonly { path?: string | undefined; conditions?: RuleConditions | undefined }[]) =>
  drafts.map(({ path, conditions, ...draft }) =>
    aRule({ ...draft, ...(path === undefined ? {} : { path }), ...(conditions === undefined ? {} : { conditions }) }),
  )

describe('the policies', () => {
  it('never allow unattended what they do not allow at all', () => {
    const engine = new PolicyEngine()
    fc.assert(
      fc.property(contexts, rules, (context, drafts) => {
        engine.load('s', { ...defaults, ...mergedPolicies(made(drafts)) })
        const request = { client: 'c', entry: 'e', context }
        const call = engine.authorize('s', 'call', request).allowed
        const unattended = engine.authorize('s', 'callUnattended', request).allowed
        expect(unattended && !call).toBe(false)
        expect(engine.decide('s', request).effect).toBe(unattended ? 'allow' : call ? 'ask' : 'deny')
      }),
      { numRuns: 100 },
    )
  })

  it('say of both actions by one answer what two answers say', () => {
    const engine = new PolicyEngine()
    const servers = fc.record({ trusted: fc.boolean(), sandbox: fc.constantFrom(0 as const, 3 as const) })
    const drawn = [contexts, rules, servers, fc.constantFrom(...presets), fc.boolean()] as const
    fc.assert(
      fc.property(...drawn, (context, drafts, { trusted, sandbox }, preset, elsewhere) => {
        const filesystem = context.known
        const server = aServer({
          trusted,
          sandbox,
          allowedPaths: context.paths === 'undeclared' ? [] : [{ path: '/a', access: 'write' }],
          ...(filesystem ? { origin: { kind: 'bundled', bundle: 'filesystem' } } : {}),
        })
        const { policies } = sliceFor(server, made(drafts), preset)
        const { address, ...told } = { ...context, trusted, sandbox, own: false }
        const request = { client: 'c', entry: 'e', context: elsewhere ? { ...told, address } : told }
        engine.load('s', policies)
        const unattended = engine.authorize('s', 'callUnattended', request)
        const call = engine.authorize('s', 'call', request)
        const plain = unattended.allowed
          ? { effect: 'allow', policies: unattended.policies }
          : { effect: call.allowed ? 'ask' : 'deny', policies: (call.allowed ? unattended : call).policies }
        expect(forbiddingCall(policies)).toBeDefined()
        const { effect, policies: named } = engine.decide('s', request)
        expect({ effect, policies: named.toSorted() }).toEqual({ ...plain, policies: plain.policies.toSorted() })
        if (context.granted > 0 || context.flow !== 'none' || context.content !== 'none' || elsewhere) return
        const slice = sliceFor(server, made(drafts), preset, true)
        engine.load('plain', slice.policies)
        const seen = Object.entries(request.context).filter(([name]) => slice.attributes.has(name as PolicyAttribute))
        const short = engine.decide('plain', { ...request, context: Object.fromEntries(seen) })
        expect({ ...short, policies: short.policies.toSorted() }).toEqual({
          ...plain,
          policies: plain.policies.toSorted(),
        })
      }),
      { numRuns: 300 },
    )
  })

  it('are asked for both actions where one answer does not tell', () => {
    const request = { client: 'c', entry: 'e', context: aContext }
    const both = 'action in [Action::"call", Action::"callUnattended"]'
    const always = 'permit (principal, action == Action::"call", resource);'
    const sets: Record<string, string>[] = [
      {},
      { a: `permit (principal, ${both}, resource) when { context.trusted };` },
      { a: 'permit (principal, action == Action::"call", resource) when { context.trusted };' },
      { a: always, b: 'forbid (principal, action == Action::"call", resource);' },
      { a: always, b: `forbid (principal, ${both}, resource) when { action == Action::"call" };` },
      { a: 'permit (principal == Client::"d", action == Action::"call", resource);' },
      { a: always, b: 'forbid (principal, action in Action::"all", resource);' },
    ]
    const engine = new PolicyEngine()
    for (const policies of sets) {
      engine.load('s', policies)
      expect(forbiddingCall(policies)).toBeUndefined()
      const unattended = engine.authorize('s', 'callUnattended', request).allowed
      const call = engine.authorize('s', 'call', request).allowed
      expect(engine.decide('s', request).effect).toBe(unattended ? 'allow' : call ? 'ask' : 'deny')
    }
  })

  it('mean the same merged and one by one', () => {
    const engine = new PolicyEngine()
    fc.assert(
      fc.property(contexts, rules, (context, drafts) => {
        const single = made(drafts).map((rule, index) => [`r${index}`, rulePolicy(rule, 'a sentence')] as const)
        engine.load('merged', { ...defaults, ...mergedPolicies(made(drafts)) })
        engine.load('single', { ...defaults, ...Object.fromEntries(single) })
        const request = { client: 'c', entry: 'e', context }
        expect(engine.decide('merged', request).effect).toBe(engine.decide('single', request).effect)
      }),
      { numRuns: 100 },
    )
  })

  it('match a pattern as our own code does', () => {
    const engine = new PolicyEngine()
    fc.assert(
      fc.property(names, names, (text, tool) => {
        engine.load('p', { ...defaults, ...mergedPolicies([aRule({ tool: text })]) })
        const denied = engine.decide('p', { client: 'c', entry: 'e', context: { ...aContext, tool } }).effect === 'deny'
        expect(denied).toBe(pattern(text).matches(tool))
      }),
      { numRuns: 100 },
    )
  })

  it('name every attribute they look at', () => {
    for (const { cedar, reads } of allPolicies) {
      const found = [...cedar.matchAll(/context\.(\w+)/g)].map(([, name]) => name)
      expect([...new Set(found)].toSorted()).toEqual([...reads].toSorted())
    }
  })

  it('mean the same in a server’s slice as all together', () => {
    const engine = new PolicyEngine()
    const servers = fc.record({
      trusted: fc.boolean(),
      sandbox: fc.constantFrom(0, 1, 2, 3, 4),
      folder: fc.boolean(),
      bundle: fc.constantFrom(undefined, 'filesystem', 'memory'),
    })
    fc.assert(
      fc.property(contexts, rules, servers, (drawn, drafts, { trusted, sandbox, folder, bundle }) => {
        const server = aServer({
          trusted,
          sandbox: sandbox as 0 | 1 | 2 | 3 | 4,
          allowedPaths: folder ? [{ path: '/a', access: 'write' }] : [],
          ...(bundle ? { origin: { kind: 'bundled', bundle } } : {}),
        })
        const [filesystem, memory] = [bundle === 'filesystem', bundle === 'memory']
        const paths = folder || filesystem ? drawn.paths : 'undeclared'
        const context = { ...drawn, trusted, sandbox, own: false, known: filesystem, memory, paths }
        const slice = sliceFor(server, made(drafts))
        engine.load('slice', slice.policies)
        engine.load('all', { ...defaults, ...mergedPolicies(made(drafts)) })
        const sliced = Object.fromEntries(
          Object.entries(context).filter(([name]) => slice.attributes.has(name as PolicyAttribute)),
        )
        const decided = (slice: string, given: typeof sliced) => {
          const { effect, policies } = engine.decide(slice, { client: 'c', entry: 'e', context: given })
          return { effect, policies: policies.toSorted() }
        }
        expect(decided('slice', sliced)).toEqual(decided('all', context))
      }),
      { numRuns: 100 },
    )
  })

  it('fit the schema, all of every preset, and one that does not is refused', () => {
    const engine = new PolicyEngine()
    expect(() => engine.check(Object.fromEntries(allPolicies.map(({ id, cedar }) => [id, cedar])))).not.toThrow()
    expect(() => engine.check({ bad: 'permit(principal, action, resource) when { context.nope };' })).toThrow(
      'input.invalid',
    )
    expect(() => engine.check({ bad: 'permit(' })).toThrow('input.invalid')
  })

  it('that fail to evaluate throw, and are not skipped as Cedar would', () => {
    const engine = new PolicyEngine()
    engine.load('s', { ...defaults, broken: 'forbid(principal, action, resource) when { context.nope == 1 };' })
    expect(() => engine.decide('s', { client: 'c', entry: 'e', context: { ...aContext, trusted: true } })).toThrow(
      'broken',
    )
  })

  it('hold a thousand rules', () => {
    const engine = new PolicyEngine()
    const many = Array.from({ length: 1_000 }, (_, n) => aRule({ tool: `notes__${n}_*` }))
    engine.load('s', { ...defaults, ...mergedPolicies(many) })
    const effect = (tool: string) =>
      engine.decide('s', { client: 'c', entry: 'e', context: { ...aContext, tool } }).effect
    expect(effect('notes__999_x')).toBe('deny')
    expect(effect('notes__1000_x')).toBe('ask')
  })
})
