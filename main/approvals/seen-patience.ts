import type { ClientId } from '../../shared/domain/ids.ts'

/** A client that gave up sooner than this was cancelled by someone, not by its own timeout. */
const shortestMs = 5_000
/** Two withdrawals after nearly the same time are a timeout, not a person. */
const nearlyMs = 1_500

/** Where what was seen is kept. */
export interface KeptPatience {
  all(): Iterable<readonly [ClientId, number]>
  save(client: ClientId, patienceMs: number): void
}

/** How long each client was seen to wait before its own timeout withdrew a call. In monotonic milliseconds. */
export class SeenPatience {
  readonly #lastMs = new Map<ClientId, number>()
  readonly #patienceMs: Map<ClientId, number>

  constructor(private readonly kept?: KeptPatience) {
    this.#patienceMs = new Map(kept?.all() ?? [])
  }

  /** A call was withdrawn after this long. */
  note(client: ClientId, waitedMs: number): void {
    const last = this.#lastMs.get(client)
    this.#lastMs.set(client, waitedMs)
    if (last === undefined || waitedMs < shortestMs || Math.abs(waitedMs - last) > nearlyMs) return
    const patienceMs = Math.round(Math.max(shortestMs, Math.min(waitedMs, last) * 0.8))
    this.#patienceMs.set(client, patienceMs)
    this.kept?.save(client, patienceMs)
  }

  /** When to answer "waiting", a little before the client would give up; Infinity for one that never did. */
  of = (client: ClientId): number => this.#patienceMs.get(client) ?? Number.POSITIVE_INFINITY
}
