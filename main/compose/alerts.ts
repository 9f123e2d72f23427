import { hostname } from 'node:os'
import type { AlertChannel, AlertRule, Delivery, NoteKind } from '../../shared/domain/alerts.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { alertWords } from '../../shared/messages/alert-words.ts'
import { AlertSettingsStore } from '../alerts/alert-settings-store.ts'
import { AlertStore, type KeptAlert } from '../alerts/alert-store.ts'
import { Alerts } from '../alerts/alerts.ts'
import { ChannelBook, type ChannelSecrets } from '../alerts/channel-book.ts'
import type { AlertMessage } from '../alerts/channels/message.ts'
import { send } from '../alerts/channels/send.ts'
import { DeliveryStore } from '../alerts/delivery-store.ts'
import type { Figures } from '../alerts/figures.ts'
import { RuleBook } from '../alerts/rule-book.ts'
import { alertSentence, ruleSentence } from '../alerts/sentences.ts'
import { ChannelProblem, Teller } from '../alerts/teller.ts'
import type { Foundation } from './foundation.ts'
import type { Metrics } from './metrics.ts'

/** Everything about alerts that window and command line ask for. */
export interface AlertDesk {
  readonly alerts: Alerts
  readonly rules: RuleBook
  readonly channels: ChannelBook
  readonly deliveries: DeliveryStore
  readonly metrics: Metrics
  sentence(alert: KeptAlert): string
  ruleSentence(rule: AlertRule): string
  /** Tells a channel something now. @returns why that did not work */
  test(channel: AlertChannel): Promise<string | undefined>
  /** Rules or channels were changed: they are looked at and told by what holds now. */
  changed(): void
  start(): void
  stop(): Promise<void>
}

const sweepEveryMs = 3600_000
/** Rules that are looked at together read the same figures. */
const freshMs = 100

export function buildAlerts(base: Foundation, metrics: Metrics): AlertDesk {
  const { store: data, seal, events, log } = base
  const now = () => Date.now()
  const settings = new AlertSettingsStore(data.db, seal, (what, name) =>
    base.forged.found(`The ${what} “${name}” was changed outside Gatehouse and counts for nothing.`),
  )
  const figures = figuresOf(metrics)
  const channels = new ChannelBook(settings, channelSecrets(base))
  const rules = new RuleBook(settings, figures, (name) => channels.all().some((channel) => channel.name === name))
  const store = new AlertStore(data.db)
  const deliveries = new DeliveryStore(data.db)
  const language = () => base.settings.current.language
  const onChange = () => events.emit('alerts.changed', {})
  const sentence = (alert: KeptAlert) => base.redact(alertSentence(alert, rules.get(alert.rule), language()))
  const sendParts = {
    secretOf: (channel: string) => channelSecrets(base).get(channel),
    show: (message: AlertMessage) => tellDesktop(base, message),
    source: hostname(),
  }
  const teller = new Teller({
    deliveries,
    channels: () => channels.all(),
    send: async (channel, delivery, signal) => {
      const alert = store.get(delivery.alert)
      if (!alert) return
      try {
        await send(channel, messageOf(alert, delivery, rules.get(alert.rule)), sendParts, signal)
      } catch (error) {
        if (!(error instanceof ChannelProblem)) log.error({ err: error, channel: channel.name }, 'a channel broke')
        throw error
      }
    },
    onChange,
    onProblem: (channel, problem, dead) => {
      log.warn({ channel, problem, dead }, 'a channel could not be told of an alert')
      if (dead) base.notice('problem', `The channel “${channel}” was given up: ${problem} gatehouse alerts channels`)
    },
    now,
  })
  const alerts = new Alerts({
    store,
    rules: () => rules.all(),
    figures,
    now,
    tell: ({ id }, names, note) => teller.tell(id, names, note),
    record: (what, alert, by) => record(base, what, alert, by),
    onChange,
    onProblem: (problem, error) => log.warn({ err: error }, problem),
  })

  const messageOf = (alert: KeptAlert, { note }: Delivery, rule: AlertRule | undefined): AlertMessage => {
    const shown: KeptAlert = note === 'resolved' ? alert : { ...alert, state: 'open' }
    const text = rule ? base.redact(ruleSentence(rule, language())) : ''
    const { id, rule: name, cause, severity } = alert
    const at = note === 'resolved' ? alert.resolvedAt : note === 'escalated' ? alert.escalatedAt : alert.since
    const told = { alert: id, rule: name, cause: base.redact(cause), severity, note, at: at ?? now() }
    return { ...told, title: sentence(shown), text, status: statusOf(note, severity) }
  }
  const statusOf = (note: NoteKind, severity: KeptAlert['severity']): string => {
    const words = alertWords(language())
    if (note === 'resolved') return words('status.resolved')
    const status = words(`status.${severity}`)
    return note === 'escalated' ? words('status.escalated', { status }) : status
  }
  const test = async (channel: AlertChannel): Promise<string | undefined> => {
    const words = alertWords(language())
    const title = words('test.title', { channel: channel.name })
    const said = { title, text: words('test.text'), status: words('status.test'), at: now() }
    const message: AlertMessage = { ...said, rule: 'test', cause: '', note: 'test', severity: 'info' }
    try {
      await send(channel, message, sendParts, AbortSignal.timeout(30_000))
      return undefined
    } catch (error) {
      if (error instanceof ChannelProblem) return error.message
      throw error
    }
  }
  const look = () => {
    try {
      metrics.refresh()
      alerts.evaluate()
    } catch (error) {
      log.warn({ err: error }, 'alerts could not be looked at')
    }
  }
  const timers: NodeJS.Timeout[] = []
  return {
    alerts,
    rules,
    channels,
    deliveries,
    metrics,
    sentence,
    ruleSentence: (rule) => ruleSentence(rule, language()),
    test,
    changed: () => {
      look()
      teller.wake()
      onChange()
    },
    start: () => {
      alerts.sweep()
      timers.push(setInterval(look, base.config.alerts.everySeconds * 1000).unref())
      timers.push(setInterval(alerts.sweep, sweepEveryMs).unref())
      teller.start()
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      await teller.stop()
    },
  }
}

/** The figures that are kept, by the minute, and gauges as they are. */
function figuresOf(metrics: Metrics): Figures {
  let [families, readAt] = [metrics.families(), 0]
  const family = (name: string) => {
    if (performance.now() - readAt > freshMs) [families, readAt] = [metrics.families(), performance.now()]
    return families.find((one) => one.name === name)
  }
  return {
    type: (name) => family(name)?.type,
    minutes: (name, where, from, by) => metrics.series.read(name, where, from, 60, by === undefined ? [] : [by]),
    now: (name) => (family(name)?.samples ?? []).map(({ labels, value }) => ({ labels, value })),
  }
}

const owner = 'gatehouse' as ServerName
const secretName = (channel: string) => `alert-channel-${channel}`

function channelSecrets({ credentials }: Foundation): ChannelSecrets {
  return {
    get: (channel) => credentials.kept(owner, secretName(channel)),
    set: (channel, value) => credentials.set(owner, secretName(channel), value),
    remove: async (channel) => void (await credentials.remove(owner, secretName(channel))),
  }
}

/** A notification where the shell has any, else a word in the window. */
function tellDesktop({ events }: Foundation, { alert, note, severity, title, text }: AlertMessage): void {
  events.emit('alerts.told', {
    ...(alert === undefined ? {} : { id: alert }),
    severity,
    over: note === 'resolved',
    title,
    text,
  })
}

const happened: Readonly<Record<NoteKind | 'returned' | 'acknowledged', string>> = {
  opened: 'was opened',
  returned: 'was opened again',
  escalated: 'was not answered and went up',
  acknowledged: 'was acknowledged',
  resolved: 'is resolved',
}
const severityOf = { info: 'notice', warning: 'warning', critical: 'critical' } as const

/**
 * Which rule and which cause; no values. What the person does is not done when it cannot be recorded; what happens by itself
 * is told all the same.
 */
function record({ audit, redact, log }: Foundation, what: keyof typeof happened, alert: KeptAlert, by?: string): void {
  const of = alert.cause === '' ? '' : ` of ${alert.cause}`
  const itself =
    what === 'resolved' && by === undefined ? (alert.resolvedBy === 'rule' ? 'with its rule' : 'by itself') : ''
  const how = by === undefined ? itself && ` ${itself}` : ` (${by})`
  const severity = what === 'opened' || what === 'escalated' ? severityOf[alert.severity] : 'notice'
  const summary = redact(`The alert ${alert.id}, “${alert.rule}”${of}, ${happened[what]}${how}`)
  try {
    audit.append({ action: `alert.${what}`, severity, summary })
  } catch (error) {
    if (by !== undefined) throw error
    log.warn({ err: error }, 'an alert could not be recorded')
  }
}
