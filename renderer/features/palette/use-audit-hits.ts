import { useReading } from '../../app/gatehouse-context.tsx'
import { go } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { groupMost, type Hits } from './palette-item.ts'
import { shortest, useResting } from './use-resting.ts'

/** Entries of the log in which the words are; `reading` until the answer for what was typed last is there. */
export function useAuditHits(query: string): Hits {
  const { when } = useWords()
  const { wanted, asked } = useResting(query)
  const { value, failure } = useReading(async (api) => {
    const { entries } =
      asked.length < shortest ? { entries: [] } : await api.audit.list({ text: asked, limit: groupMost })
    return { asked, entries }
  }, asked)
  const current = value?.asked === wanted
  return {
    reading: wanted.length >= shortest && !current && failure === undefined,
    items: (current ? value.entries : []).map(({ seq, summary, time }) => ({
      id: `audit ${seq}`,
      group: 'audit',
      label: summary,
      detail: when(time),
      run: () => go('audit', String(seq)),
    })),
  }
}
