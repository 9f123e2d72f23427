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
  readonly clock: {
    readonly now: () => EpochMs
    readonly monotonicMs: () => number
    readonly after: (ms: number, act: () => void) => () => void
  }
}

/**
 * Ends folders that were allowed for a time: when the wall clock says so, or when as much time has passed as was left when
 * it was first seen, however the clock was set meanwhile. What ended is kept as ended, so that no clock brings it back.
 */
export class FolderEnds {
  /** By server, path and end: when it is over on the monotonic clock. */
  readonly #deadlines = new Map<string, number>()
  #cancel: (() => void) | undefined

  constructor(private readonly parts: FolderEndsParts) {}

  /** @param clockSetBack since Gatehouse last ran, so that no date it kept can be believed: what was lent ends */
  start(clockSetBack: boolean): void {
    if (clockSetBack)
      for (const { name, allowedPaths } of this.parts.store.list()) this.#end(name, allowedPaths, lentOf(allowedPaths))
    this.look()
  }

  /** Looks at all folders, now and whenever the next may end. To be called again when folders were changed. */
  look(): void {
    let soonestMs = Number.POSITIVE_INFINITY
    for (const { name, allowedPaths } of this.parts.store.list()) {
      const lent = lentOf(allowedPaths)
      const over = lent.filter((folder) => this.#leftMs(name, folder) <= 0)
      this.#end(name, allowedPaths, over)
      for (const folder of lent) if (!over.includes(folder)) soonestMs = Math.min(soonestMs, this.#leftMs(name, folder))
    }
    this.#cancel?.()
    const none = soonestMs === Number.POSITIVE_INFINITY
    this.#cancel = none ? undefined : this.parts.clock.after(Math.min(soonestMs, lookEveryMs), () => this.look())
  }

  stop(): void {
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
    this.parts.onEnded(
      server,
      over.map(({ path }) => path),
    )
    void this.parts.restart(server)
  }
}

const lentOf = (folders: readonly AllowedPath[]): readonly AllowedPath[] =>
  folders.filter(({ until, ended }) => until !== undefined && ended !== true)
