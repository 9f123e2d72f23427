import { randomBytes } from 'node:crypto'
import { AlertSettingsStore } from '../../main/alerts/alert-settings-store.ts'
import { AlertStore, type KeptAlert } from '../../main/alerts/alert-store.ts'
import { Alerts } from '../../main/alerts/alerts.ts'
import { DeliveryStore } from '../../main/alerts/delivery-store.ts'
import type { Figures } from '../../main/alerts/figures.ts'
import { RuleBook } from '../../main/alerts/rule-book.ts'
import { Series } from '../../main/health/series.ts'
import { SeriesStore } from '../../main/health/series-store.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { Distribution } from '../../main/telemetry/distribution.ts'
import { counter, type Family, gauge, type Labels } from '../../main/telemetry/family.ts'
import { type AlertRule, quotaUsedMetric, serverDownMetric } from '../../shared/domain/alerts.ts'
import { auditUnwritable } from '../../shared/errors.ts'

export const key = randomBytes(32)
/** A whole minute. */
export const beginning = 1_800_000_000_000

/** Real figures, rules and stores in memory, at a time of its own; only the clock is told what time it is. */
export class AlertWorld {
  readonly db = openDatabase(':memory:')
  readonly seal = rowSeal(key)
  readonly told: string[] = []
  readonly recorded: string[] = []
  readonly forged: string[] = []
  readonly problems: string[] = []
  /** Nothing a person does can be recorded. */
  unwritable = false
  readonly deliveries = new DeliveryStore(this.db)
  readonly settings = new AlertSettingsStore(this.db, this.seal, (what, name) => this.forged.push(`${what} ${name}`))
  nowMs = beginning
  readonly #series = new Series(new SeriesStore(this.db), () => this.nowMs / 1000)
  readonly #down = new Map<string, number>()
  readonly #quotas = new Map<string, number>()
  readonly #calls = new Map<string, { labels: Labels; value: number }>()
  readonly #took = new Map<string, Distribution>()
  readonly figures: Figures = {
    type: (name) => this.#families().find((family) => family.name === name)?.type,
    minutes: (name, where, from, by) => this.#series.read(name, where, from, 60, by === undefined ? [] : [by]),
    now: (name) => this.#families().find((family) => family.name === name)?.samples ?? [],
  }
  readonly rules = new RuleBook(this.settings, this.figures, (name) => ['desktop', 'team', 'pager'].includes(name))
  alerts = this.begun()

  /** As after a restart: everything that is not on disk is forgotten. */
  begun(): Alerts {
    return new Alerts({
      store: new AlertStore(this.db),
      rules: () => this.rules.all(),
      figures: this.figures,
      now: () => this.nowMs,
      tell: (alert, channels, note) =>
        this.told.push(`${note} ${alert.severity} ${alert.cause} → ${channels.join(', ')}`),
      record: (what, alert, by) => {
        if (this.unwritable && by !== undefined) throw auditUnwritable('the disk is full')
        this.recorded.push(`${what} ${alert.rule} ${alert.cause}`)
      },
      onChange: () => {},
      onProblem: (problem, error) => this.problems.push(error === undefined ? problem : `${problem}: ${error}`),
    })
  }

  #families(): Family[] {
    return [
      gauge(serverDownMetric, '', this.#samples(this.#down, 'server')),
      gauge(quotaUsedMetric, '', this.#samples(this.#quotas, 'quota')),
      counter('mcp_operations_total', '', [...this.#calls.values()]),
      {
        name: 'mcp_operation_duration_seconds',
        help: '',
        type: 'histogram',
        samples: [...this.#took].map(([server, distribution]) => ({ labels: { server }, value: 0, distribution })),
      },
    ]
  }

  #samples = (values: ReadonlyMap<string, number>, label: string) =>
    [...values].map(([name, value]) => ({ labels: { [label]: name }, value }))

  goes(server: string, way: 'down' | 'up'): this {
    this.#down.set(server, way === 'down' ? 1 : 0)
    return this
  }

  quota(name: string, percent: number): this {
    this.#quotas.set(name, percent)
    return this
  }

  calls(server: string, many: number, status = 'success', seconds?: number): this {
    const id = `${server} ${status}`
    const before = this.#calls.get(id)?.value ?? 0
    this.#calls.set(id, { labels: { server, client: 'editor', status }, value: before + many })
    const took = this.#took.get(server) ?? new Distribution()
    this.#took.set(server, took)
    if (seconds !== undefined) for (let n = 0; n < many; n++) took.observe(seconds)
    return this
  }

  /** Time passes; then the rules are looked at. */
  after(seconds: number): this {
    this.nowMs += seconds * 1000
    this.#series.look(this.#families().filter(({ type }) => type === 'gauge'))
    this.#series.fold(this.#families())
    this.alerts.evaluate()
    return this
  }

  open = (): string[] => this.alerts.list('open', 50).map(({ rule, cause }) => `${rule} ${cause}`)
  all = (): KeptAlert[] => this.alerts.list(undefined, 50)
  only = (): KeptAlert => this.all()[0] as KeptAlert

  rule(change: Partial<AlertRule> & { readonly name: string }): this {
    const { builtIn: _, changed: __, ...known } = this.rules.get(change.name) ?? this.rules.need('error-rate')
    this.rules.set({ ...known, ...change })
    return this
  }
}
