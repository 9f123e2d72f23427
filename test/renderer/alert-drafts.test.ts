import { expect, it } from 'vitest'
import { channelDraftOf, channelOf, emptyChannel, givenOf } from '../../renderer/features/alerts/channel-draft.ts'
import { draftOf, emptyDraft, faultsOf, ruleOf, withMetric } from '../../renderer/features/alerts/rule-draft.ts'
import { alertRule, givenChannel, type ShownRule } from '../../shared/contract/alerts.ts'

const rule: ShownRule = {
  name: 'mine',
  enabled: true,
  kind: 'anomaly',
  metric: 'mcp_operation_duration_seconds',
  where: { server: 'notes', client: 'editor' },
  by: 'server',
  aggregation: 'p95',
  operator: '>',
  threshold: 0.25,
  durationSeconds: 5400,
  sensitivity: 0.975,
  leastCalls: 3,
  severity: 'critical',
  cooldownMinutes: 0,
  channels: ['desktop', 'team'],
  escalation: { afterMinutes: 20, channels: ['pager'] },
  builtIn: false,
  changed: false,
  sentence: '',
}

it('a rule is the same after it went through the form', () => {
  const { builtIn: _, changed: __, sentence: ___, ...given } = rule
  expect(ruleOf(draftOf(rule))).toEqual(given)
  expect(alertRule.parse(ruleOf(draftOf(rule)))).toEqual(given)
})

it('a number is read as the person writes it, and what is none is a fault of its field', () => {
  const draft = { ...emptyDraft, name: 'mine', threshold: '0,5' }
  expect([...faultsOf(draft)]).toEqual([])
  expect(ruleOf(draft).threshold).toBe(0.5)
  const wrong = {
    ...draft,
    name: 'Mine',
    threshold: 'much',
    minutes: '-1',
    cooldown: '1.5',
    escalates: true,
    after: '',
  }
  expect([...faultsOf(wrong)].sort()).toEqual(['after', 'cooldown', 'minutes', 'name', 'threshold'])
  expect([...faultsOf({ ...draft, kind: 'anomaly', sensitivity: '100' })]).toEqual(['sensitivity'])
})

it('another figure puts right what does not fit it', () => {
  const labels = [{ name: 'server', values: ['notes'] }]
  const rate = { name: 'gatehouse_error_rate_percent', type: 'rate', help: '', labels } as const
  const changed = withMetric({ ...draftOf(rule), by: 'tool_name' }, rate)
  expect(changed).toMatchObject({ aggregation: 'avg', by: '', label: 'server', labelValue: 'notes', further: {} })
})

it('a channel is the same after it went through the form, and its secret is never in it', () => {
  const email = {
    name: 'mail',
    enabled: true,
    kind: 'email',
    host: 'smtp.example.org',
    port: 465,
    user: 'me',
    from: 'gatehouse@example.org',
    to: ['me@example.org', 'you@example.org'],
  } as const
  const shown = { ...email, to: [...email.to] }
  expect(channelOf(channelDraftOf(shown))).toEqual(email)
  const typed = { ...emptyChannel, name: 'team', secret: 'https://hooks.example/token' }
  expect(channelOf(typed)).toEqual({ name: 'team', enabled: true, kind: 'webhook' })
  expect(givenChannel.parse(givenOf({ name: 'team', enabled: true, kind: 'webhook', host: 'hooks.example' }))).toEqual({
    name: 'team',
    enabled: true,
    kind: 'webhook',
  })
})
