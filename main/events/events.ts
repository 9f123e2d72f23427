import type { GatehouseEventName, GatehouseEvents } from '../../shared/contract/contract.ts'

export type Listener<N extends GatehouseEventName> = (payload: GatehouseEvents[N]) => void

/** What happens, told to whoever watches: windows, CLI watchers, the tray. A throwing listener disturbs no one. */
export class Events {
  readonly #listeners = new Map<string, Set<(payload: never) => void>>()
  readonly #all = new Set<(name: GatehouseEventName, payload: unknown) => void>()

  constructor(private readonly onError: (error: unknown) => void = () => {}) {}

  emit<N extends GatehouseEventName>(name: N, payload: GatehouseEvents[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) this.#safely(() => (listener as Listener<N>)(payload))
    for (const listener of this.#all) this.#safely(() => listener(name, payload))
  }

  on<N extends GatehouseEventName>(name: N, listener: Listener<N>): () => void {
    const set = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, set)
    set.add(listener as (payload: never) => void)
    return () => set.delete(listener as (payload: never) => void)
  }

  onAny(listener: (name: GatehouseEventName, payload: unknown) => void): () => void {
    this.#all.add(listener)
    return () => this.#all.delete(listener)
  }

  /** Whether anybody would be told. */
  isWatched(name: GatehouseEventName): boolean {
    return this.#all.size > 0 || (this.#listeners.get(name)?.size ?? 0) > 0
  }

  #safely(tell: () => void): void {
    try {
      tell()
    } catch (error) {
      this.onError(error)
    }
  }
}
