import type { EpochMs, ServerName } from '../../../shared/domain/ids.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Clock } from '../../approvals/clock.ts'

/** A running process, as a health check sees it. */
export interface Checkable {
  readonly pid: number
  /** A call runs: a process that works may be too busy to answer. */
  readonly busy: boolean
  readonly greeting: { readonly era: 'legacy' | 'modern' }
  ask(method: string, params: JsonObject, signals: readonly AbortSignal[]): Promise<unknown>
}

export interface HealthMonitorParts {
  readonly clock: Clock
  /** Between two checks; 0: none. */
  readonly periodMs: (server: ServerName) => number
  /** A process that did not answer several checks in a row. */
  readonly onSilent: (server: ServerName, instance: string, problem: string) => void
  readonly onChecked?: (server: ServerName, instance: string, well: boolean) => void
  readonly isAlive?: (pid: number) => boolean
}

export interface HealthFinding {
  readonly instance: string
  readonly pid: number
  readonly well: boolean
  readonly checkedAt?: EpochMs
  /** How long its last answer took. */
  readonly answeredInMs?: number
}

const patienceMs = 5_000
const silentUntilSick = 3

/**
 * Looks at every running process every 10 s: is it there, does it answer a ping (2026-07-28: a discovery)? One that
 * misses three in a row while no call of it runs is reported; a call that hangs is ended by its own deadline first.
 */
export class HealthMonitor {
  readonly #watched = new Set<Watch>()

  constructor(private readonly parts: HealthMonitorParts) {}

  /** @returns stops watching */
  watch(server: ServerName, instance: string, process: Checkable): () => void {
    const watch = new Watch(server, instance, process, this.parts)
    this.#watched.add(watch)
    return () => {
      watch.end()
      this.#watched.delete(watch)
    }
  }

  findings(server: ServerName): HealthFinding[] {
    return [...this.#watched].filter((watch) => watch.server === server).map((watch) => watch.finding)
  }

  /** One look, now. @returns whether it answered in time */
  async isWell(process: Checkable): Promise<boolean> {
    return (await look(process, this.parts)) !== undefined
  }
}

class Watch {
  #cancel: () => void = () => {}
  #silent = 0
  #ended = false
  finding: HealthFinding

  constructor(
    readonly server: ServerName,
    readonly instance: string,
    private readonly process: Checkable,
    private readonly parts: HealthMonitorParts,
  ) {
    this.finding = { instance, pid: process.pid, well: true }
    this.#again()
  }

  end(): void {
    this.#ended = true
    this.#cancel()
  }

  #again(): void {
    const periodMs = this.parts.periodMs(this.server)
    if (periodMs > 0 && !this.#ended) this.#cancel = this.parts.clock.after(periodMs, () => void this.#check())
  }

  async #check(): Promise<void> {
    const tookMs = await look(this.process, this.parts)
    if (this.#ended) return
    this.#silent = tookMs === undefined ? this.#silent + 1 : 0
    const { instance, process } = this
    const took = tookMs === undefined ? {} : { answeredInMs: tookMs }
    this.finding = { instance, pid: process.pid, well: this.#silent === 0, checkedAt: this.parts.clock.now(), ...took }
    this.parts.onChecked?.(this.server, instance, this.#silent === 0)
    if (this.#silent >= silentUntilSick && !process.busy)
      this.parts.onSilent(this.server, instance, `it did not answer ${this.#silent} health checks in a row.`)
    this.#again()
  }
}

/** @returns milliseconds it took to answer, whatever it answered; undefined when it did not */
async function look(process: Checkable, { clock, isAlive = exists }: HealthMonitorParts): Promise<number | undefined> {
  if (!isAlive(process.pid)) return undefined
  const patience = new AbortController()
  const stop = clock.after(patienceMs, () => patience.abort(new Error('no answer')))
  const startedMs = clock.monotonicMs()
  try {
    await process.ask(process.greeting.era === 'modern' ? 'server/discover' : 'ping', {}, [patience.signal])
    return clock.monotonicMs() - startedMs
  } catch {
    return undefined
  } finally {
    stop()
  }
}

/** A signal of 0 asks whether a process is there; 0 and below are servers without a process of their own. */
function exists(pid: number): boolean {
  if (pid <= 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
