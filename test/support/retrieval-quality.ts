import type { Question, Recall } from '../../shared/domain/memory.ts'

export interface Asked {
  readonly text: string
  /** Names of the concepts that answer it. */
  readonly answers: readonly string[]
}
export const rankingsCompared = { hybrid: undefined, 'vector only': ['vector'], 'BM25 only': ['text'] } as const
export type Compared = keyof typeof rankingsCompared

/** Share of the answers that are among the first ten, over all questions; and the mean of 1 / the first one's place. */
export async function qualityOf(
  recall: (question: Question) => Promise<Recall>,
  questions: readonly Asked[],
): Promise<Record<Compared, { recallAt10: number; reciprocalRank: number }>> {
  const measured = await Promise.all(
    Object.entries(rankingsCompared).map(async ([name, by]) => {
      let [found, wanted, reciprocal] = [0, 0, 0]
      for (const { text, answers } of questions) {
        const said = await recall({ text, limit: 10, depth: 0, budget: 1, ...(by ? { by } : {}) })
        const names = said.found.map(({ concept }) => concept.name)
        wanted += answers.length
        found += answers.filter((answer) => names.includes(answer)).length
        const place = names.findIndex((one) => answers.includes(one))
        reciprocal += place < 0 ? 0 : 1 / (place + 1)
      }
      return [name, { recallAt10: found / wanted, reciprocalRank: reciprocal / questions.length }] as const
    }),
  )
  return Object.fromEntries(measured) as Record<Compared, { recallAt10: number; reciprocalRank: number }>
}
