import type { ServerName } from '../../shared/domain/ids.ts'
import { serverFailed } from '../../shared/errors.ts'
import { listServer } from './list-server.ts'
import type { LiveServer } from './live-server.ts'
import type { CatalogFeed } from './ports.ts'
import { withoutBadHeaders } from './remote/mcp-headers.ts'
import { refusalIn } from './remote/remote-problem.ts'

export interface ListingsParts {
  readonly catalog: CatalogFeed
  readonly redact: (text: string) => string
  readonly isRemote: (server: ServerName) => boolean
  readonly lastWords: (server: ServerName) => string
  readonly onChange: (server: ServerName) => void
  readonly listMs: number
}

const relistAfterMs = 200

/** Asks running servers what they offer, and hands it to the catalog. */
export class Listings {
  readonly #soon = new Map<ServerName, NodeJS.Timeout>()

  constructor(private readonly parts: ListingsParts) {}

  /** @returns how long what it listed is @throws server.failed when it refuses or takes too long */
  async hand(name: ServerName, live: LiveServer, accept: boolean, complete: boolean): Promise<number> {
    const { catalog, redact, listMs } = this.parts
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(new Error('it did not list what it offers in time.')), listMs)
    try {
      const listed = await listServer(live, redact, [patience.signal])
      const remote = this.parts.isRemote(name)
      catalog.offer(name, remote ? withoutBadHeaders(listed, live.greeting.era) : listed, accept, complete)
      this.parts.onChange(name)
      return JSON.stringify(listed.entries).length
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      throw refusalIn(error) ?? serverFailed(name, `${problem}${this.parts.lastWords(name)}`, error)
    } finally {
      clearTimeout(timer)
    }
  }

  /** A server may announce a hundred changes in a row; it is asked once. */
  soon(name: ServerName, live: LiveServer): void {
    clearTimeout(this.#soon.get(name))
    const timer = setTimeout(() => {
      this.hand(name, live, false, false).catch(() => {
        // it ended meanwhile, or refused; the entries stay as they were
      })
    }, relistAfterMs)
    timer.unref()
    this.#soon.set(name, timer)
  }

  forget(name: ServerName): void {
    clearTimeout(this.#soon.get(name))
    this.#soon.delete(name)
  }

  stop(): void {
    for (const timer of this.#soon.values()) clearTimeout(timer)
  }
}
