import type { Audit } from '../audit/audit.ts'
import type { Events } from '../events/events.ts'

/** Milliseconds between two looks: thousands of entries a second are one event. */
const lookMs = 500

/** Tells windows that the log has grown, so that they can read what is new. @returns ends it */
export function announceGrowth(audit: Pick<Audit, 'size'>, events: Events): () => void {
  let told = audit.size
  const look = () => {
    const seq = audit.size
    if (seq === told) return
    told = seq
    events.emit('audit.grown', { seq })
  }
  const timer = setInterval(look, lookMs).unref()
  return () => clearInterval(timer)
}
