/**
 * How much at once and for how long: rates per client, calls at a time per server, a deadline per call. Refuses, queues
 * and times; decides nothing about what a call may do. A call that waits for its turn is not yet on the clock.
 */
import type { Client, ExchangeMethod, JudgedCall, Reply } from '../../shared/domain/call.ts'
import type { ClientId, ServerName } from '../../shared/domain/ids.ts'
import { roughSize } from '../../shared/domain/rough-size.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { deadlineExceeded, serverRate } from '../../shared/errors.ts'
import { AdaptiveRate } from './adaptive-rate.ts'
import { Deadlines } from './deadlines.ts'
import { type QuotaSubject, type Quotas, sized } from './quotas/quotas.ts'
import { Slots } from './slots.ts'
import { Throttle } from './throttle.ts'

export interface ServerLimits {
  /** Calls at a time. */
  readonly concurrency: number
  /** Calls that may wait for a slot; one more is refused. */
  readonly queue: number
  /** From admission to answer, milliseconds the machine is awake. */
  readonly deadlineMs: number
  /** Calls in a minute, where the person set any. */
  readonly callsPerMinute?: number
  /** Whether they follow how well the server answers. */
  readonly adaptive?: boolean
}

export const defaultServerLimits: ServerLimits = { concurrency: 20, queue: 1_000, deadlineMs: 60_000 }

export interface LimitsParts {
  /** Asked for every call: keep it cheap. */
  readonly serverLimits?: (server: ServerConfig) => ServerLimits
  readonly throttle?: Throttle
  readonly deadlines?: Deadlines
  /** Asked before a call waits for its turn. Throws when the server is left alone. */
  readonly refuse?: (server: ServerName) => void
  /** What may be used in a minute, an hour, a day. */
  readonly quotas?: Quotas
}

export interface Admission {
  readonly deadline: AbortSignal
  /** Length of the deadline, not a time. */
  readonly deadlineMs: number
  /** Its server answered that it works on the call by itself: others may have the slot, as long as there are not too many. */
  atWork(): void
  release(): void
}

/** Calls of one server that it works on as tasks of its own, besides those that hold a slot. */
const mostAtWork = 200

export class Limits {
  readonly #serverLimits: (server: ServerConfig) => ServerLimits
  readonly #throttle: Throttle
  readonly #deadlines: Deadlines
  readonly #slots = new Map<ServerName, Slots>()
  readonly #atWork = new Map<ServerName, Slots>()
  readonly #rates = new Map<ServerName, AdaptiveRate>()
  readonly #refuse: (server: ServerName) => void
  readonly #quotas: Quotas | undefined
  /** The newest settings of each server, read by its slots and its rate. */
  readonly #settings = new Map<ServerName, ServerLimits>()

  constructor({ serverLimits = () => defaultServerLimits, throttle, deadlines, refuse, quotas }: LimitsParts = {}) {
    this.#quotas = quotas
    this.#refuse = refuse ?? (() => {})
    this.#serverLimits = serverLimits
    this.#throttle = throttle ?? new Throttle()
    this.#deadlines = deadlines ?? new Deadlines()
  }

  /** @throws limits.rate, limits.quota */
  throttle = (client: Client, method: ExchangeMethod, key?: string): void => {
    this.#throttle.pass(client, method)
    this.#quotas?.check({ client: client.name, workspace: client.workspace, ...(key ? { key } : {}) })
  }

  /** This client's calls are refused for so many milliseconds. */
  block = (client: ClientId, ms: number): void => this.#throttle.block(client, ms)

  /** @throws what `refuse` throws; limits.server-rate; limits.quota; limits.busy when too many wait already; call.withdrawn when `signal` aborts while it waits, or the GatehouseError it aborts with */
  async admit(call: JudgedCall, signal: AbortSignal): Promise<Admission> {
    const { server, entry, unhurried } = call
    const limits = this.#serverLimits(server)
    this.#settings.set(server.name, limits)
    this.#refuse(server.name)
    this.#pass(server.name, limits)
    const quotas = this.#quotas?.isEmpty === false ? this.#quotas : undefined
    quotas?.consume(subjectOf(call), { calls: 1, ...sized(roughSize(call.arguments)) })
    const slots = this.#slotsOf(server.name)
    if (!slots.tryTake()) await slots.take(entry.name, signal)
    const deadlineMs = unhurried?.deadlineMs ?? limits.deadlineMs
    const deadline = this.#deadlines.start(deadlineMs, () => deadlineExceeded(entry.name, Math.ceil(deadlineMs / 1000)))
    const beganMs = performance.now()
    let held: Slots | undefined = slots
    const release = () => {
      if (!held) return
      held.release()
      held = undefined
      quotas?.charge(subjectOf(call), { seconds: (performance.now() - beganMs) / 1000 })
      deadline.end()
    }
    const atWork = () => {
      const others = this.#atWorkOf(server.name)
      if (held !== slots || !others.tryTake()) return
      slots.release()
      held = others
    }
    return { deadline: deadline.signal, deadlineMs, atWork, release }
  }

  /** What came back counts for the quotas of the next call. */
  replied(call: JudgedCall, reply: Reply): void {
    if (this.#quotas === undefined || this.#quotas.isEmpty || reply.kind !== 'result') return
    this.#quotas.charge(subjectOf(call), sized(roughSize(reply.result)))
  }

  /** A call of this server ended, answered or not: its rate may follow. */
  ended = (server: ServerName, answered: boolean): void => this.#rates.get(server)?.ended(answered)

  /** For health: calls running and waiting. */
  load(server: ServerName): { readonly running: number; readonly waiting: number } {
    const slots = this.#slots.get(server)
    return { running: slots?.taken ?? 0, waiting: slots?.waiting ?? 0 }
  }

  /** The machine woke from sleep: deadlines go on from here. */
  woke = (): void => this.#deadlines.woke()

  stop = (): void => this.#deadlines.stop()

  /** @throws limits.server-rate */
  #pass(name: ServerName, { callsPerMinute }: ServerLimits): void {
    if (callsPerMinute === undefined) return
    const known = this.#rates.get(name)
    const rate = known ?? this.#newRate(name)
    if (known === undefined) this.#rates.set(name, rate)
    const waitMs = rate.pass()
    if (waitMs > 0) throw serverRate(name, Math.ceil(waitMs / 1000))
  }

  #newRate(name: ServerName): AdaptiveRate {
    const settings = () => this.#settings.get(name)
    return new AdaptiveRate(
      () => settings()?.callsPerMinute ?? Number.POSITIVE_INFINITY,
      () => settings()?.adaptive === true,
    )
  }

  #atWorkOf(name: ServerName): Slots {
    const known = this.#atWork.get(name) ?? new Slots(name, () => ({ concurrency: mostAtWork, queue: 0 }))
    this.#atWork.set(name, known)
    return known
  }

  #slotsOf(name: ServerName): Slots {
    const known = this.#slots.get(name) ?? new Slots(name, () => this.#settings.get(name) ?? defaultServerLimits)
    this.#slots.set(name, known)
    return known
  }
}

const subjectOf = ({ client, session, server, entry }: JudgedCall): QuotaSubject => ({
  client: client.name,
  workspace: client.workspace,
  server: server.name,
  tool: entry.name,
  ...(session.credential ? { key: session.credential } : {}),
})
