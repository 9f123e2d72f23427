/**
 * What follows when a server did what it must not, or behaves unlike itself: an incident with the evidence, and a measure
 * by severity. Every measure is taken back with one decision of the person's, by resolving the incident.
 *
 * It finds nothing out itself and decides no call.
 *
 * @see spec/platform.md, A: critical → revoke; high → suspend; medium → increased monitoring; low → log
 */
import type { IncidentId, ServerName } from '../../shared/domain/ids.ts'
import type { Measure, SecurityKind } from '../../shared/domain/incident.ts'

export type ViolationSeverity = 'low' | 'medium' | 'high' | 'critical'

export interface Violation {
  readonly server: ServerName
  readonly kind: SecurityKind
  readonly severity: ViolationSeverity
  /** What was seen, in whole sentences for the person; no secrets. */
  readonly evidence: string
}

export interface ViolationsParts {
  /** Switched on and known; a server that is off already is not switched off again. */
  readonly isOn: (server: ServerName) => boolean
  /** Ends its processes and calls and keeps it off. `revoke`: this very code of it is not to come back by itself. */
  readonly takeOff: (server: ServerName, measure: 'suspend' | 'revoke', reason: string) => void
  /** Looks at it more often for a while. */
  readonly watch: (server: ServerName) => void
  /** @returns the incident it now belongs to */
  readonly incident: (violation: Violation, measure: Measure) => IncidentId
  readonly record: (violation: Violation, measure: Measure | 'log', summary: string) => void
  readonly tell: (sentence: string) => void
}

const measures: Readonly<Record<ViolationSeverity, Measure | 'log'>> = {
  critical: 'revoke',
  high: 'suspend',
  medium: 'watch',
  low: 'log',
}

const sameForMs = 60_000

export class Violations {
  readonly #latest = new Map<string, number>()

  constructor(private readonly parts: ViolationsParts) {}

  /** The same of the same server within a minute counts once. */
  report(violation: Violation): void {
    const { server, evidence, severity } = violation
    if (this.#isRepeated(`${server} ${severity} ${evidence}`)) return
    const measure = measures[severity]
    const follows = {
      revoke: 'It was switched off.',
      suspend: 'It was switched off.',
      watch: 'It is watched.',
      log: '',
    }
    const summary = `“${server}”: ${evidence} ${follows[measure]}`.trim()
    this.parts.record(violation, measure, summary)
    if (measure === 'log') return
    const incident = this.parts.incident(violation, measure)
    if (measure === 'watch') this.parts.watch(server)
    else if (this.parts.isOn(server)) this.#takeOff(violation, measure, incident, summary)
  }

  #takeOff(
    { server, evidence }: Violation,
    measure: 'suspend' | 'revoke',
    incident: IncidentId,
    summary: string,
  ): void {
    this.parts.takeOff(
      server,
      measure,
      `${evidence} It goes on once you resolve the incident: gatehouse incidents resolve ${incident}`,
    )
    this.parts.tell(summary)
  }

  #isRepeated(what: string): boolean {
    const now = performance.now()
    for (const [key, at] of this.#latest) if (now - at > sameForMs) this.#latest.delete(key)
    if (this.#latest.has(what)) return true
    this.#latest.set(what, now)
    return false
  }
}
