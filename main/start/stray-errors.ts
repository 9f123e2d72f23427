import type { Foundation } from '../compose/foundation.ts'

const recordedEveryMs = 60_000

/**
 * The last net: an error nobody caught, of a listener or a library, ends neither the app nor the calls of others. Every
 * call still passes the kernel, which refuses what fails. It is logged, and recorded at most once a minute.
 *
 * @returns stops catching
 */
export function catchStrayErrors({ log, audit }: Pick<Foundation, 'log' | 'audit'>): () => void {
  let recordedMs = Number.NEGATIVE_INFINITY
  const caught = (error: unknown) => {
    log.error({ err: error }, 'an error nobody caught')
    if (performance.now() - recordedMs < recordedEveryMs) return
    recordedMs = performance.now()
    try {
      audit.append({ action: 'app.fault', severity: 'critical', summary: 'Something unexpected failed; see the log' })
    } catch {
      // the log above has it
    }
  }
  process.on('uncaughtException', caught)
  process.on('unhandledRejection', caught)
  return () => {
    process.off('uncaughtException', caught)
    process.off('unhandledRejection', caught)
  }
}
