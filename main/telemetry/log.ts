import { existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { destination, type Logger, pino } from 'pino'

export type Log = Logger

/** A log file is set aside once at start when it has grown past this. */
const largestBytes = 10 * 1024 * 1024
/** What is kept of lines that could not be written yet. */
const mostUnwrittenBytes = 1024 * 1024

/**
 * Structured logs in `logs/gatehouse.log`. Counts and reasons, never contents: known secrets are removed from every line as
 * it is written, whatever field they stand in.
 *
 * @param redact replaces known secret values in a text
 */
export function openLog(
  folder: string,
  level: string,
  redact: (text: string) => string,
): { log: Log; close: () => void } {
  const file = join(folder, 'gatehouse.log')
  if (existsSync(file) && statSync(file).size > largestBytes) renameSync(file, `${file}.1`)
  const out = destination({ dest: file, sync: true, mkdir: true, mode: 0o600, maxLength: mostUnwrittenBytes })
  out.on('error', () => {}) // a full disk must not end the app: lines wait, and are dropped when too many do
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: described } },
    { write: (line) => out.write(redact(line)) },
  )
  return { log, close: () => out.end() }
}

/** Stack traces stay in the log; causes are followed, so that what happened first is seen. */
function described(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause ? { cause: described(error.cause) } : {}),
  }
}
