import type { ScoreParts } from '../../../shared/domain/memory.ts'

/** What makes a concept an answer to the question. */
const relevance = { text: 0.4, vector: 0.45, graph: 0.15 } as const
/**
 * What makes one answer better than another that fits as well: together they raise a score by at most a fifth, and by a
 * third where a session’s goals count.
 */
const standing = { recency: 0.06, reinforcement: 0.12, confidence: 0.02, goals: 0.13 } as const
/** By how much the best standing lifts a score above the worst. */
export const mostLift = (withGoals: boolean): number => (withGoals ? 1.33 : 1.2)
/** A concept is half as recent after this time. */
const recencyHalfLifeMs = 30 * 24 * 3600 * 1000

export const recencyOf = (updatedAt: number, now: number): number =>
  2 ** (-Math.max(0, now - updatedAt) / recencyHalfLifeMs)

/** 0 for a strength that has faded away, one half for that of a new concept, towards 1 when it is used much. */
export const reinforcementOf = (strength: number): number => strength / (1 + strength)

/** How well it answers the question, whatever its standing. */
export const fitsBy = (parts: Pick<ScoreParts, keyof typeof relevance>): number => sum(relevance, parts)

export const scoreOf = (parts: ScoreParts): number =>
  (fitsBy(parts) * (1 + lift(parts))) / mostLift(parts.goals !== undefined)

/** What weighed most in a score, most first; nothing that added less than a hundredth of it. */
export function reasonsOf(parts: ScoreParts): (keyof ScoreParts)[] {
  const fits = fitsBy(parts)
  const added = [
    ...names(relevance).map((name) => ({ name, by: relevance[name] * parts[name] })),
    ...names(standing).map((name) => ({ name, by: standing[name] * (parts[name] ?? 0) * fits })),
  ]
  return added
    .filter(({ by }) => by >= fits / 100 && by > 0)
    .sort((a, b) => b.by - a.by)
    .map(({ name }) => name)
}

const names = <T extends object>(of: T) => Object.keys(of) as (keyof T)[]
const lift = (parts: Pick<ScoreParts, keyof typeof standing>): number => sum(standing, parts)
const sum = <N extends keyof ScoreParts>(weights: { readonly [K in N]: number }, parts: Pick<ScoreParts, N>): number =>
  names(weights).reduce((total, name) => total + weights[name] * (parts[name] ?? 0), 0)
