import {
  type Alert,
  type AlertRule,
  errorRateMetric,
  quotaUsedMetric,
  serverDownMetric,
} from '../../shared/domain/alerts.ts'
import { type AlertKey, type AlertWords, alertWords, hasWords } from '../../shared/messages/alert-words.ts'
import type { Language } from '../../shared/messages/messages.ts'

/** What a rule watches for, as a sentence. */
export function ruleSentence(rule: AlertRule, language: Language): string {
  const words = alertWords(language)
  if (isDown(rule)) return words('rule.down')
  const parts = {
    what: whatOf(rule, words),
    where: Object.entries(rule.where)
      .map(([label, value]) => words('where', { label, value }))
      .join(','),
    each: rule.by === undefined ? '' : words('each', { label: rule.by }),
    over: rule.durationSeconds === 0 ? '' : words('over.time', { duration: durationOf(rule, words) }),
    operator: words(`operator.${rule.operator}`),
    threshold: amount(rule, rule.threshold, language),
  }
  if (rule.kind === 'threshold') return tidy(words('rule.threshold', parts))
  const direction = words(rule.operator.startsWith('>') ? 'direction.up' : 'direction.down')
  const sensitivity = percent((rule.sensitivity ?? 0) * 100, language)
  return tidy(words('rule.anomaly', { ...parts, direction, duration: durationOf(rule, words), sensitivity }))
}

/** What is so, as a sentence; of one that is over, that it is. */
export function alertSentence(alert: Alert, rule: AlertRule | undefined, language: Language): string {
  const words = alertWords(language)
  const title = titleOf(alert, rule, words, language)
  if (alert.state !== 'resolved') return title
  return words(alert.resolvedBy === 'person' ? 'over.person' : 'over', { title })
}

function titleOf(
  { rule: name, cause, value }: Alert,
  rule: AlertRule | undefined,
  words: AlertWords,
  language: Language,
) {
  if (!rule) return `${name}: ${cause}.`
  const named = { cause: causeOf(rule, cause), value: amount(rule, value, language) }
  const own = rule.kind === 'threshold' && cause !== '' ? special(rule) : undefined
  if (own) return words(own, named)
  const of = cause === '' ? '' : words('of', named)
  return words(rule.kind === 'anomaly' ? 'alert.unusual' : 'alert.other', { ...named, of, what: whatOf(rule, words) })
}

function special(rule: AlertRule): AlertKey | undefined {
  if (isDown(rule)) return 'alert.down'
  if (rule.metric === quotaUsedMetric && rule.aggregation === 'max') return 'alert.quota'
  if (rule.by !== 'server') return undefined
  if (rule.metric === errorRateMetric) return 'alert.rate'
  return rule.metric === 'mcp_operation_duration_seconds' && rule.aggregation === 'p95' ? 'alert.slow' : undefined
}

const isDown = ({ metric, by, operator, threshold, where }: AlertRule) =>
  metric === serverDownMetric &&
  by === 'server' &&
  operator === '>=' &&
  threshold === 1 &&
  Object.keys(where).length === 0

/** Of a quota: “editor”, 100 calls an hour, rather than its key. */
function causeOf({ metric, by }: AlertRule, cause: string): string {
  if (metric !== quotaUsedMetric || by !== 'quota') return cause
  const [holder = '', ...rest] = cause.split(':')
  const [measure = '', per = ''] = rest.slice(-2)
  return `${holder} ${rest.slice(0, -2).join(':')}, ${measure}/${per}`
}

const whatOf = ({ aggregation, metric }: AlertRule, words: AlertWords) =>
  words(`what.${aggregation}`, { metric: hasWords(metric) ? words(`metric.${metric}` as AlertKey) : metric })

function durationOf({ durationSeconds }: AlertRule, words: AlertWords): string {
  const minutes = Math.max(1, Math.round(durationSeconds / 60))
  if (minutes % 60 !== 0)
    return minutes === 1 ? words('duration.minute') : words('duration.minutes', { count: `${minutes}` })
  return minutes === 60 ? words('duration.hour') : words('duration.hours', { count: `${minutes / 60}` })
}

/** A figure with its unit, which its metric’s name says; a count is a plain number. */
export function amount({ metric, aggregation }: AlertRule, value: number, language: Language): string {
  if (aggregation === 'count') return plain(value, language)
  if (metric.endsWith('_percent')) return percent(value, language)
  if (metric.endsWith('_seconds') || metric.endsWith('_seconds_total')) return seconds(value, language)
  if (metric.endsWith('_bytes')) return `${plain(value / 2 ** 20, language)} MB`
  return plain(value, language)
}

const seconds = (value: number, language: Language) =>
  value < 1 ? `${plain(value * 1000, language)} ms` : `${plain(value, language)} s`
const percent = (value: number, language: Language) => `${plain(value, language)} %`
const plain = (value: number, language: Language) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value)
const tidy = (text: string) => text.replace(/, ,/g, ',').replace(/\s+/g, ' ')
