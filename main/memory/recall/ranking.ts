import type { ScoreParts } from '../../../shared/domain/memory.ts'

/** What makes a concept an answer to the question. */
const relevance = { text: 0.5, vector: 0.35, graph: 0.15 } as const
/** What makes one answer better than another that fits as well: together they raise a score by at most a fifth. */
const standing = { recency: 0.06, reinforcement: 0.12, confidence: 0.02 } as const
/** A concept is half as recent after this time. */
const recencyHalfLifeMs = 30 * 24 * 3600 * 1000

export const recencyOf = (updatedAt: number, now: number): number =>
  2 ** (-Math.max(0, now - updatedAt) / recencyHalfLifeMs)

/** 0 for a strength that has faded away, one half for that of a new concept, towards 1 when it is used much. */
export const reinforcementOf = (strength: number): number => strength / (1 + strength)

export function scoreOf(parts: ScoreParts): number {
  const fits = sum(relevance, parts)
  return (fits * (1 + sum(standing, parts))) / (1 + 0.2)
}

/** What weighed most in a score, most first; nothing that added less than a hundredth of it. */
export function reasonsOf(parts: ScoreParts): (keyof ScoreParts)[] {
  const fits = sum(relevance, parts)
  const added = [
    ...names(relevance).map((name) => ({ name, by: relevance[name] * parts[name] })),
    ...names(standing).map((name) => ({ name, by: standing[name] * parts[name] * fits })),
  ]
  return added
    .filter(({ by }) => by >= fits / 100 && by > 0)
    .sort((a, b) => b.by - a.by)
    .map(({ name }) => name)
}

const names = <T extends object>(of: T) => Object.keys(of) as (keyof T)[]
const sum = <N extends keyof ScoreParts>(weights: Readonly<Record<N, number>>, parts: ScoreParts): number =>
  names(weights).reduce((total, name) => total + weights[name] * parts[name], 0)
