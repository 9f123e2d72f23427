import { z } from 'zod'
import {
  type AlertChannel,
  type AlertRule,
  aggregations,
  alertOperators,
  longestDurationSeconds,
  severities,
} from '../../shared/domain/alerts.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
const ruleSchema = z.object({
  name,
  enabled: z.boolean(),
  kind: z.enum(['threshold', 'anomaly']),
  metric: z.string(),
  where: z.record(z.string(), z.string()),
  by: z.string().optional(),
  aggregation: z.enum(aggregations),
  operator: z.enum(alertOperators),
  threshold: z.number(),
  durationSeconds: z.number().int().min(0).max(longestDurationSeconds),
  sensitivity: z.number().optional(),
  leastCalls: z.number().int(),
  severity: z.enum(severities),
  cooldownMinutes: z.number(),
  channels: z.array(name),
  escalation: z.object({ afterMinutes: z.number(), channels: z.array(name) }).optional(),
})
const shared = { name, enabled: z.boolean() }
const channelSchema = z.discriminatedUnion('kind', [
  z.object({ ...shared, kind: z.literal('desktop') }),
  z.object({ ...shared, kind: z.literal('webhook'), host: z.string() }),
  z.object({ ...shared, kind: z.literal('pagerduty'), url: z.string() }),
  z.object({
    ...shared,
    kind: z.literal('email'),
    host: z.string(),
    port: z.number(),
    user: z.string().optional(),
    from: z.string(),
    to: z.array(z.string()),
  }),
])

interface Row {
  readonly name: string
  readonly value: string
  readonly seal: string
}

/**
 * Owner of the tables `alert_rule` and `alert_channel`: what the person set. A row changed outside Gatehouse counts for
 * nothing and is reported: a built-in rule is as it was built, and a channel is told nothing.
 */
export class AlertSettingsStore {
  readonly #rules: Table<AlertRule>
  readonly #channels: Table<AlertChannel>

  constructor(db: Database, seal: RowSeal, onForged: (what: 'alert rule' | 'alert channel', name: string) => void) {
    this.#rules = new Table(db, 'alert_rule', seal, ruleSchema, (row) => onForged('alert rule', row))
    this.#channels = new Table(db, 'alert_channel', seal, channelSchema, (row) => onForged('alert channel', row))
  }

  rules = (): readonly AlertRule[] => this.#rules.all()
  setRule = (rule: AlertRule): void => this.#rules.set(rule)
  /** @returns false when there was none */
  dropRule = (rule: string): boolean => this.#rules.drop(rule)
  channels = (): readonly AlertChannel[] => this.#channels.all()
  setChannel = (channel: AlertChannel): void => this.#channels.set(channel)
  /** @returns false when there was none */
  dropChannel = (channel: string): boolean => this.#channels.drop(channel)
}

class Table<T extends { readonly name: string }> {
  readonly #all: Statement<[], Row>
  readonly #put: Statement<[string, string, string]>
  readonly #drop: Statement<[string]>
  readonly #forged = new Set<string>()
  #cached: readonly T[] | undefined

  constructor(
    db: Database,
    private readonly table: 'alert_rule' | 'alert_channel',
    private readonly seal: RowSeal,
    private readonly schema: z.ZodType<T>,
    private readonly onForged: (name: string) => void,
  ) {
    this.#all = db.prepare(`SELECT name, value, seal FROM ${table} ORDER BY name`)
    this.#put = db.prepare(`
      INSERT INTO ${table} VALUES (?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value, seal = excluded.seal`)
    this.#drop = db.prepare(`DELETE FROM ${table} WHERE name = ?`)
  }

  all(): readonly T[] {
    this.#cached ??= this.#all.all().flatMap((row) => this.#read(row))
    return this.#cached
  }

  set(item: T): void {
    const value = JSON.stringify(item)
    this.#put.run(item.name, value, this.seal.seal(this.table, { name: item.name, value }))
    this.#cached = undefined
  }

  drop(name: string): boolean {
    this.#cached = undefined
    return this.#drop.run(name).changes === 1
  }

  #read({ name, value, seal }: Row): T[] {
    const genuine = this.seal.holds(this.table, { name, value }, seal)
    const parsed = genuine ? this.schema.safeParse(JSON.parse(value)) : undefined
    if (parsed?.success) return [parsed.data]
    if (!this.#forged.has(name)) this.onForged(name)
    this.#forged.add(name)
    return []
  }
}
