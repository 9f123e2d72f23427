import { categoryOf } from './categories.ts'
import type { Entry } from './entry.ts'
import { readLine } from './entry.ts'
import type { Place } from './journal.ts'
import { linesOf } from './journal-reader.ts'

export type ExportFormat = 'jsonl' | 'csv' | 'cef'

const columns = [
  'seq',
  'time',
  'action',
  'category',
  'severity',
  'decision',
  'client',
  'session',
  'server',
  'tool',
  'summary',
  'durationMs',
  'code',
  'rule',
  'approval',
  'workspace',
] as const

/** Characters after which a piece ends with its line: less than any carrier of answers takes. */
const pieceChars = 4 * 1024 * 1024

/** Where an export ends, and the signed head that says so: nobody can cut off its end unseen. */
export interface ExportEnd extends Pick<Place, 'segment' | 'position'> {
  readonly signed: string
}

export interface ExportPiece {
  readonly text: string
  /** The entry the next piece follows; none after the last. A number, because places move. */
  readonly next?: number
}

/**
 * The log as text, a piece at a time. `jsonl` is the journal itself, contents encrypted, so that its chain can be verified
 * elsewhere; `csv` opens in spreadsheets without running anything; `cef` is for log collectors.
 *
 * @see RFC 4180 and OWASP "CSV injection"; ArcSight Common Event Format, revision 26
 *
 * @param after where the entry lies that the piece before ended with; the beginning without it
 */
export async function exportPiece(
  folder: string,
  format: ExportFormat,
  end: ExportEnd,
  after?: Place,
): Promise<ExportPiece> {
  const lines = format === 'csv' && !after ? [columns.join(',')] : []
  let chars = 0
  const from = after && { segment: after.segment, position: after.position + after.size + 1 }
  for await (const { bytes, segment, position, whole } of linesOf(folder, from)) {
    if (segment > end.segment || (segment === end.segment && position >= end.position)) break
    const line = whole ? exported(bytes, format) : undefined // one still being written is not told yet
    if (line === undefined) continue
    lines.push(line)
    chars += line.length
    const next = chars > pieceChars ? numberOf(bytes) : undefined
    if (next !== undefined) return { text: `${lines.join('\n')}\n`, next }
  }
  if (format === 'jsonl') lines.push(end.signed)
  return { text: lines.map((line) => `${line}\n`).join('') }
}

/** Undefined for a line that cannot be read, which no index finds again. */
function numberOf(line: Buffer): number | undefined {
  const found = readLine(line)
  return 'problem' in found ? undefined : found.entry.seq
}

function exported(bytes: Buffer, format: ExportFormat): string | undefined {
  if (format === 'jsonl') return bytes.toString()
  const line = readLine(bytes)
  if ('problem' in line) return undefined
  return format === 'csv' ? csvLine(line.entry) : cefLine(line.entry)
}

function csvLine(entry: Entry): string {
  const cell = (column: (typeof columns)[number]) =>
    column === 'time'
      ? new Date(entry.time).toISOString()
      : csvCell(String(column === 'category' ? (entry.category ?? categoryOf(entry.action)) : (entry[column] ?? '')))
  return columns.map(cell).join(',')
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r\n|%＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const cefSeverity = { info: 2, notice: 4, warning: 7, critical: 10 } as const

function cefLine(entry: Entry): string {
  const header = ['CEF:0', 'Gatehouse', 'Gatehouse', '1', entry.action, entry.summary].map(cefHeader)
  const extension = {
    rt: entry.time,
    externalId: entry.seq,
    cat: entry.category ?? categoryOf(entry.action),
    act: entry.decision,
    suser: entry.client,
    dhost: entry.server,
    request: entry.tool,
    reason: entry.code,
    cs1Label: entry.workspace === undefined ? undefined : 'workspace',
    cs1: entry.workspace,
  }
  const pairs = Object.entries(extension).filter(([, value]) => value !== undefined)
  const body = pairs.map(([key, value]) => `${key}=${cefValue(String(value))}`).join(' ')
  return `${header.join('|')}|${cefSeverity[entry.severity]}|${body}`
}

const cefHeader = (text: string) => text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' ')
const cefValue = (text: string) => text.replace(/[\\=]/g, '\\$&').replace(/\r\n|[\r\n]/g, '\\n')
