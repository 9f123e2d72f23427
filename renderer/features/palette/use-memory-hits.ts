import { useReading } from '../../app/gatehouse-context.tsx'
import { go } from '../../app/route.ts'
import { groupMost, type Hits } from './palette-item.ts'
import { shortest, useResting } from './use-resting.ts'

/** What the memory knows about the words; looking makes nothing stronger. */
export function useMemoryHits(query: string): Hits {
  const { wanted, asked } = useResting(query)
  const { value, failure } = useReading(async (api) => {
    if (asked.length < shortest) return { asked, found: [] }
    return {
      asked,
      ...(await api.memory.recall({ text: asked, limit: groupMost, depth: 0, budget: 1, lookOnly: true })),
    }
  }, asked)
  const current = value?.asked === wanted
  return {
    reading: wanted.length >= shortest && !current && failure === undefined,
    items: (current ? value.found : []).map(({ concept: { id, name, type } }) => ({
      id: `concept ${id}`,
      group: 'memory',
      label: name,
      detail: type,
      run: () => go('memory', id),
    })),
  }
}
