import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig, ServerOrigin } from '../../shared/domain/server.ts'
import { GatehouseError } from '../../shared/errors.ts'
import type { Cells } from '../cells/cells.ts'

interface Updates {
  readonly updates: { readonly server: string; readonly installed: string; readonly latest: string }[]
  readonly failed: { readonly server: string; readonly problem: string }[]
}

const dailyMs = 24 * 3_600_000

/**
 * Asks once a day, the first time an hour after the start. It goes to the internet: only where `cells.updates` is `daily`.
 * @returns stop
 */
export function checkDaily(check: () => Promise<unknown>, firstAfterMs = 3_600_000): () => void {
  let timer = setTimeout(() => {
    void check()
    timer = setInterval(() => void check(), dailyMs).unref()
  }, firstAfterMs).unref()
  return () => clearInterval(timer)
}

/**
 * Asks for newer versions of installed packages, one after another, and tells; nothing is installed by it.
 * @param latest of a package, from its registry
 */
export function updateCheck(
  cells: Pick<Cells, 'noteUpdate'>,
  servers: () => readonly ServerConfig[],
  latest: (server: ServerName, origin: Extract<ServerOrigin, { kind: 'package' }>) => Promise<string>,
): (only?: ServerName) => Promise<Updates> {
  return async (only) => {
    const found: Updates = { updates: [], failed: [] }
    for (const { name, origin } of servers()) {
      if (origin.kind !== 'package' || origin.installed === undefined) continue
      if (only !== undefined && name !== only) continue
      const installed = origin.installed.version
      try {
        const newest = await latest(name, origin)
        cells.noteUpdate(name, { installed, latest: newest, checkedAt: Date.now() as EpochMs })
        if (newest !== installed) found.updates.push({ server: name, installed, latest: newest })
      } catch (error) {
        const problem = error instanceof GatehouseError ? (error.params.problem ?? error.code) : String(error)
        found.failed.push({ server: name, problem })
      }
    }
    return found
  }
}
