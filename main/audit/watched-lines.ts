import { verificationStopped } from '../../shared/errors.ts'
import type { RawLine } from './journal-reader.ts'

/** Who follows a long reading, and may end it. */
export interface Watch {
  /** Told each whole percent once, rising. */
  readonly onPercent?: (percent: number) => void
  readonly signal?: AbortSignal
}

/**
 * The same lines, followed.
 * @param expected how many there are likely to be; more come while they are read
 * @throws audit.stopped
 */
export async function* watched(
  lines: AsyncIterable<RawLine>,
  expected: number,
  { onPercent, signal }: Watch,
): AsyncGenerator<RawLine> {
  let read = 0
  let told = -1
  for await (const line of lines) {
    if (signal?.aborted) throw verificationStopped()
    const percent = Math.min(100, Math.floor((read++ / Math.max(1, expected)) * 100))
    if (percent > told) onPercent?.(percent)
    told = Math.max(told, percent)
    yield line
  }
}
