import type { SessionId } from '../../../shared/domain/ids.ts'
import type { RunningSettings } from '../../../shared/domain/running.ts'
import { Balancer, type Candidate } from './balance.ts'

/** One process, as a pool holds it. */
export interface Pooled {
  readonly pid: number
  /** It works for someone, or someone subscribed to it. */
  readonly busy: boolean
  stop(): Promise<void>
}

export interface PoolParts<L extends Pooled> {
  readonly settings: () => PoolSettings
  /** Starts a process under a name; rejects when it can't be used. */
  readonly start: (slot: string) => Promise<L>
  /** Ends it in good order. */
  readonly end: (slot: string) => Promise<void>
  /** Whether it can still be used, without waiting. */
  readonly isAlive: (live: L) => boolean
  /** Share of a core and of its memory that a process uses, as last measured. */
  readonly usage?: (pid: number) => { readonly cpu: number; readonly memory: number } | undefined
  readonly busyError: () => Error
  readonly nowMs?: () => number
  readonly wait?: (ms: number, then: () => void) => () => void
}

export type PoolSettings = Required<
  Pick<RunningSettings, 'instances' | 'callsEach' | 'balance' | 'weights' | 'affinity' | 'lifetimeSeconds'>
> & {
  /** From asking for a process to giving up. */
  readonly acquireMs: number
  readonly idleMs: number
}

/** @see spec, platform I: min 0, max 10, acquire timeout 5 s, idle 30 s, validation, max lifetime */
export const defaultPool: PoolSettings = {
  instances: { min: 0, max: 10 },
  callsEach: 4,
  balance: 'least-connections',
  weights: [],
  affinity: true,
  lifetimeSeconds: 3600,
  acquireMs: 5_000,
  idleMs: 30_000,
}

export interface Lease<L> {
  readonly live: L
  /** Exactly once. @param answered undefined when it says nothing about the process */
  release(answered: boolean | undefined, tookMs: number): void
}

interface Slot<L extends Pooled> extends Candidate {
  readonly live: L
  readonly startedMs: number
  inFlight: number
  responseMs: number
  success: number
  lastUsedMs: number
  /** Misses health checks: gets no new call while another can. */
  sick: boolean
}

interface Waiter<L> {
  readonly session: SessionId
  readonly resolve: (lease: Lease<L>) => void
  readonly reject: (error: unknown) => void
}

/** Several processes of one server, for everyone. Grows while all are at work, shrinks when they are not. */
export class InstancePool<L extends Pooled> {
  readonly #slots = new Map<string, Slot<L>>()
  readonly #homes = new Map<SessionId, string>()
  readonly #waiting = new Set<Waiter<L>>()
  readonly #balancer = new Balancer()
  readonly #starting = new Set<string>()
  /** Waited out their time while a process was starting. */
  readonly #impatient = new Set<Waiter<L>>()
  readonly #now: () => number
  readonly #wait: (ms: number, then: () => void) => () => void

  constructor(private readonly parts: PoolParts<L>) {
    this.#now = parts.nowMs ?? (() => performance.now())
    this.#wait = parts.wait ?? waitUnref
  }

  get size(): number {
    return this.#slots.size
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** @throws limits.busy when nobody is free for 5 s; what `signals` abort with; why a process could not be started */
  acquire(session: SessionId, signals: readonly AbortSignal[]): Promise<Lease<L>> | Lease<L> {
    const slot = this.#choose(session)
    if (slot !== undefined) return this.#lease(slot, session)
    return new Promise((resolve, reject) => this.#queue({ session, resolve, reject }, signals))
  }

  /** Starts processes until there are as many as are always kept, and at least one. */
  async prewarm(): Promise<void> {
    const { instances } = this.parts.settings()
    const missing = Math.max(1, instances.min) - this.#slots.size - this.#starting.size
    await Promise.all(Array.from({ length: Math.max(0, missing) }, () => this.#grow()))
  }

  /** A process ended by itself or was ended. */
  ended(slot: string): void {
    if (!this.#slots.delete(slot)) return
    this.#balancer.forget(slot)
    for (const [session, home] of this.#homes) if (home === slot) this.#homes.delete(session)
    this.#serveWaiting()
  }

  /** What a health check found. */
  checked(slot: string, well: boolean): void {
    const found = this.#slots.get(slot)
    if (found !== undefined) found.sick = !well
  }

  endSession(session: SessionId): void {
    this.#homes.delete(session)
  }

  /** Ends what had nothing to do for long, but for the least that is kept, and what is too old. */
  sweep(): void {
    const { instances, idleMs, lifetimeSeconds } = this.parts.settings()
    const now = this.#now()
    let kept = this.#slots.size
    for (const slot of this.#slots.values()) {
      if (slot.inFlight > 0 || slot.live.busy) continue
      const old = now - slot.startedMs >= lifetimeSeconds * 1000
      const idle = now - slot.lastUsedMs >= idleMs && kept > instances.min
      if (!old && !idle) continue
      kept -= 1
      this.#retire(slot)
      if (old && kept < instances.min) void this.#grow()
    }
  }

  #choose(session: SessionId): Slot<L> | undefined {
    const { balance, affinity, callsEach, lifetimeSeconds } = this.parts.settings()
    const home = affinity ? this.#slots.get(this.#homes.get(session) ?? '') : undefined
    if (home !== undefined && !home.sick && this.#valid(home)) {
      return home.inFlight < callsEach ? home : undefined // its state is there: it waits for it
    }
    const all = [...this.#slots.values()].filter((slot) => slot.inFlight < callsEach && this.#valid(slot))
    const young = all.filter((slot) => this.#now() - slot.startedMs < lifetimeSeconds * 1000)
    const well = (young.length > 0 ? young : all).filter((slot) => !slot.sick)
    if (well.length === 0) return this.#mayGrow() ? undefined : all[0]
    const wanted = balance !== 'consistent-hashing' && well.every((slot) => slot.inFlight > 0)
    if (wanted && this.#starting.size === 0 && this.#mayGrow()) void this.#grow()
    return this.#balancer.choose(
      balance,
      well.map((slot) => this.#measured(slot)),
      session,
    )
  }

  #lease(slot: Slot<L>, session: SessionId): Lease<L> {
    slot.inFlight += 1
    if (this.parts.settings().affinity) this.#homes.set(session, slot.id)
    let held = true
    return {
      live: slot.live,
      release: (answered, tookMs) => {
        if (!held) return
        held = false
        slot.inFlight -= 1
        slot.lastUsedMs = this.#now()
        if (answered !== undefined) {
          slot.success = 0.9 * slot.success + (answered ? 0.1 : 0)
          slot.responseMs = slot.responseMs === 0 ? tookMs : 0.8 * slot.responseMs + 0.2 * tookMs
        }
        this.#serveWaiting()
      },
    }
  }

  #queue(waiter: Waiter<L>, signals: readonly AbortSignal[]): void {
    const leave = () => {
      this.#waiting.delete(own)
      stopTimer()
      for (const signal of signals) signal.removeEventListener('abort', gone)
    }
    const own: Waiter<L> = {
      session: waiter.session,
      resolve: (lease) => {
        leave()
        waiter.resolve(lease)
      },
      reject: (error) => {
        leave()
        waiter.reject(error)
      },
    }
    const gone = () => own.reject(signals.find((signal) => signal.aborted)?.reason)
    const stopTimer = this.#wait(this.parts.settings().acquireMs, () => {
      if (this.#starting.size === 0)
        own.reject(this.parts.busyError()) // a start has a time limit of its own
      else this.#impatient.add(own)
    })
    for (const signal of signals) signal.addEventListener('abort', gone)
    this.#waiting.add(own)
    if (signals.some((signal) => signal.aborted)) gone()
    else if (this.#mayGrow() && this.#starting.size < this.#waiting.size) void this.#grow()
  }

  #serveWaiting(): void {
    for (const waiter of this.#waiting) {
      const slot = this.#choose(waiter.session)
      if (slot !== undefined) waiter.resolve(this.#lease(slot, waiter.session))
    }
    if (this.#waiting.size > 0 && this.#slots.size === 0 && this.#mayGrow() && this.#starting.size === 0)
      void this.#grow()
  }

  #mayGrow(): boolean {
    return this.#slots.size + this.#starting.size < this.parts.settings().instances.max
  }

  async #grow(): Promise<void> {
    const id = this.#freeName()
    this.#starting.add(id)
    try {
      const live = await this.parts.start(id)
      this.#starting.delete(id)
      this.#slots.set(id, this.#slot(id, live))
      this.#serveWaiting()
    } catch (error) {
      this.#starting.delete(id)
      if (this.#slots.size === 0) for (const waiter of this.#waiting) waiter.reject(error)
    }
    for (const waiter of this.#impatient) waiter.reject(this.parts.busyError())
    this.#impatient.clear()
  }

  #slot(id: string, live: L): Slot<L> {
    const { weights, callsEach } = this.parts.settings()
    const now = this.#now()
    const weight = weights[Number(id.slice(namePrefix.length)) - 1] ?? 1
    return {
      id,
      live,
      weight,
      capacity: callsEach,
      startedMs: now,
      lastUsedMs: now,
      inFlight: 0,
      responseMs: 0,
      success: 1,
      cpu: 0,
      memory: 0,
      sick: false,
    }
  }

  #measured(slot: Slot<L>): Slot<L> {
    const usage = this.parts.usage?.(slot.live.pid)
    return usage === undefined ? slot : Object.assign(slot, usage)
  }

  /** A process that is gone is let go at once. */
  #valid(slot: Slot<L>): boolean {
    if (this.parts.isAlive(slot.live)) return true
    this.#slots.delete(slot.id)
    this.#balancer.forget(slot.id)
    return false
  }

  #retire(slot: Slot<L>): void {
    this.ended(slot.id)
    void this.parts.end(slot.id)
  }

  #freeName(): string {
    for (let number = 1; ; number++) {
      const name = `${namePrefix}${number}`
      if (!this.#slots.has(name) && !this.#starting.has(name)) return name
    }
  }
}

const namePrefix = 'pool-'
/** Whether a process' name is one of a pool's. */
export const isPooled = (instance: string): boolean => instance.startsWith(namePrefix)

function waitUnref(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  timer.unref()
  return () => clearTimeout(timer)
}
