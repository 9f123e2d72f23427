import { describe, expect, it } from 'vitest'
import { hostNames, hostsOf } from '../../main/permissions/conditions.ts'
import { unknownPlace } from '../../shared/domain/places.ts'
import type { RuleConditions } from '../../shared/domain/rule-conditions.ts'
import { aCall, aServer, editor } from './a-call.ts'
import { somePermissions } from './some-permissions.ts'

type Effect = 'allow' | 'ask' | 'deny'
const judged = (effect: Effect, conditions: RuleConditions) => {
  const { permissions, clock } = somePermissions()
  permissions.add({ effect, scope: 'rule', client: '*', tool: 'notes__*', conditions, origin: 'person' })
  return {
    clock,
    permissions,
    of: (call: Parameters<typeof aCall>[0]) => permissions.evaluate(aCall(call)).effect,
  }
}
const to = (...urls: string[]) => ({ urls })

describe('a rule', () => {
  it('that denies a host denies it wherever it is named among others, and what is below it only when it says so', () => {
    const exact = judged('deny', { hosts: ['example.com'] })
    expect(exact.of(to('https://fine.org/', 'https://EXAMPLE.com/x'))).toBe('deny')
    expect(exact.of(to('https://sub.example.com/'))).toBe('ask')
    const below = judged('deny', { hosts: ['*.example.com'] })
    expect(below.of(to('https://a.b.example.com/'))).toBe('deny')
    expect(below.of(to('https://example.com/'))).toBe('ask')
    expect(below.of(to('https://notexample.com/'))).toBe('ask')
  })

  it('that allows a host allows nothing that names another one too, and nothing that names none', () => {
    const rule = judged('allow', { hosts: ['*.example.com'] })
    expect(rule.of(to('https://api.example.com/'))).toBe('allow')
    expect(rule.of(to('https://api.example.com/', 'https://evil.org/'))).toBe('ask')
    expect(rule.of({})).toBe('ask')
    expect(rule.of(to('https://api.example.com.evil.org/'))).toBe('ask')
    expect(rule.of(to('https://api.example.com@evil.org/'))).toBe('ask')
  })

  it('about hosts takes a host nobody knows for one it does not allow, and for any it denies', () => {
    expect(judged('allow', { hosts: ['fine.org', unknownPlace] }).of(to('https://fine.org/', unknownPlace))).toBe('ask')
    expect(judged('deny', { hosts: ['evil.org'] }).of(to('https://fine.org/', unknownPlace))).toBe('deny')
    expect(judged('deny', { hosts: ['*.evil.org'] }).of(to(unknownPlace))).toBe('deny')
    expect(judged('deny', { hosts: ['evil.org'] }).of(to('https://fine.org/'))).toBe('ask')
  })

  it('about labels holds for what filters found', () => {
    const rule = judged('deny', { labels: ['secret'] })
    expect(rule.of({ labels: ['path', 'secret'] })).toBe('deny')
    expect(rule.of({ labels: ['path'] })).toBe('ask')
  })

  it('about hours and days holds at these, over midnight too', () => {
    const night = judged('deny', { hours: { from: 22 * 60, to: 6 * 60 }, weekdays: [5, 6] })
    const at = (day: number, hour: number) => {
      night.clock.at = new Date(2026, 10, day, hour, 30).getTime() as typeof night.clock.at
      return night.of({})
    }
    expect(at(27, 23)).toBe('deny') // a Friday
    expect(at(28, 5)).toBe('deny')
    expect(at(28, 12)).toBe('ask')
    expect(at(29, 23)).toBe('ask')
  })

  it('that allows in some hours counts for nothing while the clock was set back', () => {
    const rule = judged('allow', { hours: { from: 0, to: 1439 } })
    rule.clock.at = new Date(2026, 11, 1, 12).getTime() as typeof rule.clock.at
    expect(rule.of({})).toBe('allow')
    rule.clock.at = new Date(2026, 10, 30, 12).getTime() as typeof rule.clock.at
    expect(rule.of({})).toBe('ask')
  })

  it('about an argument looks at that argument alone', () => {
    const rule = judged('allow', { arguments: { '/to': '*@example.com' } })
    expect(rule.of({ arguments: { to: 'ana@example.com' } })).toBe('allow')
    expect(rule.of({ arguments: { to: 'ana@example.com, eve@evil.org' } })).toBe('ask')
    expect(rule.of({ arguments: { to: ['ana@example.com'] } })).toBe('ask')
    expect(rule.of({ arguments: { cc: 'ana@example.com' } })).toBe('ask')
    const denied = judged('deny', { arguments: { '/deep/a~1b': 'x*' } })
    expect(denied.of({ arguments: { deep: { 'a/b': 'xyz' } } })).toBe('deny')
    expect(denied.of({ arguments: { deep: { 'a/b': 'yz' } } })).toBe('ask')
  })

  it('of one workspace says nothing in another', () => {
    const rule = judged('deny', { workspace: 'work' as typeof editor.workspace })
    expect(rule.of({})).toBe('ask')
    expect(rule.of({ client: { ...editor, workspace: 'work' as typeof editor.workspace } })).toBe('deny')
  })

  it('about actions holds for what the call would do', () => {
    const rule = judged('deny', { actions: ['delete'] })
    expect(rule.of({ annotations: { destructiveHint: true } })).toBe('deny')
    expect(rule.of({})).toBe('ask')
  })

  it('survives a restart with its conditions, and is ignored when these were edited', () => {
    const { permissions, db, start, reports } = somePermissions()
    permissions.add({
      effect: 'allow',
      scope: 'rule',
      client: '*',
      tool: '*',
      conditions: { hosts: ['example.com'] },
      origin: 'person',
    })
    expect(start().evaluate(aCall(to('https://example.com'))).effect).toBe('allow')
    db.prepare(`UPDATE grants SET conditions = '{"hosts":["evil.org"]}'`).run()
    expect(start().evaluate(aCall(to('https://evil.org'))).effect).toBe('ask')
    expect(reports.join()).toContain('was not made by Gatehouse')
  })
})

describe('a budget', () => {
  const budgeted = (budget: { calls?: number; bytes?: number }) => judged('allow', { budget })

  it('allows as many calls as it holds, and no more, also over a restart', () => {
    const { permissions, start } = somePermissions()
    permissions.add({
      effect: 'allow',
      scope: 'rule',
      client: '*',
      tool: '*',
      conditions: { budget: { calls: 2 } },
      origin: 'person',
    })
    const spend = (from: typeof permissions) => {
      const call = aCall()
      const verdict = from.evaluate(call)
      if (verdict.effect === 'allow') from.spend({ ...call, verdict })
      return verdict.effect
    }
    expect(spend(permissions)).toBe('allow')
    const restarted = start()
    expect(spend(restarted)).toBe('allow')
    expect(spend(restarted)).toBe('ask')
    expect(spend(start())).toBe('ask')
  })

  it('is checked and counted in one step: of two calls allowed at once, one goes on', () => {
    const { permissions } = budgeted({ calls: 1 })
    const [one, two] = [aCall(), aCall()]
    const [first, second] = [permissions.evaluate(one), permissions.evaluate(two)]
    expect([first.effect, second.effect]).toEqual(['allow', 'allow'])
    permissions.spend({ ...one, verdict: first })
    expect(() => permissions.spend({ ...two, verdict: second })).toThrow('policy.denied')
  })

  it('of bytes does not hold a call that is larger than what is left', () => {
    const { permissions, of } = budgeted({ bytes: 30 })
    const call = aCall({ arguments: { text: 'ten bytes!' } })
    permissions.spend({ ...call, verdict: permissions.evaluate(call) })
    expect(of({ arguments: { text: 'ten bytes!' } })).toBe('ask')
    expect(of({ arguments: {} })).toBe('allow')
  })

  it('counts as used up when its count was edited or deleted', () => {
    for (const tamper of ['UPDATE grant_use SET calls = -5', 'DELETE FROM grant_use']) {
      const { permissions, db, start } = somePermissions()
      const conditions = { budget: { calls: 2 } }
      permissions.add({ effect: 'allow', scope: 'rule', client: '*', tool: '*', conditions, origin: 'person' })
      db.prepare(tamper).run()
      expect(start().evaluate(aCall()).effect).toBe('ask')
    }
  })

  it('of a grant that was taken back meanwhile lets nothing through', () => {
    const { permissions } = budgeted({ calls: 9 })
    const call = aCall()
    const verdict = permissions.evaluate(call)
    const [made] = permissions.grants()
    if (made) permissions.revoke(made.grant.id)
    expect(() => permissions.spend({ ...call, verdict })).toThrow('policy.denied')
  })
})

it('takes hosts from addresses as a browser would', () => {
  const hosts = (...urls: string[]) => hostsOf(aCall({ server: aServer(), urls }))
  expect(hosts('https://a.example:8443/x', 'http://A.example/', 'no address')).toEqual(['a.example'])
  expect(hosts('http://user:pass@b.example/')).toEqual(['b.example'])
  expect(hostNames('a.b.example')).toEqual(['a.b.example', '*.b.example', '*.example'])
})
