import type { Confinement } from '../sandbox/sandbox.ts'
import type { Instance } from './hosted-server-parts.ts'
import type { LiveServer } from './live-server.ts'

export interface RunningProcess {
  readonly live: LiveServer
  /** Monotonic milliseconds. */
  readonly startedMs: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly confinement: Confinement | undefined
  /** Called when it runs no longer. */
  readonly unwatch: (() => void) | undefined
}

/** The processes of one server that run, by who each is for. */
export class RunningProcesses {
  readonly #all = new Map<Instance, RunningProcess>()

  get size(): number {
    return this.#all.size
  }

  /** The one that has run longest. */
  get first(): RunningProcess | undefined {
    return this.#all.values().next().value
  }

  get pids(): number[] {
    return [...this.#all.values()].map(({ live }) => live.pid).filter((pid) => pid > 0)
  }

  get instances(): Instance[] {
    return [...this.#all.keys()]
  }

  get lives(): ReadonlyMap<Instance, LiveServer> {
    return new Map([...this.#all].map(([instance, { live }]) => [instance, live]))
  }

  get = (instance: Instance): RunningProcess | undefined => this.#all.get(instance)

  has = (instance: Instance): boolean => this.#all.has(instance)

  add = (instance: Instance, process: RunningProcess): void => void this.#all.set(instance, process)

  holds(live: LiveServer): boolean {
    for (const running of this.#all.values()) if (running.live === live) return true
    return false
  }

  /** @returns undefined when it runs no longer: then somebody else took it out */
  takeOut(instance: Instance): RunningProcess | undefined {
    const present = this.#all.get(instance)
    this.#all.delete(instance)
    present?.unwatch?.()
    present?.live.over()
    return present
  }
}
