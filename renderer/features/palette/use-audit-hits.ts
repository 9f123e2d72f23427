import { useEffect, useState } from 'react'
import { useReading } from '../../app/gatehouse-context.tsx'
import { go } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { groupMost, type PaletteItem } from './palette-item.ts'

/** Typing rests this long before main is asked, in milliseconds. */
const restMs = 200
const shortest = 2

/** Entries of the log in which the words are; `reading` until the answer for what was typed last is there. */
export function useAuditHits(query: string): { readonly items: readonly PaletteItem[]; readonly reading: boolean } {
  const { when } = useWords()
  const wanted = query.trim().slice(0, 200)
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), restMs)
    return () => clearTimeout(timer)
  }, [wanted])
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
