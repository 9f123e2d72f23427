import type { ServerName } from '../../shared/domain/ids.ts'
import type { SymptomKind } from '../../shared/domain/incident.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { type Clock, systemClock } from '../approvals/clock.ts'
import { Governor } from './governor/governor.ts'
import type { Usage } from './governor/measure.ts'
import { quotas } from './governor/quotas.ts'
import { HealthMonitor } from './health/health-monitor.ts'
import type { HostedServer } from './hosted-server.ts'
import type { Instance } from './hosted-server-parts.ts'
import type { LiveServer } from './live-server.ts'

export interface UpkeepParts {
  readonly config: (server: ServerName) => ServerConfig | undefined
  readonly hosted: (server: ServerName) => HostedServer
  /** A server was throttled or eased, for the record and the person. */
  readonly onThrottle?: (server: ServerName, throttled: boolean, problem: string) => void
  readonly onChecked?: (server: ServerName, well: boolean) => void
  /** What a process of a server used, as measured. */
  readonly onUsage?: (server: ServerName, usage: Usage) => void
  readonly clock?: Clock
}

const everyMs = 10_000
/** What a process may use where no quota is set, to compare processes of a pool by. */
const wholeCores = 1
const wholeBytes = 512 * 1024 ** 2

/** Watches over every running process: whether it is well, and what it uses. */
export class Upkeep {
  readonly health: HealthMonitor
  readonly governor: Governor
  readonly #pids = new Map<number, ServerName>()

  constructor(private readonly parts: UpkeepParts) {
    const clock = parts.clock ?? systemClock
    this.health = new HealthMonitor({
      clock,
      periodMs: (server) => (parts.config(server)?.running?.healthSeconds ?? everyMs / 1000) * 1000,
      onSilent: (server, instance, problem) => this.#fail(server, instance, problem, 'unresponsive'),
      onChecked: (server, instance, well) => {
        parts.hosted(server).pool.checked(instance, well)
        parts.onChecked?.(server, well)
      },
    })
    this.governor = new Governor({
      clock,
      quotaOf: (server) => quotaOf(parts.config(server)),
      onThrottled: (server, problem) => parts.onThrottle?.(server, true, problem),
      ...(parts.onUsage ? { onSample: parts.onUsage } : {}),
      onEased: (server) => parts.onThrottle?.(server, false, ''),
      onOver: (server, problem) => {
        for (const instance of parts.hosted(server).running.keys()) this.#fail(server, instance, problem, 'over-quota')
      },
    })
  }

  /** @returns stops watching */
  watch(server: ServerName, live: LiveServer, instance: Instance): () => void {
    const unwatch = [this.health.watch(server, instance, live)]
    if (live.pid > 0) {
      this.#pids.set(live.pid, server)
      unwatch.push(this.governor.watch(server, instance, live.pid), () => this.#pids.delete(live.pid))
    }
    return () => {
      for (const end of unwatch) end()
    }
  }

  /** Share of a core and of its memory one process' tree uses, as last measured. */
  shareOf(pid: number): { readonly cpu: number; readonly memory: number } | undefined {
    const server = this.#pids.get(pid)
    const usage = this.governor.usageOf(pid)
    if (server === undefined || usage === undefined) return undefined
    const quota = quotaOf(this.parts.config(server))
    return {
      cpu: usage.cpu / (quota?.cpu ?? wholeCores),
      memory: usage.memoryBytes / (quota ? quota.memoryMb * 1024 ** 2 : wholeBytes),
    }
  }

  #fail(server: ServerName, instance: string, problem: string, kind: SymptomKind): void {
    void this.parts.hosted(server).fail(instance as Instance, problem, kind)
  }
}

/** What the person allows this server to use; undefined without a quota. */
export const quotaOf = (server: ServerConfig | undefined) => {
  const kind = server?.running?.quota
  return kind === undefined || kind === 'none' ? undefined : quotas[kind]
}
