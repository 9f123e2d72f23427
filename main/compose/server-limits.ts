import type { ServerConfig } from '../../shared/domain/server.ts'
import type { ServerLimits } from '../limits/limits.ts'
import { quotaOf } from '../supervisor/upkeep.ts'
import type { Hosting } from './hosting.ts'

/** What the person set for this server; one call at a time while it is over its quota. */
export function limitsOf(server: ServerConfig, usual: ServerLimits, { supervisor }: Hosting): ServerLimits {
  const { callsPerMinute, adaptive } = server.running ?? {}
  const quota = quotaOf(server)
  const most = quota === undefined ? usual.concurrency : Math.min(usual.concurrency, quota.connections)
  return {
    ...usual,
    concurrency: quota !== undefined && supervisor.upkeep.governor.isThrottled(server.name) ? 1 : most,
    ...(callsPerMinute === undefined ? {} : { callsPerMinute }),
    ...(adaptive === undefined ? {} : { adaptive }),
  }
}
