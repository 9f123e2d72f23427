import type { Audit } from '../audit/audit.ts'
import type { SettingsStore } from '../store/settings-store.ts'
import type { Log } from '../telemetry/log.ts'

const firstAfterMs = 60_000
const everyMs = 24 * 3600 * 1000

/**
 * Erases what is older than the person wants kept, and destroys keys nothing is sealed with any more: a minute after the
 * start, then daily.
 *
 * @returns ends it
 */
export function keepRetention(
  audit: Audit,
  settings: SettingsStore,
  log: Log,
  destroyUnusedKeys: () => Promise<number>,
): () => void {
  const erase = () => {
    const { auditDays: days, auditPiiDays: piiDays } = settings.current
    audit
      .eraseOld({ days, piiDays })
      .then(destroyUnusedKeys)
      .then((count) => {
        const summary = `${count === 1 ? 'One old key' : `${count} old keys`} destroyed: nothing is sealed with them any more`
        if (count > 0) audit.append({ action: 'audit.keys-destroyed', severity: 'notice', summary })
      })
      .then(() => audit.reclaim())
      .then((bytes) => {
        if (bytes > 0) log.info({ bytes }, 'room of erased audit contents given back')
      })
      .catch((error) => log.warn({ err: error }, 'old contents, or keys of theirs, could not be erased'))
  }
  const first = setTimeout(erase, firstAfterMs).unref()
  const daily = setInterval(erase, everyMs).unref()
  return () => {
    clearTimeout(first)
    clearInterval(daily)
  }
}
