/**
 * Cells: what a server comes in. Registers a server by six visible steps, keeps its manifest and the sum of its code,
 * looks again at every start and once a day, and says whether a server may be used and run. It refuses whatever is
 * pending, suspended or revoked; it never lets a changed server back by itself, and starts nothing.
 */

import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { CellStatus, KnownUpdate } from '../../shared/domain/cell.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { cellPending, cellRevoked, cellSuspended, cellUndeclared, cellUpdating } from '../../shared/errors.ts'
import { CellBook, type CellBookParts } from './cell-book.ts'
import type { CellRecord } from './cell-record.ts'
import { CellWatch } from './cell-watch.ts'
import type { CodePlace } from './code.ts'
import { isDeclared } from './declared.ts'
import { type CellReview, type RegisterOptions, Registrar, type RegistrarParts } from './registrar.ts'
import type { TrialSeen } from './registration.ts'
import { writtenManifest } from './write-manifest.ts'

export interface CellsParts extends CellBookParts, RegistrarParts {
  /** Ends every process of a server. Never rejects. */
  readonly end: (server: ServerName) => Promise<void>
  readonly now?: () => number
  /** Between two looks at a cell that is not started anew. */
  readonly verifyEveryMs: number
}

const own = 'gatehouse'

export class Cells {
  readonly #book: CellBook
  readonly #watch: CellWatch
  readonly #registrar: Registrar

  constructor(private readonly parts: CellsParts) {
    const now = parts.now ?? Date.now
    const book = new CellBook(parts)
    this.#book = book
    this.#registrar = new Registrar(parts, book, (name) => this.#watch.saw(name), now)
    this.#watch = new CellWatch({
      ...parts,
      book,
      suspend: (name, reason) => this.suspend(name, reason),
      instead: (server) => this.#registrar.lookedAtOtherwise(server),
      now,
      everyMs: parts.verifyEveryMs,
    })
  }

  get = (server: ServerName): CellRecord | undefined => this.#book.get(server)
  list = (): CellRecord[] => this.#book.list()
  /** Looks at its files again; what changed suspends it. Never throws. */
  verify = (name: ServerName): Promise<void> => this.#watch.look(name)
  /** Looks at all cells now and then, one after another. */
  start = (): void => this.#watch.start()
  stop = (): void => this.#watch.stop()

  /** @see Registrar */
  register = (name: ServerName, tryOut: () => Promise<TrialSeen>, options?: RegisterOptions): Promise<CellRecord> =>
    this.#registrar.register(name, tryOut, options)
  review = (name: ServerName, elsewhere?: CodePlace): Promise<CellReview> => this.#registrar.review(name, elsewhere)
  replaced = (name: ServerName): Promise<void> => this.#registrar.replaced(name)

  /** How a server's cell stands; nothing for Gatehouse's own. */
  stateOf(server: ServerConfig): { readonly status: CellStatus; readonly reason: string } {
    const record = this.#book.get(server.name)
    if (record === undefined && this.#registrar.isToAdopt(server.name)) return { status: 'active', reason: '' }
    if (record === undefined || (server.cell !== undefined && server.cell !== record.manifest.identity.hash))
      return server.cell === undefined
        ? { status: 'pending', reason: 'Its registration is not complete.' }
        : { status: 'suspended', reason: 'The record of its cell was changed or removed outside Gatehouse.' }
    return { status: record.status, reason: record.reason ?? '' }
  }

  /** It may be used. @throws cell.pending, cell.suspended, cell.revoked */
  require(server: ServerConfig): void {
    if (server.name === own) return
    const { status, reason } = this.stateOf(server)
    if (status === 'active' || status === 'verified') return
    if (status === 'pending') throw cellPending(server.name)
    throw status === 'revoked' ? cellRevoked(server.name, reason) : cellSuspended(server.name, reason)
  }

  /**
   * It may be used, and for this: what an author's manifest does not name is not used, whenever it came to be offered.
   * @throws as `require`; cell.undeclared
   */
  requireFor(server: ServerConfig, entry: CatalogEntry): void {
    this.require(server)
    const manifest = this.#book.get(server.name)?.manifest
    if (manifest?.signature !== undefined && !isDeclared(manifest, entry)) throw cellUndeclared(entry.name, server.name)
  }

  /**
   * A process of it may start: its cell stands, and its code is still what was registered.
   * @throws as `require`; cell.updating
   */
  async mayRun(server: ServerConfig, instance: string): Promise<void> {
    if (instance === 'listing' && this.#registrar.isRegistering(server.name)) return
    if (this.#registrar.isReplacing(server.name)) throw cellUpdating(server.name)
    this.require(server)
    if (!this.#watch.isFresh(server.name)) await this.verify(server.name)
    this.require(this.parts.servers.need(server.name))
  }

  /** The person changed what it may do, or accepted what it offers: the manifest Gatehouse writes says so from now on. */
  rewrite(name: ServerName): void {
    const record = this.#book.get(name)
    const server = this.parts.servers.get(name)
    if (record === undefined || server === undefined || record.manifest.signature !== undefined) return
    if (server.cell !== record.manifest.identity.hash) return
    const { checksum, runtime } = record.manifest.code
    const manifest = writtenManifest(server, this.parts.entries(name), { checksum, runtime: runtime.type })
    if (manifest.identity.hash === record.manifest.identity.hash) return
    this.#book.save({ ...record, manifest, before: record.manifest })
    this.#book.tell(name, 'changed', 'its manifest was written anew for what you allowed')
  }

  /** It is not used until the person reviewed it. */
  suspend(name: ServerName, reason: string): void {
    const record = this.#book.get(name)
    if (record === undefined || record.status === 'revoked' || record.status === 'suspended') return
    this.#book.save({ ...record, status: 'suspended', reason })
    this.#book.tell(name, 'suspended', reason)
    void this.parts.end(name) // not waited for: a start that waits for this look is among what ends
  }

  /**
   * The person decided that what it was suspended for is no reason.
   * @param because stands in the reason; suspended for another one it stays so. Its files are looked at before it starts.
   */
  goOn(name: ServerName, because: string): void {
    const record = this.#book.get(name)
    if (record?.status !== 'suspended' || !record.reason?.includes(because)) return
    const { reason: _, ...rest } = record
    this.#watch.forget(name)
    this.#book.save({ ...rest, status: 'active' })
    this.#book.tell(name, 'active', `you let it go on (${because})`)
  }

  /** For good: neither this manifest nor this code is registered again. */
  async revoke(name: ServerName, reason: string): Promise<void> {
    const record = this.#book.need(name)
    await this.parts.revoked.add(record.manifest.identity.hash, record.code.checksum)
    this.#book.save({ ...record, status: 'revoked', reason })
    this.#book.tell(name, 'revoked', reason)
    await this.parts.end(name)
  }

  noteUpdate(name: ServerName, update: KnownUpdate): void {
    const record = this.#book.get(name)
    if (record === undefined) return
    this.#book.save({ ...record, update })
    if (update.latest !== update.installed && update.latest !== record.update?.latest)
      this.#book.tell(name, 'update', `version ${update.latest} is available (installed: ${update.installed})`)
  }

  forget(name: ServerName): void {
    this.#book.forget(name)
    this.#registrar.forget(name)
    this.#watch.forget(name)
  }
}
