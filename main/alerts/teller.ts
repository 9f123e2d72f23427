import type { AlertChannel, Delivery, NoteKind } from '../../shared/domain/alerts.ts'
import type { DeliveryStore } from './delivery-store.ts'

/** Why a channel could not be told, in words for the person; never an address with a token, a key or a password. */
export class ChannelProblem extends Error {}

export interface TellerParts {
  readonly deliveries: DeliveryStore
  readonly channels: () => readonly AlertChannel[]
  /** Tells one channel. @throws ChannelProblem */
  readonly send: (channel: AlertChannel, delivery: Delivery, signal: AbortSignal) => Promise<void>
  /** A channel fails, works again, or is given up. */
  readonly onChange: () => void
  readonly onProblem: (channel: string, problem: string, dead: boolean) => void
  readonly now: () => number
}

const firstWaitMs = 2_000
const longestWaitMs = 10 * 60_000
/** About seventy minutes; then the person is shown it, and may send it again. */
export const mostTries = 15
/** A clock that was set back must not leave anything untold for long. */
const longestSleepMs = 60_000

/** How long after so many failed tries the next comes. */
export const waitMs = (tries: number): number => Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1))

/**
 * Tells channels what is due, each by itself and one thing after the other, so that one that hangs holds up no other. What
 * is told is kept before and marked after: a kill in between tells it twice, never not at all.
 */
export class Teller {
  readonly #busy = new Map<string, Promise<void>>()
  /** Channels of which could not be kept that they were told. */
  readonly #resting = new Map<string, { readonly fails: number; readonly until: number }>()
  /** Of a channel: what came of sending, until it is kept, so that it is not sent again meanwhile. */
  readonly #unkept = new Map<string, { readonly id: number; readonly dueAt: number; readonly problem?: string }>()
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #started = false

  constructor(private readonly parts: TellerParts) {}

  start(): void {
    this.#started = true
    this.wake()
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#stopping.abort()
    await Promise.all(this.#busy.values())
  }

  /** Kept at once, told soon. A channel that is off, or gone, is not told. */
  tell(alert: string, channels: readonly string[], note: NoteKind): void {
    const on = new Set(this.#on().map(({ name }) => name))
    for (const name of channels) if (on.has(name)) this.parts.deliveries.add(alert, name, note, this.parts.now())
    if (this.#started) setImmediate(() => this.wake()) // after the transaction it is kept in
  }

  /** Begins with everything that is due. */
  wake(): void {
    if (this.#stopping.signal.aborted || !this.#started) return
    clearTimeout(this.#timer)
    const now = this.parts.now()
    let next = now + longestSleepMs
    for (const channel of this.#on()) {
      if (this.#busy.has(channel.name)) continue
      const dueAt = this.parts.deliveries.nextDueAt(channel.name)
      if (dueAt === undefined) continue
      const at = Math.max(dueAt, this.#resting.get(channel.name)?.until ?? 0)
      if (at <= now) this.#begin(channel)
      else next = Math.min(next, at)
    }
    this.#timer = setTimeout(() => this.wake(), next - now).unref()
  }

  #begin(channel: AlertChannel): void {
    const { name } = channel
    const work = this.#tellAll(channel)
      .then(
        () => void this.#resting.delete(name),
        (error: unknown) => this.#rest(name, error),
      )
      .finally(() => {
        this.#busy.delete(name)
        this.wake()
      })
    this.#busy.set(name, work)
  }

  /** The database cannot be written: it is tried again later and later. */
  #rest(channel: string, error: unknown): void {
    const fails = (this.#resting.get(channel)?.fails ?? 0) + 1
    this.#resting.set(channel, { fails, until: this.parts.now() + waitMs(fails) })
    const why = error instanceof Error ? error.message : String(error)
    this.parts.onProblem(channel, `What became of telling it could not be kept: ${why}`, false)
  }

  async #tellAll(channel: AlertChannel): Promise<void> {
    const { deliveries, now } = this.parts
    for (;;) {
      if (this.#stopping.signal.aborted) return
      const delivery = deliveries.due(channel.name, now())
      if (delivery === undefined || !(await this.#told(channel, delivery))) return
    }
  }

  /** @returns false when the app stops meanwhile */
  async #told(channel: AlertChannel, delivery: Delivery): Promise<boolean> {
    const { deliveries, send, onChange } = this.parts
    const { id, dueAt } = delivery
    const before = this.#unkept.get(channel.name)
    const isSent = before?.id === id && before.dueAt === dueAt
    const problem = isSent
      ? before.problem
      : await send(channel, delivery, this.#stopping.signal).then(() => undefined, reasonOf)
    if (this.#stopping.signal.aborted) return false
    this.#unkept.set(channel.name, { id, dueAt, ...(problem === undefined ? {} : { problem }) })
    if (problem === undefined) deliveries.sent(delivery)
    else this.#failed(channel, delivery, problem)
    this.#unkept.delete(channel.name)
    if (problem !== undefined || delivery.tries > 0) onChange()
    return true
  }

  #failed({ name }: AlertChannel, delivery: Delivery, problem: string): void {
    const tries = delivery.tries + 1
    const dead = tries >= mostTries
    this.parts.deliveries.failed(delivery, dead ? undefined : { at: this.parts.now() + waitMs(tries) }, problem)
    this.parts.onProblem(name, problem, dead)
  }

  #on = (): readonly AlertChannel[] => this.parts.channels().filter(({ enabled }) => enabled)
}

const reasonOf = (error: unknown): string =>
  error instanceof ChannelProblem ? error.message : 'Something unexpected went wrong; the log says more.'
