import type { Identified } from '../exchange.ts'
import type { LimitsPort } from '../ports.ts'

/** Rates, before anything expensive. */
export function throttle(identified: Identified, limits: LimitsPort): void {
  limits.throttle(identified.client, identified.method, identified.session.credential)
  identified.trail.lap('identify')
}
