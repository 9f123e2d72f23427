/**
 * What went wrong with servers, for 30 days: one open incident a server, with every symptom that showed and every repair
 * that was tried. It records; `repairer.ts` acts.
 */
import { type EpochMs, newId, type ServerName } from '../../../shared/domain/ids.ts'
import {
  type Incident,
  type IncidentStatus,
  isSecurity,
  type RepairAttempt,
  type SymptomKind,
} from '../../../shared/domain/incident.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { IncidentStore } from './incident-store.ts'

export interface IncidentsParts {
  readonly store: IncidentStore
  readonly now: () => EpochMs
  readonly redact: (text: string) => string
  readonly onChange: (incident: Incident) => void
}

const keptMs = 30 * 24 * 3_600_000
/** A server that fails all night fills no database. */
const mostSymptoms = 50
const mostListed = 10_000

export interface IncidentFigures {
  readonly open: number
  readonly resolved: number
  readonly escalated: number
  /** Mean time from opening to being resolved; absent while nothing was. */
  readonly meanRepairMs?: number
  /** Resolved among those that are over; absent while none is. */
  readonly successRate?: number
}

export class Incidents {
  readonly #open = new Map<ServerName, Incident>()

  /** What a former run left open ended with it: its processes are gone. What only the person resolves stays open. */
  constructor(private readonly parts: IncidentsParts) {
    const now = parts.now()
    parts.store.forgetBefore((now - keptMs) as EpochMs)
    for (const left of parts.store.open()) {
      if (isForPerson(left)) this.#open.set(left.server, left)
      else parts.store.save({ ...left, status: 'resolved', closedAt: now })
    }
  }

  openOf = (server: ServerName): Incident | undefined => this.#open.get(server)

  /** Adds to the server's open incident, or opens one. */
  symptom(server: ServerName, kind: SymptomKind, detail: string): Incident {
    const at = this.parts.now()
    const symptom = { at, kind, detail: this.parts.redact(detail) }
    const present = this.#open.get(server)
    if (present !== undefined) {
      const symptoms = shortened([...present.symptoms, symptom])
      return this.#keep({ ...present, symptoms, ...(isSecurity(kind) ? { severity: 'critical' } : {}) })
    }
    this.parts.store.forgetBefore((at - keptMs) as EpochMs)
    const id = newId('incident')
    return this.#keep({
      id,
      server,
      status: 'open',
      severity: kind === 'breaker-open' || kind === 'intrusion' || isSecurity(kind) ? 'critical' : 'warning',
      openedAt: at,
      symptoms: [symptom],
      attempts: [],
    })
  }

  attempted(server: ServerName, { strategy, worked, detail }: Omit<RepairAttempt, 'at'>): void {
    const present = this.#open.get(server)
    if (present === undefined) return
    const attempt = { at: this.parts.now(), strategy, worked, detail: this.parts.redact(detail) }
    this.#keep({ ...present, attempts: [...present.attempts.slice(-(mostSymptoms - 1)), attempt] })
  }

  /** A repair is over. @returns undefined when the server had none open that a repair could end */
  close(server: ServerName, status: Exclude<IncidentStatus, 'open'>): Incident | undefined {
    const present = this.#open.get(server)
    if (present === undefined || isForPerson(present)) return undefined
    const severity = status === 'escalated' ? 'critical' : present.severity
    return this.#keep({ ...present, status, severity, closedAt: this.parts.now() })
  }

  /** Newest first. */
  list(filter: { readonly server?: string; readonly status?: IncidentStatus } = {}): Incident[] {
    return this.parts.store
      .list(mostListed)
      .filter(({ server, status }) => (filter.server ?? server) === server && (filter.status ?? status) === status)
  }

  /** @throws input.invalid when there is none */
  need(id: string): Incident {
    const found = this.parts.store.get(id)
    if (found === undefined) throw inputInvalid(`There is no incident ${id}.`)
    return found
  }

  /** The person dealt with it. @throws input.invalid when there is none, or it is resolved already */
  resolve(id: string): Incident {
    const found = this.need(id)
    if (found.status === 'resolved') throw inputInvalid('This incident is resolved already.')
    return this.#keep({ ...found, status: 'resolved', closedAt: this.parts.now() })
  }

  /** The server is gone: nothing of it can be dealt with. */
  serverRemoved(server: ServerName): void {
    const present = this.#open.get(server)
    if (present) this.#keep({ ...present, status: 'resolved', closedAt: this.parts.now() })
  }

  /** Writes anew each incident that `change` makes another one of. @returns how many */
  rewrite(change: (incident: Incident) => Incident): number {
    let count = 0
    for (const incident of this.parts.store.list(mostListed)) {
      const changed = change(incident)
      if (changed === incident) continue
      this.#keep(changed)
      count += 1
    }
    return count
  }

  figures(): IncidentFigures {
    const all = this.parts.store.list(mostListed)
    const resolved = all.filter(({ status }) => status === 'resolved')
    const escalated = all.filter(({ status }) => status === 'escalated').length
    const repairMs = resolved.reduce((sum, one) => sum + ((one.closedAt ?? one.openedAt) - one.openedAt), 0)
    return {
      open: all.filter(({ status }) => status === 'open').length,
      resolved: resolved.length,
      escalated,
      ...(resolved.length === 0 ? {} : { meanRepairMs: Math.round(repairMs / resolved.length) }),
      ...(resolved.length + escalated === 0 ? {} : { successRate: resolved.length / (resolved.length + escalated) }),
    }
  }

  #keep(incident: Incident): Incident {
    if (incident.status === 'open') this.#open.set(incident.server, incident)
    else if (this.#open.get(incident.server)?.id === incident.id) this.#open.delete(incident.server)
    this.parts.store.save(incident)
    this.parts.onChange(incident)
    return incident
  }
}

/** Only the person calls it resolved. */
const isForPerson = ({ symptoms }: Incident): boolean => symptoms.some(({ kind }) => isSecurity(kind))

/** What makes it the person's stays, however much follows. */
function shortened(symptoms: Incident['symptoms']): Incident['symptoms'] {
  if (symptoms.length <= mostSymptoms) return symptoms
  const first = symptoms.find(({ kind }) => isSecurity(kind))
  const latest = symptoms.slice(-(mostSymptoms - 1))
  return first && !latest.includes(first) ? [first, ...latest] : symptoms.slice(-mostSymptoms)
}
