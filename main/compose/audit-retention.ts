import type { Audit } from '../audit/audit.ts'
import type { SettingsStore } from '../store/settings-store.ts'
import type { Log } from '../telemetry/log.ts'

const firstAfterMs = 60_000
const everyMs = 24 * 3600 * 1000

/** Erases what is older than the person wants kept: a minute after the start, then daily. @returns ends it */
export function keepRetention(audit: Audit, settings: SettingsStore, log: Log): () => void {
  const erase = () => {
    const { auditDays: days, auditPiiDays: piiDays } = settings.current
    audit.eraseOld({ days, piiDays }).catch((error) => log.warn({ err: error }, 'old contents could not be erased'))
  }
  const first = setTimeout(erase, firstAfterMs).unref()
  const daily = setInterval(erase, everyMs).unref()
  return () => {
    clearTimeout(first)
    clearInterval(daily)
  }
}
