import { z } from 'zod'
import {
  aggregations,
  alertOperators,
  alertStates,
  channelKinds,
  longestDurationSeconds,
  noteKinds,
  severities,
} from '../domain/alerts.ts'
import { call, event } from './define.ts'
import { epochMs } from './shapes.ts'

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'A name has 1 to 40 characters of a-z, 0-9 and -, and does not begin with -.')
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{C}]+$/u, 'One line of text.')
const channelNames = z.array(name).max(20)

export const alertRule = z.object({
  name,
  enabled: z.boolean(),
  kind: z.enum(['threshold', 'anomaly']),
  metric: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,99}$/, 'A metric is called like mcp_operations_total.'),
  where: z.record(z.string().regex(/^[a-zA-Z_]\w{0,63}$/), line(200)).refine((all) => Object.keys(all).length <= 8),
  by: z
    .string()
    .regex(/^[a-zA-Z_]\w{0,63}$/)
    .optional(),
  aggregation: z.enum(aggregations),
  operator: z.enum(alertOperators),
  threshold: z.number().min(-1e15).max(1e15),
  durationSeconds: z.number().int().min(0).max(longestDurationSeconds),
  sensitivity: z.number().min(0.5).max(0.999).optional(),
  leastCalls: z.number().int().min(1).max(1_000_000),
  severity: z.enum(severities),
  cooldownMinutes: z.number().int().min(0).max(1440),
  channels: channelNames,
  escalation: z.object({ afterMinutes: z.number().int().min(1).max(1440), channels: channelNames }).optional(),
})
export type ContractRule = z.output<typeof alertRule>

export const shownRule = alertRule.extend({
  builtIn: z.boolean(),
  /** A built-in one that is not as it was built. */
  changed: z.boolean(),
  /** In the person’s language, as the next two. */
  sentence: z.string(),
})
export type ShownRule = z.output<typeof shownRule>

export const shownAlert = z.object({
  id: z.string(),
  rule: z.string(),
  cause: z.string(),
  severity: z.enum(severities),
  state: z.enum(alertStates),
  openedAt: epochMs,
  acknowledgedAt: epochMs.optional(),
  resolvedAt: epochMs.optional(),
  resolvedBy: z.enum(['itself', 'person', 'rule']).optional(),
  escalatedAt: epochMs.optional(),
  /** How often its condition came back while it cooled down. */
  returned: z.number().int(),
  value: z.number(),
  sentence: z.string(),
})
export type ShownAlert = z.output<typeof shownAlert>

const base = { name, enabled: z.boolean() }
const host = z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'A host is called like smtp.example.org.')
const mailbox = line(254).regex(/^[^\s<>,;"]+@[^\s<>,;"]+$/, 'An e-mail address is written like me@example.org.')
const email = z.object({
  ...base,
  kind: z.literal('email'),
  host,
  port: z.number().int().min(1).max(65_535),
  user: line(254).optional(),
  from: mailbox,
  to: z.array(mailbox).min(1).max(20),
})
const pagerduty = z.object({ ...base, kind: z.literal('pagerduty'), url: z.string().max(2000) })
const desktop = z.object({ ...base, kind: z.literal('desktop') })
export const givenChannel = z.discriminatedUnion('kind', [
  desktop,
  z.object({ ...base, kind: z.literal('webhook') }),
  pagerduty,
  email,
])
export type GivenChannel = z.output<typeof givenChannel>

export const shownChannel = z.object({
  channel: z.discriminatedUnion('kind', [
    desktop,
    z.object({ ...base, kind: z.literal('webhook'), host: z.string() }),
    pagerduty,
    email,
  ]),
  /** failing: it is tried again; dead: given up until it is sent again. */
  state: z.enum(['off', 'well', 'failing', 'dead']),
  /** What it was not told yet. */
  untold: z.number().int(),
  problem: z.string().optional(),
  /** Rules that tell it. */
  rules: z.array(z.string()),
})
export type ShownChannel = z.output<typeof shownChannel>

const id = z.object({ id: z.string().min(1).max(64) })

/** What should not be so, by rules over figures; who is told of it. */
export const alerts = {
  /** Newest first. */
  list: call(
    z.object({
      state: z.enum([...alertStates, 'ongoing']).optional(),
      most: z.number().int().min(1).max(500).default(200),
    }),
    z.object({ alerts: z.array(shownAlert) }),
    { verb: 'status' },
  ),
  show: call(
    id,
    z.object({
      alert: shownAlert,
      /** What channels were told, in order. */
      told: z.array(
        z.object({
          channel: z.string(),
          note: z.enum(noteKinds),
          state: z.enum(['due', 'sent', 'dead']),
          tries: z.number().int(),
          problem: z.string().optional(),
        }),
      ),
    }),
    { verb: 'status' },
  ),
  /** The person has seen it: it goes no further up. */
  acknowledge: call(id, shownAlert, { verb: 'changes' }),
  /** The person says it is over. */
  resolve: call(id, shownAlert, { verb: 'changes' }),
  rules: call(z.void(), z.object({ rules: z.array(shownRule) }), { verb: 'status' }),
  /** What a rule may watch. */
  metrics: call(
    z.void(),
    z.object({
      metrics: z.array(
        z.object({
          name: z.string(),
          type: z.enum(['counter', 'gauge', 'histogram', 'rate']),
          help: z.string(),
          labels: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
        }),
      ),
    }),
    { verb: 'status' },
  ),
  /** Adds a rule, or puts it in the place of the one of its name. */
  setRule: call(alertRule, shownRule, { verb: 'changes', widens: true }),
  /** One of the person’s own is gone; a built-in one is as it was built. */
  removeRule: call(z.object({ name }), z.void(), { verb: 'changes', widens: true }),
  channels: call(z.void(), z.object({ channels: z.array(shownChannel) }), { verb: 'status' }),
  /** Adds a channel, or puts it in the place of the one of its name. `value`: a webhook’s address, a key, a password. */
  setChannel: call(z.object({ channel: givenChannel, value: line(4000).optional() }), shownChannel, {
    verb: 'changes',
    widens: true,
  }),
  removeChannel: call(z.object({ name }), z.void(), { verb: 'changes', widens: true }),
  /** Tells a channel something now, and how that went. */
  test: call(z.object({ name }), z.object({ told: z.boolean(), problem: z.string().optional() }), { verb: 'changes' }),
  /** Everything the channel could not be told is due again. */
  sendAgain: call(z.object({ name }), z.object({ due: z.number().int() }), { verb: 'changes' }),
  /** Alerts, rules or channels are not what they were. */
  changed: event(z.object({})),
  /** The desktop is told; it opens the alert and decides nothing. */
  told: event(
    z.object({
      /** Absent for a test. */
      id: z.string().optional(),
      severity: z.enum(severities),
      over: z.boolean(),
      title: z.string(),
      text: z.string(),
    }),
  ),
} as const

export { channelKinds }
