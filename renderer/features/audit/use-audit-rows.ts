import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { useApi, useMirror } from '../../app/gatehouse-context.tsx'
import type { Filter } from './filter.ts'
import { given } from './given.ts'
import { type AuditEntry, type EntryPage, pageSize } from './live-entries.ts'
import { isAtTop, useLiveEntries } from './use-live-entries.ts'
import { asked, blockOf, blockSize, entryAt, missing, type WholeLog, withBlock } from './whole-log.ts'

/** The log as rows of a table, newest first. */
export interface AuditRows {
  /** Rows that can be scrolled to. */
  readonly count: number
  /** Entries there are, read or not. */
  readonly total: number
  /** There are more than that. */
  readonly more?: boolean
  /** `undefined` while it is being read. */
  readonly entryAt: (row: number) => AuditEntry | undefined
  /** Reads what is missing of the rows that are seen. */
  readonly see: (first: number, end: number) => void
  /** New entries that wait to be shown. */
  readonly waiting: number
  /** Shows them, at the top. */
  readonly catchUp: () => void
}

/** Everything there is: any part of it is read when it is scrolled to. */
export function useWholeLog(first: EntryPage, scroller: RefObject<HTMLElement | null>): AuditRows {
  const api = useApi()
  const told = useMirror((mirror) => mirror.auditSeq) ?? 0
  const newest = Math.max(told, first.entries[0]?.seq ?? 0)
  const [log, setLog] = useState<WholeLog>(() => begun(first))
  const reading = useRef(new Set<string>())
  useEffect(() => {
    if (isAtTop(scroller)) setLog((before) => ({ ...before, top: newest }))
  }, [newest, scroller])
  const see = useCallback(
    (from: number, end: number) => {
      for (const block of missing(log, from, end)) {
        const name = `${block} ${blockOf(log.top) === block ? log.top : ''}`
        if (reading.current.has(name)) continue
        reading.current.add(name)
        const upTo = log.top
        api.audit
          .list(asked(block))
          .then(
            ({ entries }) => setLog((before) => withBlock(before, block, entries, upTo)),
            () => undefined, // seen again, it is asked for again
          )
          .finally(() => reading.current.delete(name))
      }
    },
    [api, log],
  )
  return {
    count: log.top,
    total: newest,
    entryAt: (row) => entryAt(log, row),
    see,
    waiting: newest - log.top,
    catchUp: () => {
      scroller.current?.scrollTo(0, 0)
      setLog((before) => ({ ...before, top: newest }))
    },
  }
}

function begun({ entries }: EntryPage): WholeLog {
  const top = entries[0]?.seq ?? 0
  const blocks = [...Map.groupBy(entries, ({ seq }) => blockOf(seq))]
  const oldest = entries.at(-1)?.seq ?? 0
  return blocks
    .filter(([block]) => block * blockSize + 1 >= oldest)
    .reduce<WholeLog>((log, [block, some]) => withBlock(log, block, some, top), { top, blocks: new Map() })
}

/** What fits a filter: read a page at a time, each when the end of the one before is seen. */
export function useFoundEntries(first: EntryPage, filter: Filter, scroller: RefObject<HTMLElement | null>): AuditRows {
  const api = useApi()
  const { entries, total, done, waiting, catchUp, addOlder } = useLiveEntries(first, filter, scroller)
  const reading = useRef(false)
  const last = entries.at(-1)?.seq
  const see = (_: number, end: number) => {
    if (done || reading.current || last === undefined || end <= entries.length) return
    reading.current = true
    api.audit
      .list({ limit: pageSize, before: last, ...given(filter) })
      .then(addOlder, () => undefined)
      .finally(() => {
        reading.current = false
      })
  }
  const count = entries.length + (done ? 0 : 1)
  return {
    count,
    total: Math.max(total, entries.length),
    more: first.more ?? false,
    entryAt: (row) => entries[row],
    see,
    waiting,
    catchUp,
  }
}
