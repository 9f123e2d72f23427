import { type AllowedPath, isOver } from '../../shared/domain/folder-rights.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { ServerStore } from './server-store.ts'

/** The machine sleeps and its clock is set: the wall clock is looked at again at least this often. */
const lookEveryMs = 30_000

export interface FolderEndsParts {
  readonly store: Pick<ServerStore, 'list' | 'set'>
  /** A running process holds what was laid open for it when it started. */
  readonly restart: (server: ServerName) => Promise<void>
  readonly onEnded: (server: ServerName, paths: readonly string[]) => void
  /** Something of an end failed, and is tried again at the next look. */
  readonly onProblem: (error: unknown) => void
  readonly clock: {
    readonly now: () => EpochMs
    readonly monotonicMs: () => number
    readonly after: (ms: number, act: () => void) => () => void
  }
}

/**
 * Ends folders that were allowed for a time: when the wall clock says so, or when as much time has passed as was left when
 * it was first seen, however the clock was set meanwhile. What ended is kept as ended, so that no clock brings it back.
 * Whatever of it fails holds up no other server, and is done again at the next look until it is done.
 */
export class FolderEnds {
  /** By server, path and end: when it is over on the monotonic clock. */
  readonly #deadlines = new Map<string, number>()
  /** Servers that may still hold what has ended. */
  readonly #toRestart = new Set<ServerName>()
  /** Ends that nobody was told of yet. */
  readonly #toTell = new Set<{ readonly server: ServerName; readonly paths: readonly string[] }>()
  #cancel: (() => void) | undefined
  /** No date is believed: all that was lent still has to end. */
  #endsAll = false
  #stopped = false

  constructor(private readonly parts: FolderEndsParts) {}

  /** @param clockSetBack since Gatehouse last ran, so that no date it kept can be believed: what was lent ends */
  start(clockSetBack: boolean): void {
    this.#endsAll = clockSetBack
    this.look()
  }

  /** Looks at all folders, now and whenever the next may end. To be called again when folders were changed. */
  look(): void {
    let soonestMs = Number.POSITIVE_INFINITY
    let allDone = true
    const servers = this.parts.store.list()
    for (const { name, allowedPaths } of servers) {
      const lent = lentOf(allowedPaths)
      const over = lent.filter((folder) => this.#endsAll || this.#leftMs(name, folder) <= 0)
      if (!this.#done(() => this.#end(name, allowedPaths, over))) allDone = false
      for (const folder of lent) if (!over.includes(folder)) soonestMs = Math.min(soonestMs, this.#leftMs(name, folder))
    }
    if (allDone) this.#endsAll = false
    this.#restartAll(new Set(servers.map(({ name }) => name)))
    allDone = this.#done(() => this.#tellAll()) && allDone
    this.#lookIn(allDone ? soonestMs : Math.min(soonestMs, lookEveryMs))
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  #leftMs(server: ServerName, folder: AllowedPath): number {
    const { now, monotonicMs } = this.parts.clock
    if (isOver(folder, now())) return 0
    const key = `${server} ${folder.until} ${folder.path}`
    const deadline = this.#deadlines.get(key) ?? monotonicMs() + ((folder.until ?? 0) - now())
    this.#deadlines.set(key, deadline)
    return deadline - monotonicMs()
  }

  #end(server: ServerName, all: readonly AllowedPath[], over: readonly AllowedPath[]): void {
    if (over.length === 0) return
    const allowedPaths = all.map((folder) => (over.includes(folder) ? { ...folder, ended: true as const } : folder))
    this.parts.store.set(server, { allowedPaths })
    this.#toRestart.add(server)
    this.#toTell.add({ server, paths: over.map(({ path }) => path) })
  }

  #restartAll(known: ReadonlySet<ServerName>): void {
    for (const server of this.#toRestart) {
      this.#toRestart.delete(server)
      if (known.has(server)) void this.parts.restart(server).catch((error) => this.#holdsStill(server, error))
    }
  }

  #holdsStill(server: ServerName, error: unknown): void {
    this.#toRestart.add(server)
    this.parts.onProblem(error)
    if (this.#cancel === undefined) this.#lookIn(lookEveryMs)
  }

  #tellAll(): void {
    for (const ended of this.#toTell) {
      this.parts.onEnded(ended.server, ended.paths)
      this.#toTell.delete(ended)
    }
  }

  /** @returns whether it succeeded */
  #done(act: () => void): boolean {
    try {
      act()
      return true
    } catch (error) {
      this.parts.onProblem(error)
      return false
    }
  }

  /** At the latest after `lookEveryMs`; not at all for an infinite time. */
  #lookIn(ms: number): void {
    this.#cancel?.()
    this.#cancel =
      ms === Number.POSITIVE_INFINITY || this.#stopped
        ? undefined
        : this.parts.clock.after(Math.min(ms, lookEveryMs), () => this.look())
  }
}

const lentOf = (folders: readonly AllowedPath[]): readonly AllowedPath[] =>
  folders.filter(({ until, ended }) => until !== undefined && ended !== true)
