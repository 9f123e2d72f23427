/**
 * Alerts: rules are looked at now and then against the figures that are kept, never on the path of a call. A condition that
 * holds opens an alert of its cause; it is acknowledged by the person, and resolved by itself when the condition ends, or
 * by the person. Channels are told by teller.ts. It refuses to open a second alert of a cause, and to tell of one that
 * comes and goes more often than its rule’s cooldown.
 */
import { type AlertRule, alertKeptMs, type NoteKind, worse } from '../../shared/domain/alerts.ts'
import { newId } from '../../shared/domain/ids.ts'
import { inputInvalid } from '../../shared/errors.ts'
import type { AlertStore, KeptAlert } from './alert-store.ts'
import { coveredBy } from './built-in-rules.ts'
import { type Finding, findings } from './evaluate.ts'
import type { Figures } from './figures.ts'

type Recorded = NoteKind | 'returned' | 'acknowledged'

export interface AlertsParts {
  readonly store: AlertStore
  /** All that are, built in or made by the person. */
  readonly rules: () => readonly AlertRule[]
  readonly figures: Figures
  readonly now: () => number
  /** Channels are told. */
  readonly tell: (alert: KeptAlert, channels: readonly string[], note: NoteKind) => void
  /** For the record: which rule, which cause, no values; and which person. */
  readonly record: (what: Recorded, alert: KeptAlert, by?: string) => void
  readonly onChange: () => void
  readonly onProblem: (problem: string, error?: unknown) => void
}

/** More at once say nothing more, and a rule over many causes must not flood anybody. */
const mostOngoing = 200
const mostKept = 5_000

export class Alerts {
  #toldOfMany = false
  #ongoing = 0
  /** What happened by itself in this look: on record once it is kept, so that one that could not be is not recorded again and again. */
  #happened: { readonly what: Recorded; readonly alert: KeptAlert }[] = []

  constructor(private readonly parts: AlertsParts) {}

  /** Looks at every rule; a rule that cannot be looked at holds up no other. */
  evaluate(): void {
    const { store, rules, record, onChange, onProblem } = this.parts
    let changed = false
    this.#happened = []
    store.together(() => {
      const ongoing = store.ongoing()
      this.#ongoing = ongoing.length
      const found = new Map<string, ReadonlySet<string>>()
      for (const rule of inOrder(rules())) {
        const of = ongoing.filter((alert) => alert.rule === rule.name)
        try {
          changed = this.#look(rule, of, found) || changed
        } catch (error) {
          if (!store.isTogether()) throw error // the database was full, and has undone all of it
          onProblem(`the alert rule “${rule.name}” could not be looked at`, error)
        }
      }
      const known = new Set(rules().map(({ name }) => name))
      for (const alert of ongoing) if (!known.has(alert.rule)) changed = this.#end(alert, undefined, 'rule') || changed
    })
    for (const { what, alert } of this.#happened) record(what, alert)
    if (changed) onChange()
  }

  /** Drops what was over thirty days ago. */
  sweep = (): void => this.parts.store.sweep(this.parts.now() - alertKeptMs, mostKept)

  /** Newest first. */
  list: AlertStore['list'] = (state, most) => this.parts.store.list(state, most)

  /** @throws input.invalid when there is none */
  need(id: string): KeptAlert {
    const alert = this.parts.store.get(id)
    if (!alert) throw inputInvalid(`There is no alert ${id}.`)
    return alert
  }

  /** The person has seen it: it goes no further up. @throws input.invalid when it is over */
  acknowledge(id: string, by: string): KeptAlert {
    const alert = this.need(id)
    if (alert.state === 'resolved') throw inputInvalid(`The alert ${id} is resolved already.`)
    if (alert.state === 'acknowledged') return alert
    const seen: KeptAlert = { ...alert, state: 'acknowledged', acknowledgedAt: this.parts.now() }
    this.parts.store.together(() => this.#save(seen, 'acknowledged', by))
    this.parts.onChange()
    return seen
  }

  /** The person says it is over. It opens again only after its condition has ended. @throws input.invalid when it is over */
  resolve(id: string, by: string): KeptAlert {
    const alert = this.need(id)
    if (alert.state === 'resolved') throw inputInvalid(`The alert ${id} is resolved already.`)
    const rule = this.parts.rules().find(({ name }) => name === alert.rule)
    this.parts.store.together(() => this.#end(alert, rule, 'person', by))
    this.parts.onChange()
    return this.need(id)
  }

  #look(rule: AlertRule, ongoing: readonly KeptAlert[], found: Map<string, ReadonlySet<string>>): boolean {
    if (!rule.enabled) return ongoing.map((alert) => this.#end(alert, rule, 'rule')).some(Boolean)
    const covering = found.get(coveredBy[rule.name] ?? '')
    const now = this.parts.now()
    const holding = findings(rule, this.parts.figures, now / 1000).filter(({ cause }) => !covering?.has(cause))
    found.set(rule.name, new Set(holding.map(({ cause }) => cause)))
    const byCause = new Map(ongoing.map((alert) => [alert.cause, alert]))
    const ended = ongoing.filter(({ cause }) => !found.get(rule.name)?.has(cause))
    const changes = [
      ...ended.map((alert) => this.#end(alert, rule, 'itself')),
      ...holding.map((one) => this.#holds(rule, one, byCause.get(one.cause))),
    ]
    return changes.some(Boolean)
  }

  /** A condition holds. @returns whether anything changed */
  #holds(rule: AlertRule, { cause, value }: Finding, alert: KeptAlert | undefined): boolean {
    if (alert) return alert.state === 'resolved' ? false : this.#goesOn(rule, alert)
    if (this.#ongoing >= mostOngoing) return this.#tooMany()
    this.#ongoing += 1
    const now = this.parts.now()
    const last = this.parts.store.latest(rule.name, cause)
    const cooling = last?.resolvedAt !== undefined && now - last.resolvedAt < rule.cooldownMinutes * 60_000
    if (last && cooling && last.resolvedBy !== 'rule') this.#opensAgain(last, now)
    else this.#opens(rule, cause, value, now)
    return true
  }

  #opens(rule: AlertRule, cause: string, value: number, now: number): void {
    const alert: KeptAlert = {
      id: newId('alert'),
      rule: rule.name,
      cause,
      severity: rule.severity,
      state: 'open',
      openedAt: now,
      since: now,
      returned: 0,
      value,
      holds: true,
      told: 'opened',
    }
    this.#save(alert, 'opened')
    this.parts.tell(alert, rule.channels, 'opened')
  }

  #opensAgain({ resolvedAt: _, resolvedBy: __, acknowledgedAt: ___, ...alert }: KeptAlert, now: number): void {
    this.#save({ ...alert, state: 'open', since: now, returned: alert.returned + 1, holds: true }, 'returned')
  }

  /** Still so: further up when nobody answered, and told of when it came back to stay. */
  #goesOn(rule: AlertRule, alert: KeptAlert): boolean {
    const forMs = this.parts.now() - alert.since
    if (alert.state !== 'open') return false
    if (alert.told === 'resolved' && forMs >= rule.cooldownMinutes * 60_000) {
      const told: KeptAlert = { ...alert, told: 'opened' }
      this.parts.store.save(told)
      this.parts.tell(told, channelsOf(rule, told), 'opened')
      return true
    }
    const { escalation } = rule
    if (!escalation || alert.escalatedAt !== undefined || forMs < escalation.afterMinutes * 60_000) return false
    const escalatedAt = this.parts.now()
    const up: KeptAlert = { ...alert, severity: worse(alert.severity), escalatedAt, told: 'escalated' }
    this.#save(up, 'escalated')
    this.parts.tell(up, channelsOf(rule, up), 'escalated')
    return true
  }

  /** @returns whether anybody sees a difference */
  #end(alert: KeptAlert, rule: AlertRule | undefined, by: 'itself' | 'person' | 'rule', who?: string): boolean {
    const holds = by === 'person' && alert.holds
    if (alert.state === 'resolved') {
      if (holds !== alert.holds) this.parts.store.save({ ...alert, holds })
      return false
    }
    const resolvedAt = this.parts.now()
    const over: KeptAlert = { ...alert, state: 'resolved', resolvedAt, resolvedBy: by, holds, told: 'resolved' }
    this.#save(over, 'resolved', who)
    if (rule && alert.told !== 'resolved') this.parts.tell(over, channelsOf(rule, over), 'resolved')
    return true
  }

  #tooMany(): boolean {
    if (!this.#toldOfMany) this.parts.onProblem(`More than ${mostOngoing} alerts are open; no more are opened.`)
    this.#toldOfMany = true
    return false
  }

  /** What a person does is not done when it cannot be recorded. */
  #save(alert: KeptAlert, what: Recorded, by?: string): void {
    this.parts.store.save(alert)
    if (by === undefined) this.#happened.push({ what, alert })
    else this.parts.record(what, alert, by)
  }
}

/** Covering rules first, so that what they cover is known. */
function inOrder(rules: readonly AlertRule[]): AlertRule[] {
  return [...rules].sort((a, b) => Number(a.name in coveredBy) - Number(b.name in coveredBy))
}

const channelsOf = ({ channels, escalation }: AlertRule, { escalatedAt }: KeptAlert): readonly string[] =>
  escalation && escalatedAt !== undefined ? [...new Set([...channels, ...escalation.channels])] : channels
