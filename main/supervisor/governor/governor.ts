import type { EpochMs, ServerName } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../approvals/clock.ts'
import { ProcessMeter, type Usage } from './measure.ts'
import { brokenQuota, type Quota, shareUsed } from './quotas.ts'

export interface UsageSample extends Usage {
  readonly at: EpochMs
}

export interface GovernorParts {
  readonly clock: Clock
  readonly quotaOf: (server: ServerName) => Quota | undefined
  /** Over its quota: from now on it gets one call at a time. */
  readonly onThrottled: (server: ServerName, problem: string) => void
  /** Within its quota again. */
  readonly onEased: (server: ServerName) => void
  /** Still over after it was throttled: it has to be ended. */
  readonly onOver: (server: ServerName, problem: string) => void
  /** What one of its processes' trees used on average, at every look. */
  readonly onSample?: (server: ServerName, usage: Usage) => void
  readonly meter?: ProcessMeter
}

/** @see spec, platform I: sampled every 10 s; more often near a quota, so that being over is short */
const everyMs = 10_000
const nearEveryMs = 2_000
const nearShare = 0.8
const closelyMs = 3_600_000
/** Looks at a throttled server that must all find it over before it is ended. */
const overUntilEnded = 3
/** Looks that must all find it within before it gets more than one call again. */
const withinUntilEased = 3
/** Ten minutes of looks every 10 s. */
const samplesKept = 60

interface Watched {
  readonly pids: Map<string, number>
  samples: UsageSample[]
  throttled: boolean
  /** Looks in a row that found the same: over when throttled counts up, within counts down. */
  over: number
  within: number
}

/** Measures what servers use of the computer, and keeps those to their quota that have one. Stands still while none runs. */
export class Governor {
  readonly #watched = new Map<ServerName, Watched>()
  readonly #closelyUntilMs = new Map<ServerName, number>()
  readonly #meter: ProcessMeter
  #byPid: ReadonlyMap<number, Usage> = new Map()
  #cancel: (() => void) | undefined

  constructor(private readonly parts: GovernorParts) {
    this.#meter = parts.meter ?? new ProcessMeter()
  }

  /** @param pid of a process whose tree counts for the server @returns stops watching it */
  watch(server: ServerName, instance: string, pid: number): () => void {
    const watched = this.#watched.get(server) ?? { pids: new Map(), samples: [], throttled: false, over: 0, within: 0 }
    this.#watched.set(server, watched)
    watched.pids.set(instance, pid)
    if (this.#cancel === undefined) {
      this.look() // the first look begins the first interval
      this.#again(nearEveryMs)
    }
    return () => {
      if (watched.pids.get(instance) === pid) watched.pids.delete(instance)
    }
  }

  /** What one process' tree uses; undefined until it was measured twice. */
  usageOf = (pid: number): Usage | undefined => this.#byPid.get(pid)

  /** Oldest first; of the last ten minutes it ran. */
  samples = (server: ServerName): readonly UsageSample[] => this.#watched.get(server)?.samples ?? []

  /** As last measured; undefined while it does not run. */
  usage(server: ServerName): UsageSample | undefined {
    const watched = this.#watched.get(server)
    return watched !== undefined && watched.pids.size > 0 ? watched.samples.at(-1) : undefined
  }

  isThrottled = (server: ServerName): boolean => this.#watched.get(server)?.throttled ?? false

  /** For an hour it is looked at as often as one near its quota. */
  watchClosely(server: ServerName): void {
    this.#closelyUntilMs.set(server, this.parts.clock.monotonicMs() + closelyMs)
  }

  forget(server: ServerName): void {
    this.#watched.delete(server)
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#watched.clear()
  }

  /** One look at everything that runs. @returns milliseconds until the next */
  look(): number {
    const roots = new Map<ServerName, number[]>()
    for (const [server, { pids }] of this.#watched) if (pids.size > 0) roots.set(server, [...pids.values()])
    const at = this.parts.clock.now()
    let nextMs = everyMs
    const { together, each } = this.#meter.measure(roots, this.parts.clock.monotonicMs())
    this.#byPid = each
    for (const [server, usage] of together) {
      const watched = this.#watched.get(server)
      if (watched === undefined) continue
      watched.samples = [...watched.samples.slice(1 - samplesKept), { ...usage, at }]
      this.parts.onSample?.(server, shared(usage, watched.pids.size))
      if ((this.#closelyUntilMs.get(server) ?? 0) > this.parts.clock.monotonicMs()) nextMs = nearEveryMs
      const quota = this.parts.quotaOf(server)
      if (quota === undefined) continue
      this.#judge(server, watched, brokenQuota(usage, quota))
      if (shareUsed(usage, quota) >= nearShare || watched.throttled) nextMs = nearEveryMs
    }
    return nextMs
  }

  #judge(server: ServerName, watched: Watched, problem: string | undefined): void {
    if (problem === undefined) this.#within(server, watched)
    else this.#over(server, watched, problem)
  }

  #within(server: ServerName, watched: Watched): void {
    watched.over = 0
    watched.within += 1
    if (!watched.throttled || watched.within < withinUntilEased) return
    watched.throttled = false
    this.parts.onEased(server)
  }

  #over(server: ServerName, watched: Watched, problem: string): void {
    watched.within = 0
    if (!watched.throttled) {
      watched.throttled = true
      this.parts.onThrottled(server, problem)
      return
    }
    watched.over += 1
    if (watched.over < overUntilEnded) return
    watched.over = 0
    watched.throttled = false
    this.parts.onOver(server, problem)
  }

  #again(afterMs: number): void {
    this.#cancel = this.parts.clock.after(afterMs, () => {
      this.#cancel = undefined
      const running = [...this.#watched.values()].some(({ pids }) => pids.size > 0)
      if (running) this.#again(this.look())
    })
  }
}

/** Of one process tree, where several run: how many there are is the clients' doing. */
function shared(usage: Usage, among: number): Usage {
  const share = (value: number) => value / Math.max(1, among)
  return {
    cpu: share(usage.cpu),
    memoryBytes: share(usage.memoryBytes),
    readBytes: share(usage.readBytes),
    writtenBytes: share(usage.writtenBytes),
    processes: share(usage.processes),
    threads: share(usage.threads),
    ...(usage.networkBytes === undefined ? {} : { networkBytes: share(usage.networkBytes) }),
  }
}
