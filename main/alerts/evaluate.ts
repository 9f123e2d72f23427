import type { AlertOperator, AlertRule } from '../../shared/domain/alerts.ts'
import { errorRateMetric } from '../../shared/domain/alerts.ts'
import { emptyCounts, quantile } from '../telemetry/distribution.ts'
import { unusual } from './anomaly.ts'
import type { Figures, MetricType, MinutePoint } from './figures.ts'

/** A cause for which a rule’s condition holds. */
export interface Finding {
  readonly cause: string
  readonly value: number
}

const minute = 60

/**
 * Every cause for which the condition of a rule holds now. Pure: same figures, same findings.
 *
 * Figures are kept by the minute: “over 5 minutes” is the five whole minutes before this one and what there is of this
 * one. A cause nothing is known of is none.
 */
export function findings(rule: AlertRule, figures: Figures, nowSeconds: number): Finding[] {
  const found = rule.kind === 'anomaly' ? anomalies(rule, figures, nowSeconds) : values(rule, figures, nowSeconds)
  const holds = compare[rule.operator]
  return found.filter(({ value }) => holds(value, rule.threshold))
}

export const compare: Readonly<Record<AlertOperator, (value: number, threshold: number) => boolean>> = {
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
}

function values(rule: AlertRule, figures: Figures, nowSeconds: number): Finding[] {
  if (rule.metric === errorRateMetric) return errorRates(rule, figures, nowSeconds)
  const type = figures.type(rule.metric)
  if (type === undefined) return []
  if (rule.durationSeconds === 0) return type === 'gauge' ? nowOf(rule, figures) : []
  const minutes = Math.max(1, Math.round(rule.durationSeconds / minute))
  const found = figures.minutes(rule.metric, rule.where, nowSeconds - rule.durationSeconds, rule.by)
  const groups = found.size === 0 && rule.by === undefined ? new Map([['', []]]) : found
  return [...groups].flatMap(([cause, points]) => {
    const value = aggregate(rule, type, points, minutes)
    return value === undefined ? [] : [{ cause, value }]
  })
}

/** What a gauge shows at this moment. */
function nowOf(rule: AlertRule, figures: Figures): Finding[] {
  const fits = (labels: Readonly<Record<string, string>>) =>
    Object.entries(rule.where).every(([label, value]) => labels[label] === value)
  const groups = new Map<string, number[]>()
  for (const { labels, value } of figures.now(rule.metric)) {
    if (!fits(labels)) continue
    const cause = rule.by === undefined ? '' : (labels[rule.by] ?? '')
    groups.set(cause, [...(groups.get(cause) ?? []), value])
  }
  const point = (shown: readonly number[]): MinutePoint[] =>
    shown.map((value) => ({ at: 0, count: 1, sum: value, most: value }))
  return [...groups].flatMap(([cause, shown]) => {
    const value = aggregate(rule, 'gauge', point(shown), 1)
    return value === undefined ? [] : [{ cause, value }]
  })
}

/** Percent of the calls that reached their server and were answered; refusals and calls that wait count for nothing. */
function errorRates(rule: AlertRule, figures: Figures, nowSeconds: number): Finding[] {
  const from = nowSeconds - Math.max(minute, rule.durationSeconds)
  const ended = (status: string) => figures.minutes('mcp_operations_total', { ...rule.where, status }, from, rule.by)
  const [failed, done] = [ended('error'), ended('success')]
  return [...failed].flatMap(([cause, points]) => {
    const errors = total(points)
    const calls = errors + total(done.get(cause) ?? [])
    return errors > 0 && calls >= rule.leastCalls ? [{ cause, value: (100 * errors) / calls }] : []
  })
}

const total = (points: readonly MinutePoint[]) => points.reduce((sum, point) => sum + point.sum, 0)

/**
 * One number of many minutes.
 *
 * counter: what it grew by: `sum` over the time, `avg` a minute, `max` and `min` of a minute, `count` of minutes in which
 * it grew at all. gauge: `avg` of what was seen, `max` of it, `min` the lowest minute’s average, `sum` of the minutes’
 * averages, `count` of looks. histogram: of what was counted; percentiles, `max` and `min` are estimates of the bucket.
 */
export function aggregate(
  { aggregation, leastCalls }: Pick<AlertRule, 'aggregation' | 'leastCalls'>,
  type: MetricType,
  points: readonly MinutePoint[],
  minutes: number,
): number | undefined {
  if (type === 'histogram') return ofTimes(aggregation, points, leastCalls)
  const each = type === 'counter' ? points.map(({ sum }) => sum) : points.map(({ sum, count }) => sum / count)
  if (type === 'gauge' && each.length === 0) return undefined
  const sum = each.reduce((a, b) => a + b, 0)
  switch (aggregation) {
    case 'sum':
      return sum
    case 'avg':
      return type === 'counter' ? sum / minutes : total(points) / points.reduce((all, { count }) => all + count, 0)
    case 'max':
      return type === 'counter' ? Math.max(0, ...each) : Math.max(...points.map(({ most }) => most))
    case 'min':
      return type === 'counter' && each.length < minutes ? 0 : Math.min(...each)
    case 'count':
      return type === 'counter' ? each.length : points.reduce((all, { count }) => all + count, 0)
    case 'p95':
      return undefined
  }
}

function ofTimes(
  aggregation: AlertRule['aggregation'],
  points: readonly MinutePoint[],
  leastCalls: number,
): number | undefined {
  const count = points.reduce((all, point) => all + point.count, 0)
  if (aggregation === 'count') return count
  if (count === 0 || count < leastCalls) return undefined
  if (aggregation === 'sum') return total(points)
  if (aggregation === 'avg') return total(points) / count
  const counts = emptyCounts()
  for (const point of points)
    for (let at = 0; at < counts.length; at++) counts[at] = (counts[at] as number) + (point.counts?.[at] ?? 0)
  return quantile(counts, { p95: 0.95, max: 1, min: 0 }[aggregation])
}

/** The value of a cause is that of its last whole minute, where the latest minutes are far from what is usual for it. */
function anomalies(rule: AlertRule, figures: Figures, nowSeconds: number): Finding[] {
  const type = figures.type(rule.metric)
  if (type === undefined) return []
  const thisMinute = Math.floor(nowSeconds / minute) * minute
  const found = figures.minutes(rule.metric, rule.where, thisMinute - rule.durationSeconds, rule.by)
  return [...found].flatMap(([cause, points]) => {
    const whole = points
      .filter(({ at }) => at < thisMinute)
      .flatMap((point) => {
        const value = aggregate(rule, type, [point], 1)
        return value === undefined ? [] : [{ at: point.at, value }]
      })
    const up = rule.operator.startsWith('>')
    const value = unusual(whole, { lastMinute: thisMinute - minute, sensitivity: rule.sensitivity ?? 0.95, up })
    return value === undefined ? [] : [{ cause, value }]
  })
}
