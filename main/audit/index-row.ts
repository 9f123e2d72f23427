import type { z } from 'zod'
import type { auditEntry } from '../../shared/contract/audit.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { categoryOf } from './categories.ts'
import type { Entry } from './entry.ts'
import type { Place } from './journal.ts'

export type AuditEntry = z.input<typeof auditEntry>

/** What became of an entry's encrypted contents; of those erased, whether their room was given back. */
export const contentStates = { none: 0, kept: 1, erased: 2, reclaimed: 3 } as const

export interface EntryRow {
  seq: number
  time: number
  action: string
  category: string
  severity: AuditEntry['severity']
  decision: string | null
  client: string | null
  session: string | null
  server: string | null
  tool: string | null
  summary: string
  duration_ms: number | null
  code: string | null
  intent: number | null
  pii: number
  contents: number
  hash: string
  segment: number
  position: number
  size: number
}

/** In the order of the table. */
export const columns = [
  ...['seq', 'time', 'action', 'category', 'severity', 'decision', 'client', 'session', 'server', 'tool', 'summary'],
  ...['duration_ms', 'code', 'intent', 'pii', 'contents', 'hash', 'segment', 'position', 'size'],
] as readonly (keyof EntryRow)[]

/** By their places, which SQLite is given a quarter faster than by their names. */
export const valuesOf = (row: EntryRow): EntryRow[keyof EntryRow][] => columns.map((column) => row[column])

export function rowOf(entry: Entry, hash: string, place: Place, erased = false): EntryRow {
  const hasContents = (entry.contents ?? entry.arguments ?? entry.result) !== undefined
  return {
    seq: entry.seq,
    time: entry.time,
    action: entry.action,
    category: entry.category ?? categoryOf(entry.action),
    severity: entry.severity,
    decision: entry.decision ?? null,
    client: entry.client ?? null,
    session: entry.session ?? null,
    server: entry.server ?? null,
    tool: entry.tool ?? null,
    summary: entry.summary,
    duration_ms: entry.durationMs ?? null,
    code: entry.code ?? null,
    intent: entry.intent ?? null,
    pii: entry.labels?.some((label) => label.startsWith('pii')) ? 1 : 0,
    contents: erased ? contentStates.erased : hasContents ? contentStates.kept : contentStates.none,
    hash,
    segment: place.segment,
    position: place.position,
    size: place.size,
  }
}

export function toAuditEntry(row: EntryRow): AuditEntry {
  const optional = {
    decision: row.decision,
    client: row.client,
    session: row.session,
    server: row.server,
    tool: row.tool,
    durationMs: row.duration_ms,
    code: row.code,
  }
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null))
  return {
    seq: row.seq,
    time: row.time as EpochMs,
    action: row.action,
    category: row.category as AuditEntry['category'],
    severity: row.severity,
    summary: row.summary,
    ...(row.contents >= contentStates.erased ? { erased: true as const } : {}),
    ...(present as Partial<AuditEntry>),
  }
}
