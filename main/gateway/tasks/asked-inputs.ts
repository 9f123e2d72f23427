import type { JsonObject } from '../../../shared/domain/json.ts'
import type { InputRequests } from './task-shapes.ts'

interface Asked {
  readonly method: string
  readonly params: JsonObject
  readonly settle: (response: JsonObject) => void
}

/** Questions a task has for its client, under keys that are never used twice. @see tasks extension, “Task Update Requests” */
export class AskedInputs {
  readonly #open = new Map<string, Asked>()
  readonly #listeners = new Set<() => void>()
  #next = 1

  constructor(private readonly onChange: () => void) {}

  get open(): InputRequests {
    return Object.fromEntries([...this.#open].map(([key, { method, params }]) => [key, { method, params }]))
  }

  /** Resolves with what the client answers. @throws the signal's reason */
  ask(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    if (signal.aborted) return Promise.reject(signal.reason)
    const key = `input-${this.#next++}`
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal.removeEventListener('abort', withdraw)
        this.#open.delete(key)
        this.#changed()
      }
      const withdraw = () => {
        leave()
        reject(signal.reason)
      }
      const settle = (response: JsonObject) => {
        leave()
        resolve(response)
      }
      signal.addEventListener('abort', withdraw, { once: true })
      this.#open.set(key, { method, params, settle })
      this.#changed()
    })
  }

  /** Keys nobody asked about, or no longer, are passed over. */
  answer(responses: JsonObject): void {
    for (const [key, response] of Object.entries(responses))
      if (typeof response === 'object' && response !== null && !Array.isArray(response))
        this.#open.get(key)?.settle(response as JsonObject)
  }

  /** @returns the way to stop */
  onAsked(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(): void {
    this.onChange()
    for (const listener of this.#listeners) listener()
  }
}
