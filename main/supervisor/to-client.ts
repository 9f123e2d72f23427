import type { JsonObject } from '../../shared/domain/json.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { Progress } from './connection.ts'

/** What Gatehouse makes of everything a server says to a client outside of an answer. */
export interface ToClient {
  /** Known secrets in a text become a mark. */
  readonly redact: (text: string) => string
  /** A server asks a client something while this call runs: judged, counted, recorded. Throws what refuses it. */
  readonly asked: (method: string, call: Equipped) => void
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
    private readonly redact: (text: string) => string,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#lastMs = nowMs()
  }

  /** @returns undefined for one that is dropped: too many, too long, or not to be cleaned */
  notification(params: JsonObject): JsonObject | undefined {
    return this.#mayTell() ? cleaned(params, this.redact, longestChars) : undefined
  }

  progress(progress: Progress): Progress | undefined {
    if (!this.#mayTell() || (progress.message?.length ?? 0) > longestChars) return undefined
    return progress.message === undefined ? progress : { ...progress, message: this.redact(progress.message) }
  }

  #mayTell(): boolean {
    const now = this.nowMs()
    this.#left = Math.min(burst, this.#left + ((now - this.#lastMs) / 1000) * perSecond)
    this.#lastMs = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}

/** Without known secrets. @returns undefined when it is too long or cannot be cleaned */
export function cleaned(
  params: JsonObject,
  redact: (text: string) => string,
  longest = Number.POSITIVE_INFINITY,
): JsonObject | undefined {
  try {
    const text = JSON.stringify(params)
    if (text.length > longest) return undefined
    const clean = redact(text)
    return clean === text ? params : (JSON.parse(clean) as JsonObject)
  } catch {
    return undefined
  }
}
