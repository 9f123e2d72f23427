import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { CallPoint, ResourcePoint } from '../../../shared/contract/metrics.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import { callSteps, type MetricRange, metricRanges } from '../../../shared/domain/metrics.ts'
import type { Point } from '../../health/series.ts'
import { emptyCounts, quantile } from '../../telemetry/distribution.ts'
import { metricsJson, prometheusText } from '../../telemetry/prometheus.ts'
import type { Traces } from '../../telemetry/traces.ts'
import type { Metrics } from '../metrics.ts'

const mostTools = 50

export function metricsHandlers(metrics: Metrics): GatehouseHandlers['metrics'] {
  const { series } = metrics
  const reading = (range: MetricRange) => {
    metrics.fold() // what happened this minute is part of the picture
    const { seconds, step } = metricRanges[range]
    const nowSeconds = Date.now() / 1000
    const first = Math.floor((nowSeconds - seconds) / step) * step + step
    const times: number[] = []
    for (let at = first; at <= nowSeconds; at += step) times.push(at)
    const read = (name: string, where: Readonly<Record<string, string>>, by: readonly string[] = []) =>
      series.read(name, where, first, step, by)
    return { times, step, read }
  }
  return {
    calls: ({ range, server, client }) => {
      const { times, step, read } = reading(range)
      const where = { ...(server ? { server } : {}), ...(client ? { client } : {}) }
      const ends = read('mcp_operations_total', where, ['status'])
      const took = byTime(read('mcp_operation_duration_seconds', where).get('') ?? [])
      const ended = (status: string) => byTime(ends.get(status) ?? [])
      const by = {
        success: ended('success'),
        error: ended('error'),
        refused: ended('refused'),
        waiting: ended('waiting'),
      }
      const points = times.map((at) => ({
        at: (at * 1000) as EpochMs,
        ...tally((status) => by[status].get(at)?.sum ?? 0),
        ...percentiles(took.get(at)?.counts),
      }))
      const whole = (status: keyof typeof by) => [...by[status].values()].reduce((sum, one) => sum + one.sum, 0)
      const spent = read('gatehouse_step_seconds_total', server ? { server } : {}, ['step'])
      return {
        stepSeconds: step,
        points,
        total: { ...tally(whole), ...percentiles(together([...took.values()])) },
        steps: callSteps.map((name) => ({
          step: name,
          seconds: (spent.get(name) ?? []).reduce((sum, one) => sum + one.sum, 0),
        })),
      }
    },
    resources: ({ range, of }) => {
      const { times, step, read } = reading(range)
      const mean = (name: string, where: Readonly<Record<string, string>>) =>
        means(read(name, where, ['server']).values())
      const where = of.kind === 'servers' && of.server ? { server: of.server } : {}
      const [cpu, memory] =
        of.kind === 'app'
          ? [mean('mcp_cpu_usage_percent', {}), mean('mcp_memory_usage_bytes', { type: 'rss' })]
          : [
              mean('mcp_resource_usage', { ...where, resource: 'cpu' }),
              mean('mcp_resource_usage', { ...where, resource: 'memory' }),
            ]
      const cores = of.kind === 'app' ? 1 / 100 : 1
      const points = times.map((at): ResourcePoint => {
        const [used, bytes] = [cpu.get(at), memory.get(at)]
        return {
          at: (at * 1000) as EpochMs,
          ...(used === undefined ? {} : { cpu: used * cores }),
          ...(bytes === undefined ? {} : { memoryBytes: bytes }),
        }
      })
      return { stepSeconds: step, points }
    },
    tools: ({ range }) => {
      const { read } = reading(range)
      const took = read('mcp_tool_execution_duration_seconds', {}, ['tool_name'])
      const ends = read('mcp_tool_executions_total', {}, ['tool_name', 'status'])
      const names = [...new Set([...ends.keys()].map((key) => key.slice(0, key.lastIndexOf(' '))))]
      const tools = names.map((name) => {
        const ended = (status: string) => (ends.get(`${name} ${status}`) ?? []).reduce((sum, one) => sum + one.sum, 0)
        const { calls, errors, refused } = tally(ended)
        const { p50, p95 } = percentiles(together(took.get(name) ?? []))
        return {
          name,
          calls,
          errors,
          refused,
          ...(p50 === undefined ? {} : { p50 }),
          ...(p95 === undefined ? {} : { p95 }),
        }
      })
      return {
        tools: tools
          .filter(({ calls }) => calls > 0)
          .sort((a, b) => b.calls - a.calls)
          .slice(0, mostTools),
      }
    },
    names: () => {
      metrics.fold()
      return {
        servers: series.values('mcp_operations_total', 'server'),
        clients: series.values('mcp_operations_total', 'client'),
      }
    },
    now: () => {
      const families = metrics.families()
      return { metrics: metricsJson(families), prometheus: prometheusText(families) }
    },
  }
}

export const tracesHandlers = (traces: Traces): GatehouseHandlers['traces'] => ({
  list: ({ which }) => ({
    traces: (which === 'recent' ? traces.recent() : traces.slowest()).map(({ steps, at, ...trace }) => ({
      ...trace,
      at: at as EpochMs,
      steps: [...steps],
    })),
  }),
})

const byTime = (points: readonly Point[]) => new Map(points.map((point) => [point.at, point]))

type Ended = 'success' | 'error' | 'refused' | 'waiting'
function tally(of: (status: Ended) => number): Omit<CallPoint, 'at'> {
  const [success, errors, refused, waiting] = [of('success'), of('error'), of('refused'), of('waiting')]
  return { calls: success + errors + refused + waiting, errors, refused, waiting }
}

function percentiles(counts: Float64Array | undefined): Pick<CallPoint, 'p50' | 'p95' | 'p99'> {
  if (counts === undefined) return {}
  const [p50, p95, p99] = [quantile(counts, 0.5), quantile(counts, 0.95), quantile(counts, 0.99)]
  return p50 === undefined ? {} : { p50, p95, p99 }
}

function together(points: readonly Point[]): Float64Array {
  const all = emptyCounts()
  for (const { counts = all } of points)
    if (counts !== all) for (let at = 0; at < all.length; at++) all[at] = (all[at] as number) + (counts[at] as number)
  return all
}

/** Averages over time, added up over servers. A server that did not run used nothing. */
function means(groups: Iterable<readonly Point[]>): Map<number, number> {
  const sums = new Map<number, number>()
  for (const group of groups)
    for (const { at, sum, count } of group) if (count > 0) sums.set(at, (sums.get(at) ?? 0) + sum / count)
  return sums
}
