import { forgetOldCopies } from '../store/before-update.ts'
import type { Foundation } from './foundation.ts'

const everyMs = 24 * 3_600_000

/**
 * What is kept for thirty days goes after them also where Gatehouse runs on: the values before of secrets, and the copy of
 * before an update. Each start drops them too.
 *
 * @returns ends it
 */
export function forgetDaily({
  credentials,
  paths,
  log,
}: Pick<Foundation, 'credentials' | 'paths' | 'log'>): () => void {
  const forget = async () => {
    forgetOldCopies(paths.backups)
    await credentials.forgetFormer()
  }
  const timer = setInterval(
    () => void forget().catch((error) => log.warn({ err: error }, 'what was to be forgotten is still kept')),
    everyMs,
  ).unref()
  return () => clearInterval(timer)
}
