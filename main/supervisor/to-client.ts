import type { Answering } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { roughSize } from '../../shared/domain/rough-size.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { AnsweredBy } from '../kernel/server-asks.ts'
import type { Progress } from './connection.ts'

/** What Gatehouse makes of everything a server says to a client outside of an answer. */
export interface ToClient {
  /** Progress, a log line, the state of a task: without what filters take out. */
  readonly told: (source: Answering, params: JsonObject) => JsonObject
  /** A server asks a client something while this call runs: filtered, judged, counted, recorded. Throws what refuses it. */
  readonly asked: (call: Equipped, method: string, params: JsonObject) => JsonObject
  /** What was answered to it, as it goes to the server; waits while the person is asked whether it may. Throws what refuses it. */
  readonly answered: (call: Equipped, method: string, answer: JsonObject, by: AnsweredBy) => Promise<JsonObject>
  /** Asks what a client cannot ask. */
  readonly person?: Person
}

/** The person at this computer. */
export interface Person {
  /** Whether a window can show a question now. */
  there(): boolean
  /** @returns what `elicitation/create` is answered with */
  elicit(params: JsonObject, call: Equipped, signal: AbortSignal): Promise<JsonObject>
}

/** Notifications a server may send at once, and a second after that; what is more is dropped. */
const burst = 1000
const perSecond = 200
const longestChars = 1024 * 1024

/** Cleans and slows down what a server tells a client: a flood would fill the memory of whoever reads slowly. */
export class Told {
  #left = burst
  #lastMs: number

  constructor(
    private readonly filtered: ToClient['told'],
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#lastMs = nowMs()
  }

  /** @returns whether one more may be told now */
  mayTell(): boolean {
    const now = this.nowMs()
    this.#left = Math.min(burst, this.#left + ((now - this.#lastMs) / 1000) * perSecond)
    this.#lastMs = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }

  /** @returns undefined for one that is dropped: too many, too long, or not to be cleaned */
  notification(source: Answering, params: JsonObject): JsonObject | undefined {
    if (!this.mayTell() || roughSize(params) > longestChars) return undefined
    try {
      return this.filtered(source, params)
    } catch {
      return undefined // nested deeper than anything can be
    }
  }

  progress(source: Answering, { message, ...numbers }: Progress): Progress | undefined {
    if (message === undefined) return this.mayTell() ? numbers : undefined
    const clean = this.notification(source, { message })
    return typeof clean?.message === 'string' ? { ...numbers, message: clean.message } : undefined
  }
}
