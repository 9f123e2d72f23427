/**
 * How much at once and for how long: rates per client, calls at a time per server, a deadline per call. Refuses, queues
 * and times; decides nothing about what a call may do. A call that waits for its turn is not yet on the clock.
 */
import type { Client, ExchangeMethod, JudgedCall } from '../../shared/domain/call.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { deadlineExceeded } from '../../shared/errors.ts'
import { Deadlines } from './deadlines.ts'
import { Slots } from './slots.ts'
import { Throttle } from './throttle.ts'

export interface ServerLimits {
  /** Calls at a time. */
  readonly concurrency: number
  /** Calls that may wait for a slot; one more is refused. */
  readonly queue: number
  /** From admission to answer, milliseconds the machine is awake. */
  readonly deadlineMs: number
}

export const defaultServerLimits: ServerLimits = { concurrency: 20, queue: 1_000, deadlineMs: 60_000 }

export interface LimitsParts {
  /** Asked for every call: keep it cheap. */
  readonly serverLimits?: (server: ServerConfig) => ServerLimits
  readonly throttle?: Throttle
  readonly deadlines?: Deadlines
}

export interface Admission {
  readonly deadline: AbortSignal
  /** Length of the deadline, not a time. */
  readonly deadlineMs: number
  release(): void
}

export class Limits {
  readonly #serverLimits: (server: ServerConfig) => ServerLimits
  readonly #throttle: Throttle
  readonly #deadlines: Deadlines
  readonly #slots = new Map<ServerName, Slots>()
  /** The newest settings of each server, read by its slots. */
  readonly #settings = new Map<ServerName, ServerLimits>()

  constructor({ serverLimits = () => defaultServerLimits, throttle, deadlines }: LimitsParts = {}) {
    this.#serverLimits = serverLimits
    this.#throttle = throttle ?? new Throttle()
    this.#deadlines = deadlines ?? new Deadlines()
  }

  /** @throws limits.rate */
  throttle = (client: Client, method: ExchangeMethod): void => this.#throttle.pass(client, method)

  /** @throws limits.busy when too many wait already; call.withdrawn when `signal` aborts while it waits, or the GatehouseError it aborts with */
  async admit({ server, entry, unhurried }: JudgedCall, signal: AbortSignal): Promise<Admission> {
    const limits = this.#serverLimits(server)
    this.#settings.set(server.name, limits)
    const slots = this.#slotsOf(server.name)
    if (!slots.tryTake()) await slots.take(entry.name, signal)
    const deadlineMs = unhurried?.deadlineMs ?? limits.deadlineMs
    const deadline = this.#deadlines.start(deadlineMs, () => deadlineExceeded(entry.name, Math.ceil(deadlineMs / 1000)))
    let held = true
    const release = () => {
      if (!held) return
      held = false
      deadline.end()
      slots.release()
    }
    return { deadline: deadline.signal, deadlineMs, release }
  }

  /** For health: calls running and waiting. */
  load(server: ServerName): { readonly running: number; readonly waiting: number } {
    const slots = this.#slots.get(server)
    return { running: slots?.taken ?? 0, waiting: slots?.waiting ?? 0 }
  }

  /** The machine woke from sleep: deadlines go on from here. */
  woke = (): void => this.#deadlines.woke()

  stop = (): void => this.#deadlines.stop()

  #slotsOf(name: ServerName): Slots {
    const known = this.#slots.get(name) ?? new Slots(name, () => this.#settings.get(name) ?? defaultServerLimits)
    this.#slots.set(name, known)
    return known
  }
}
