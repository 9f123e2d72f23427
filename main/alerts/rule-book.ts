import { type AlertRule, errorRateMetric } from '../../shared/domain/alerts.ts'
import { inputInvalid } from '../../shared/errors.ts'
import { builtInRules, isBuiltIn } from './built-in-rules.ts'
import type { Figures, MetricType } from './figures.ts'

export interface KeptRules {
  rules(): readonly AlertRule[]
  setRule(rule: AlertRule): void
  dropRule(name: string): boolean
}

export interface ShownRule extends AlertRule {
  readonly builtIn: boolean
  /** A built-in one that is not as it was built. */
  readonly changed: boolean
}

const mostOwn = 100

/** All rules: those built in, as the person changed them, and the person’s own. */
export class RuleBook {
  constructor(
    private readonly kept: KeptRules,
    private readonly figures: Pick<Figures, 'type'>,
    private readonly isChannel: (name: string) => boolean,
  ) {}

  all(): ShownRule[] {
    const kept = new Map(this.kept.rules().map((rule) => [rule.name, rule]))
    const builtIn = builtInRules.map((rule) => {
      const changed = kept.get(rule.name)
      return { ...(changed ?? rule), builtIn: true, changed: changed !== undefined }
    })
    const own = [...kept.values()].filter(({ name }) => !isBuiltIn(name))
    return [...builtIn, ...own.map((rule) => ({ ...rule, builtIn: false, changed: false }))]
  }

  get = (name: string): ShownRule | undefined => this.all().find((rule) => rule.name === name)

  /** @throws input.invalid */
  need(name: string): ShownRule {
    const rule = this.get(name)
    if (!rule) throw inputInvalid(`There is no alert rule “${name}”.`)
    return rule
  }

  /** Adds it, or puts it in the place of the one of its name. @throws input.invalid for one that could never hold */
  set(rule: AlertRule): void {
    const problem = this.#problemOf(rule)
    if (problem) throw inputInvalid(problem)
    const own = this.all().filter(({ builtIn }) => !builtIn)
    if (!this.get(rule.name) && own.length >= mostOwn)
      throw inputInvalid(`There are ${mostOwn} rules of your own already. Remove one first.`)
    this.kept.setRule(rule)
  }

  /** One of the person’s own is gone; a built-in one is as it was built. @throws input.invalid when there is nothing to remove */
  remove(name: string): void {
    this.need(name)
    if (!this.kept.dropRule(name))
      throw inputInvalid(`“${name}” is built in and as it was built. Switch it off instead.`)
  }

  /** No rule names a channel that is gone. */
  forgetChannel(channel: string): void {
    for (const { builtIn: _, changed: __, ...rule } of this.all()) {
      const without = (names: readonly string[]) => names.filter((name) => name !== channel)
      const { escalation } = rule
      if (!rule.channels.includes(channel) && !escalation?.channels.includes(channel)) continue
      const up = escalation && { escalation: { ...escalation, channels: without(escalation.channels) } }
      this.kept.setRule({ ...rule, channels: without(rule.channels), ...up })
    }
  }

  #problemOf(rule: AlertRule): string | undefined {
    const type = rule.metric === errorRateMetric ? 'rate' : this.figures.type(rule.metric)
    if (type === undefined) return `Nothing is counted as “${rule.metric}”. What is: gatehouse alerts metrics`
    const unknown = [...rule.channels, ...(rule.escalation?.channels ?? [])].find((name) => !this.isChannel(name))
    if (unknown !== undefined) return `There is no channel “${unknown}”. What there is: gatehouse alerts channels`
    return rule.kind === 'anomaly' ? ofAnomaly(rule, type) : ofThreshold(rule, type)
  }
}

const shortestAnomalySeconds = 1800

function ofAnomaly(rule: AlertRule, type: MetricType | 'rate'): string | undefined {
  if (type === 'rate') return `“${rule.metric}” is a rate of its own; an anomaly rule watches counts, times or gauges.`
  if (rule.sensitivity === undefined) return 'An anomaly rule has a sensitivity from 0.5 to 0.999, e.g. 0.95.'
  if (rule.durationSeconds < shortestAnomalySeconds)
    return 'An anomaly rule compares with at least the last 30 minutes, usually 60.'
  return rule.aggregation === 'p95' && type !== 'histogram' ? noPercentile(rule) : undefined
}

function ofThreshold(rule: AlertRule, type: MetricType | 'rate'): string | undefined {
  if (rule.sensitivity !== undefined) return 'Only an anomaly rule has a sensitivity.'
  if (type === 'rate') return rule.aggregation === 'avg' ? over(rule) : `“${rule.metric}” is a rate: use avg.`
  if (rule.aggregation === 'p95' && type !== 'histogram') return noPercentile(rule)
  return type === 'gauge' ? undefined : over(rule)
}

const noPercentile = ({ metric }: AlertRule) => `“${metric}” is no time that is measured, so it has no percentiles.`
const over = ({ durationSeconds, metric }: AlertRule) =>
  durationSeconds < 60 ? `“${metric}” grows over time: say over how much, at least 60 s.` : undefined
