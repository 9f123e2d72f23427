import { useEffect, useRef, useState } from 'react'
import { useApi, useMirror } from '../../app/gatehouse-context.tsx'
import type { Filter } from './audit-filters.tsx'
import { arrived, beginWith, caughtUp, type EntryPage, type LiveEntries, pageSize, withOlder } from './live-entries.ts'

/** Pixels from its beginning that still count as the top of the log. */
const topPx = 8
const scroller = () => document.getElementById('main')

export interface Following extends LiveEntries {
  /** How many new entries wait to be shown. */
  readonly waiting: number
  /** Shows them, at the top. */
  readonly catchUp: () => void
  readonly addOlder: (page: EntryPage) => void
}

/** Reads the newest page again whenever main says that the log has grown, and after a lost connection. */
export function useLiveEntries(first: EntryPage, filter: Filter): Following {
  const api = useApi()
  const auditSeq = useMirror((mirror) => mirror.auditSeq)
  const connected = useMirror((mirror) => mirror.connection === 'connected')
  const [live, setLive] = useState(() => beginWith(first))
  const told = useRef({ auditSeq, connected })
  useEffect(() => {
    if (told.current.auditSeq === auditSeq && told.current.connected === connected) return
    told.current = { auditSeq, connected }
    if (!connected) return
    api.audit.list({ limit: pageSize, ...given(filter) }).then(
      (page) => setLive((before) => arrived(before, page, (scroller()?.scrollTop ?? 0) < topPx)),
      () => undefined, // the next entry, or the connection's return, reads again
    )
  }, [api, auditSeq, connected, filter])
  return {
    ...live,
    waiting: live.fresh ? Math.max(1, live.fresh.total - live.total) : 0,
    catchUp: () => {
      scroller()?.scrollTo(0, 0)
      setLive(caughtUp)
    },
    addOlder: (page) => setLive((before) => withOlder(before, page)),
  }
}

/** Only what was filled in. */
export function given(filter: Filter): Given {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))
}
type Given = { readonly [K in keyof Filter]?: Exclude<Filter[K], ''> }
