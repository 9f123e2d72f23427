import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { checksumOf, stampOf, sumsOf } from '../../shared/wire/cell-files.ts'
import type { CellBook } from './cell-book.ts'
import type { CellRecord } from './cell-record.ts'
import { type Code, type CodePlace, codeAt } from './code.ts'
import { changesBetween } from './code-changes.ts'
import { folderOfCell } from './find-code.ts'
import { checkSignature, problemIn } from './registration.ts'
import type { CellTokens } from './token.ts'
import type { TrustRoots } from './trust.ts'

export interface CellWatchParts {
  readonly book: CellBook
  readonly trust: TrustRoots
  readonly tokens: CellTokens
  readonly servers: { list(): readonly ServerConfig[]; get(name: ServerName): ServerConfig | undefined }
  readonly place: (server: ServerConfig) => CodePlace
  readonly suspend: (server: ServerName, reason: string) => void
  /** Looks instead at a server that has no record yet, or one that is being registered. @returns whether it did */
  readonly instead: (server: ServerConfig) => Promise<boolean>
  readonly now: () => number
  /** Between two looks at a cell that is not started anew. */
  readonly everyMs: number
}

/** A look costs a look at every file's date: of processes that start in the same second, one is enough. */
const freshMs = 1_000
const firstLookMs = 2000

/** Looks at what is registered again: at every start, once in a while, when asked. What changed is suspended. */
export class CellWatch {
  readonly #lookedAt = new Map<ServerName, number>()
  readonly #looking = new Map<ServerName, Promise<void>>()
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly parts: CellWatchParts) {}

  isFresh = (name: ServerName): boolean =>
    performance.now() - (this.#lookedAt.get(name) ?? Number.NEGATIVE_INFINITY) <= freshMs
  saw = (name: ServerName): void => void this.#lookedAt.set(name, performance.now())
  forget = (name: ServerName): void => void this.#lookedAt.delete(name)

  /** Never throws. */
  look(name: ServerName): Promise<void> {
    const looking = this.#looking.get(name)
    if (looking) return looking
    const look = this.#look(name)
      .catch((error: unknown) => this.parts.suspend(name, `Its files could not be read: ${problemIn(error)}`))
      .finally(() => this.#looking.delete(name))
    this.#looking.set(name, look)
    return look
  }

  /** Looks at all cells now and then, one after another. */
  start(): void {
    const all = async () => {
      for (const { name } of this.parts.servers.list()) await this.look(name)
    }
    this.#timer = setInterval(() => void all(), this.parts.everyMs)
    this.#timer.unref()
    setTimeout(() => void all(), firstLookMs).unref() // after the start: every process is looked at before it starts anyway
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #look(name: ServerName): Promise<void> {
    const { book, suspend } = this.parts
    const server = this.parts.servers.get(name)
    if (server === undefined || (await this.parts.instead(server))) return
    const record = book.get(name)
    if (record === undefined || record.status !== 'active') return
    const at = await codeAt(this.parts.place(server))
    if (stampOf(at.files) !== record.code.stamp) {
      const sums = await sumsOf(at.folder, at.files)
      const checksum = at.files.length > 0 ? checksumOf(sums) : ''
      if (checksum !== record.code.checksum)
        return suspend(name, `Its files changed: ${changesBetween(book.filesOf(name), sums).summary}`)
    }
    if (record.manifest.signature !== undefined && !(await this.#manifestStands(server, record, at)))
      return suspend(name, 'Its manifest changed, or the key that signed it is no longer trusted.')
    await this.#renew(record, stampOf(at.files))
  }

  async #renew(record: CellRecord, stamp: string): Promise<void> {
    const { book, tokens, now, everyMs } = this.parts
    const verified = { server: record.server, manifest: record.manifest.identity.hash, code: record.code.checksum }
    const old = now() - record.verifiedAt > everyMs / 2
    const holds = record.token !== undefined && (await tokens.holds(record.token, verified))
    if (old || !holds || stamp !== record.code.stamp) {
      const token = await tokens.sign(verified)
      const current = book.get(record.server)
      if (current?.status !== 'active' || current.code.checksum !== record.code.checksum) return // changed meanwhile
      book.save({ ...current, token, code: { ...current.code, stamp }, verifiedAt: now() as EpochMs })
    }
    this.saw(record.server)
  }

  async #manifestStands(server: ServerConfig, record: CellRecord, at: Code): Promise<boolean> {
    const place = this.parts.place(server)
    const { manifest, signedBy } = await checkSignature(place, folderOfCell(place, at), this.parts.trust)
    return manifest?.identity.hash === record.manifest.identity.hash && signedBy === record.signedBy
  }
}
