import { type RefObject, useEffect, useRef, useState } from 'react'
import { useApi, useMirror } from '../../app/gatehouse-context.tsx'
import type { Filter } from './filter.ts'
import { given } from './given.ts'
import { arrived, beginWith, caughtUp, type EntryPage, type LiveEntries, pageSize, withOlder } from './live-entries.ts'

/** Pixels from its beginning that still count as the top of the log. */
const topPx = 8
export const isAtTop = (scroller: RefObject<HTMLElement | null>) => (scroller.current?.scrollTop ?? 0) < topPx

export interface Following extends LiveEntries {
  /** How many new entries wait to be shown. */
  readonly waiting: number
  /** Shows them, at the top. */
  readonly catchUp: () => void
  readonly addOlder: (page: EntryPage) => void
}

/** Reads the newest page again whenever main says that the log has grown, and after a lost connection. */
export function useLiveEntries(first: EntryPage, filter: Filter, scroller: RefObject<HTMLElement | null>): Following {
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
      (page) => setLive((before) => arrived(before, page, isAtTop(scroller))),
      () => undefined, // the next entry, or the connection's return, reads again
    )
  }, [api, auditSeq, connected, filter, scroller])
  return {
    ...live,
    waiting: live.fresh ? Math.max(1, live.fresh.total - live.total) : 0,
    catchUp: () => {
      scroller.current?.scrollTo(0, 0)
      setLive(caughtUp)
    },
    addOlder: (page) => setLive((before) => withOlder(before, page)),
  }
}
