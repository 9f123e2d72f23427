import { performance } from 'node:perf_hooks'
import { type Family, gauge } from './family.ts'

/** What the app itself uses; averages since the look before. */
export class OwnUse {
  #cpu = process.cpuUsage()
  #loop = performance.eventLoopUtilization()
  #lookedAtMs = performance.now()
  #cpuPercent = 0
  #busy = 0

  /** Begins the next interval. */
  look(): void {
    const nowMs = performance.now()
    const used = process.cpuUsage(this.#cpu)
    const tookMs = nowMs - this.#lookedAtMs
    const loop = performance.eventLoopUtilization()
    if (tookMs > 0) this.#cpuPercent = (used.user + used.system) / 10 / tookMs
    this.#busy = performance.eventLoopUtilization(loop, this.#loop).utilization
    this.#cpu = process.cpuUsage()
    this.#loop = loop
    this.#lookedAtMs = nowMs
  }

  /** @param lagSeconds how late the last look came */
  families(lagSeconds: number): Family[] {
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
    const types = { heap_used: heapUsed, heap_total: heapTotal, rss, external }
    return [
      gauge('gatehouse_uptime_seconds', 'Since the app was started.', process.uptime()),
      gauge('process_resident_memory_bytes', 'Resident memory.', rss),
      gauge('nodejs_heap_size_used_bytes', 'Used heap.', heapUsed),
      gauge(
        'mcp_memory_usage_bytes',
        'Memory of the app.',
        Object.entries(types).map(([type, value]) => ({ labels: { type }, value })),
      ),
      gauge('mcp_cpu_usage_percent', 'Of one core, by the app.', this.#cpuPercent),
      gauge('mcp_event_loop_lag_seconds', 'How late the app’s own clock came last.', lagSeconds),
      gauge('gatehouse_event_loop_busy_ratio', 'Share of the time the app was at work.', this.#busy),
    ]
  }
}
