import { quotaUsedMetric, serverDownMetric } from '../../shared/domain/alerts.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { Series } from '../health/series.ts'
import { SeriesStore } from '../health/series-store.ts'
import { quotaId } from '../limits/quotas/quotas.ts'
import type { Memory } from '../memory/memory.ts'
import { Counts } from '../telemetry/bounded.ts'
import { counter, type Family, gauge, type Sample } from '../telemetry/family.ts'
import { OwnUse } from '../telemetry/own-use.ts'
import type { Areas } from './areas.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'

const lookEveryMs = 15_000
const foldEveryMs = 60_000
const sweepEveryMs = 3600_000

/** Figures of everything: as they are now, and as they were. */
export interface Metrics {
  readonly series: Series
  families(): Family[]
  /** What happened until now is in the series. */
  fold(): void
  /** So are the gauges as they are now. */
  refresh(): void
  start(): void
  stop(): void
}

export function buildMetrics(base: Foundation, hosting: Hosting, areas: Areas, memory: Memory): Metrics {
  const series = new Series(new SeriesStore(base.store.db))
  const own = new OwnUse()
  const asked = new Counts(8)
  const opened = new Counts(8)
  const concepts = rememberedConcepts(base, memory)
  const timers: NodeJS.Timeout[] = []
  const listening = [
    base.events.on('approvals.asked', () => asked.add('asked')),
    base.events.on('approvals.settled', ({ state }) => asked.add(state)),
  ]
  let lookedAtMs = 0
  let lagSeconds = 0
  const growing = (): Family[] => [
    ...base.meter.families(),
    counter('security_violations_total', 'What was done against the rules.', base.violated.samples()),
    counter('gatehouse_questions_total', 'Questions put to the person, and how they ended.', asked.samples('state')),
    counter('mcp_sessions_created_total', 'Sessions since the app started.', opened.samples('door')),
  ]
  const standing = (): Family[] => [
    ...own.families(lagSeconds),
    ...serverGauges(hosting),
    sessionsGauge(areas),
    quotaGauge(areas),
    gauge('gatehouse_questions_pending', 'Questions that wait for the person.', areas.approvals.pending().length),
    gauge('memory_graph_nodes_total', 'Concepts in the memory, as last counted.', concepts.samples()),
  ]
  const safely = (work: () => void) => () => {
    try {
      work()
    } catch (error) {
      base.log.warn({ err: error }, 'figures could not be kept')
    }
  }
  const look = () => {
    const nowMs = performance.now()
    if (lookedAtMs > 0) lagSeconds = Math.max(0, nowMs - lookedAtMs - lookEveryMs) / 1000
    lookedAtMs = nowMs
    own.look()
    series.look(standing())
  }
  const fold = () => series.fold(growing())
  return {
    series,
    families: () => [...growing(), ...standing()],
    fold,
    refresh: () => {
      series.look(standing())
      fold()
    },
    start: () => {
      const seen = new Set<string>()
      listening.push(
        base.events.on('sessions.changed', ({ id, door, state }) => {
          if (state !== 'initializing' || seen.has(id)) return
          if (seen.size > 10_000) seen.clear()
          seen.add(id)
          opened.add(door)
        }),
      )
      timers.push(
        setInterval(safely(look), lookEveryMs).unref(),
        setInterval(() => void concepts.count(), foldEveryMs).unref(),
        setInterval(safely(fold), foldEveryMs).unref(),
        setInterval(
          safely(() => series.sweep()),
          sweepEveryMs,
        ).unref(),
      )
    },
    stop: () => {
      for (const timer of timers) clearInterval(timer)
      for (const end of listening) end()
      safely(fold)()
    },
  }
}

/** Counted after something was written, so that a memory at rest stays at rest. */
function rememberedConcepts({ events, log }: Foundation, memory: Memory) {
  const counted = new Map<string, number>()
  const changed = new Set<string>()
  events.on('memory.changed', ({ workspace }) => changed.add(workspace))
  return {
    samples: () => [...counted].map(([workspace, value]) => ({ labels: { workspace }, value })),
    count: async () => {
      const due = memory.workspaces().filter((workspace) => changed.delete(workspace))
      for (const workspace of due)
        try {
          const { concepts } = await memory.in(workspace).overview()
          counted.set(workspace, concepts)
        } catch (error) {
          log.debug({ err: error }, 'concepts could not be counted')
        }
    },
  }
}

/** Percent; what is not limited is not there. */
function quotaGauge({ quotas }: Areas): Family {
  const samples = quotas.shown().map((quota) => ({
    labels: { quota: quotaId(quota) },
    value: quota.most === 0 ? 100 : (100 * quota.used) / quota.most,
  }))
  return gauge(quotaUsedMetric, 'How much of a limit on use is used.', samples)
}

const over: readonly string[] = ['expired', 'terminated', 'error']

function sessionsGauge({ sessions }: Areas): Family {
  const open = new Map<string, number>()
  for (const { door, state } of sessions.list()) if (!over.includes(state)) open.set(door, (open.get(door) ?? 0) + 1)
  const samples = [...open].map(([door, value]) => ({ labels: { door }, value }))
  return gauge('mcp_active_sessions', 'Sessions that are open.', samples)
}

/** Of every server whose processes run: what they use; of all, whether they are down and whether calls are kept from them. */
function serverGauges({ servers, supervisor }: Hosting): Family[] {
  const names = servers.list().map(({ name }) => name)
  const isDown = ({ name, disabledReason }: ServerConfig) =>
    disabledReason !== undefined || ['failed', 'backing-off'].includes(supervisor.hosted(name).state)
  const open = (name: ServerName) => (supervisor.hosted(name).breaker.state === 'open' ? 1 : 0)
  return [
    gauge('mcp_resource_usage', 'What the processes of a server use: cores, bytes, bytes a second, or how many.', [
      ...names.flatMap((name) => usageOf(name, supervisor.upkeep.governor.usage(name))),
    ]),
    gauge(
      'mcp_circuit_breaker_open',
      'Whether calls are kept from a server that fails.',
      names.map((server) => ({ labels: { server }, value: open(server) })),
    ),
    gauge(
      serverDownMetric,
      'Whether a server cannot be started, or was switched off for a problem.',
      servers.list().map((server) => ({ labels: { server: server.name }, value: isDown(server) ? 1 : 0 })),
    ),
  ]
}

type Usage = ReturnType<Hosting['supervisor']['upkeep']['governor']['usage']>

function usageOf(server: ServerName, usage: Usage): Sample[] {
  if (!usage) return []
  const figures = {
    cpu: usage.cpu,
    memory: usage.memoryBytes,
    disk: usage.readBytes + usage.writtenBytes,
    ...(usage.networkBytes === undefined ? {} : { network: usage.networkBytes }),
    processes: usage.processes,
  }
  return Object.entries(figures).map(([resource, value]) => ({ labels: { server, resource }, value }))
}
