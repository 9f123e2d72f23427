import type { Entry } from './entry.ts'
import { readLine } from './entry.ts'
import { linesOf } from './journal-reader.ts'

export type ExportFormat = 'jsonl' | 'csv' | 'cef'

const columns = [
  'seq',
  'time',
  'action',
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
] as const

/**
 * The log as text, line by line. `jsonl` is the journal itself, contents encrypted, so that its chain can be verified
 * elsewhere; `csv` opens in spreadsheets without running anything; `cef` is for log collectors.
 *
 * @see RFC 4180 and OWASP "CSV injection"; ArcSight Common Event Format, revision 26
 */
export async function* exportLines(folder: string, format: ExportFormat): AsyncGenerator<string> {
  if (format === 'csv') yield columns.join(',')
  for await (const { bytes } of linesOf(folder)) {
    if (format === 'jsonl') yield bytes.toString()
    else {
      const line = readLine(bytes)
      if (!('problem' in line)) yield format === 'csv' ? csvLine(line.entry) : cefLine(line.entry)
    }
  }
}

function csvLine(entry: Entry): string {
  const cell = (column: (typeof columns)[number]) =>
    column === 'time' ? new Date(entry.time).toISOString() : csvCell(String(entry[column] ?? ''))
  return columns.map(cell).join(',')
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r\n|%]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const cefSeverity = { info: 2, notice: 4, warning: 7, critical: 10 } as const

function cefLine(entry: Entry): string {
  const header = ['CEF:0', 'Gatehouse', 'Gatehouse', '1', entry.action, entry.summary].map(cefHeader)
  const extension = {
    rt: entry.time,
    externalId: entry.seq,
    act: entry.decision,
    suser: entry.client,
    dhost: entry.server,
    request: entry.tool,
    reason: entry.code,
  }
  const pairs = Object.entries(extension).filter(([, value]) => value !== undefined)
  const body = pairs.map(([key, value]) => `${key}=${cefValue(String(value))}`).join(' ')
  return `${header.join('|')}|${cefSeverity[entry.severity]}|${body}`
}

const cefHeader = (text: string) => text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' ')
const cefValue = (text: string) => text.replace(/[\\=]/g, '\\$&').replace(/\r?\n/g, '\\n')
