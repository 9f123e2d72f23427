import type { Wiped } from '../sandbox/sandbox.ts'
import type { Instance } from './hosted-server-parts.ts'
import { isOneCall, type OneCall } from './one-call.ts'
import type { Road } from './start-server.ts'

/** What processes that may leave nothing (level 4) had changed when they were wiped, until their call asks. */
export class WipedCalls {
  readonly #left = new Map<OneCall, Wiped>()

  constructor(private readonly onWiped: ((instance: Instance, wiped: Wiped) => void) | undefined) {}

  /** @returns the road, on whose release it is noted what was wiped */
  noting(instance: Instance, road: Road): Road {
    if (typeof road === 'function' || road.wiped === undefined) return road
    const release = async () => {
      await road.release()
      const left = road.wiped?.() ?? { complete: false, changedFiles: 0 }
      if (isOneCall(instance)) this.#left.set(instance, left)
      this.onWiped?.(instance, left)
    }
    return { ...road, release }
  }

  /** How many files of its copies the call had changed; asked once. */
  take(instance: OneCall): number {
    const left = this.#left.get(instance)
    this.#left.delete(instance)
    return left?.changedFiles ?? 0
  }
}
