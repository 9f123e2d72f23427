/**
 * Cells: what a server comes in. Registers a server by six visible steps, keeps its manifest and the sum of its code,
 * looks again at every start and once a day, and says whether a server may be used and run. It refuses whatever is
 * pending, suspended or revoked; it never lets a changed server back by itself, and starts nothing.
 */

import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { CellStatus, Fingerprint, KnownUpdate, StepReport } from '../../shared/domain/cell.ts'
import type { Finding } from '../../shared/domain/finding.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import {
  cellFailed,
  cellPending,
  cellRevoked,
  cellSuspended,
  cellUndeclared,
  cellUpdating,
  inputInvalid,
} from '../../shared/errors.ts'
import { CellBook, type CellBookParts, type CellOfServer } from './cell-book.ts'
import type { CellRecord } from './cell-record.ts'
import { CellWatch } from './cell-watch.ts'
import { type Code, type CodePlace, isOwn } from './code.ts'
import { type CodeChanges, changesBetween } from './code-changes.ts'
import { isDeclared } from './declared.ts'
import { type Found, findCode } from './find-code.ts'
import { type PermissionDiff, permissionDiff } from './permission-diff.ts'
import {
  checkIntegrity,
  judgeAnalysis,
  judgeDecoys,
  judgeFingerprint,
  judgeTrial,
  problemIn,
  StepsTaken,
  step,
  type TrialSeen,
  wholeReport,
} from './registration.ts'
import type { Revoked } from './revoked.ts'
import type { CellTokens } from './token.ts'
import type { TrustRoots } from './trust.ts'
import { writtenManifest } from './write-manifest.ts'

export interface CellsParts extends CellBookParts {
  readonly trust: TrustRoots
  readonly revoked: Revoked
  readonly tokens: CellTokens
  readonly place: (server: ServerConfig) => CodePlace
  readonly entries: (server: ServerName) => readonly CatalogEntry[]
  /** Looks into the code; undefined where there is none it can read. Bounded in time and size. */
  readonly analyse: (code: Code) => Promise<readonly Finding[] | undefined>
  /** Decoys this server touched since a time. */
  readonly decoysTouched?: (server: ServerName, since: EpochMs) => readonly string[]
  /** Ends every process of a server. Never rejects. */
  readonly end: (server: ServerName) => Promise<void>
  readonly now?: () => number
  /** Between two looks at a cell that is not started anew. */
  readonly verifyEveryMs: number
}

/** What the person is shown before other code is used. */
export interface CellReview {
  /** The steps that need nothing to be started; none of them is enforced here. */
  readonly report: readonly StepReport[]
  readonly files: CodeChanges
  readonly permissions: PermissionDiff
  readonly findings: readonly Finding[]
  /** Of the code as it is now: what is used is what was shown. */
  readonly checksum: string
}

/** Other code that takes the place of a server's, and leaves it again when it is not registered. */
export interface Replacement {
  /** Ends what runs and puts it there. */
  put(): Promise<void>
  /** As it was before `put`, however far that came. */
  back(): Promise<void>
  /** What counts of its server together with its registration. */
  readonly also: Omit<CellOfServer, 'cell' | 'code'>
}

export interface RegisterOptions {
  readonly acceptFindings?: boolean
  /** Of the code that was shown. */
  readonly checksum?: string
  readonly replacement?: Replacement
}

const own = 'gatehouse'

export class Cells {
  readonly #book: CellBook
  readonly #watch: CellWatch
  readonly #registering = new Set<ServerName>()
  /** Other code is taking the place of theirs. */
  readonly #replacing = new Set<ServerName>()
  /** Servers of a data folder from before there were cells. */
  readonly #toAdopt: Set<ServerName>
  readonly #now: () => number

  constructor(private readonly parts: CellsParts) {
    this.#now = parts.now ?? Date.now
    const book = new CellBook(parts)
    this.#book = book
    this.#watch = new CellWatch({
      ...parts,
      book,
      suspend: (name, reason) => this.suspend(name, reason),
      instead: (server) => this.#lookedAtOtherwise(server),
      now: this.#now,
      everyMs: parts.verifyEveryMs,
    })
    this.#toAdopt = new Set(
      parts.servers
        .list()
        .filter(({ name, cell }) => cell === undefined && !book.get(name) && parts.entries(name).length > 0)
        .map(({ name }) => name),
    )
  }

  get = (server: ServerName): CellRecord | undefined => this.#book.get(server)
  list = (): CellRecord[] => this.#book.list()
  /** Looks at its files again; what changed suspends it. Never throws. */
  verify = (name: ServerName): Promise<void> => this.#watch.look(name)
  /** Looks at all cells now and then, one after another. */
  start = (): void => this.#watch.start()
  stop = (): void => this.#watch.stop()

  /** How a server's cell stands; nothing for Gatehouse's own. */
  stateOf(server: ServerConfig): { readonly status: CellStatus; readonly reason: string } {
    const record = this.#book.get(server.name)
    if (record === undefined && this.#toAdopt.has(server.name)) return { status: 'active', reason: '' }
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
    if (instance === 'listing' && this.#registering.has(server.name)) return
    if (this.#replacing.has(server.name)) throw cellUpdating(server.name)
    this.require(server)
    if (!this.#watch.isFresh(server.name)) await this.verify(server.name)
    this.require(this.parts.servers.need(server.name))
  }

  /**
   * The six steps. Nothing is kept unless all of them pass.
   * @param tryOut starts it once in its sandbox and lists what it offers
   * @throws cell.failed naming the step; what the trial throws
   */
  async register(
    name: ServerName,
    tryOut: () => Promise<TrialSeen>,
    options: RegisterOptions = {},
  ): Promise<CellRecord> {
    const { replacement } = options
    this.#registering.add(name)
    if (replacement) this.#replacing.add(name)
    const steps = new StepsTaken(name)
    try {
      await replacement?.put()
      return await this.#takeSteps(steps, tryOut, options)
    } catch (error) {
      this.#refused(steps, error, replacement === undefined)
      await replacement?.back()
      throw error
    } finally {
      this.#registering.delete(name)
      this.#replacing.delete(name)
    }
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

  /** What is other than it was registered. @param elsewhere code that is to take its place: of it, its own files alone */
  async review(name: ServerName, elsewhere?: CodePlace): Promise<CellReview> {
    const record = this.#book.need(name)
    const server = this.parts.servers.need(name)
    const found = await findCode(elsewhere ?? this.parts.place(server), this.parts.trust)
    const manifest = found.manifest ?? this.#written(server, found)
    const findings = await this.parts.analyse(found.at)
    const compared = elsewhere ? (sums: Found['sums']) => ownIn(sums, found.at) : (sums: Found['sums']) => sums
    return {
      report: [this.#signatureStep(found), integrityOf(found), judgeAnalysis(findings, false)],
      files: changesBetween(compared(this.#book.filesOf(name)), compared(found.sums)),
      permissions: permissionDiff(record.manifest, manifest),
      findings: findings ?? [],
      checksum: found.code.checksum,
    }
  }

  /** Gatehouse itself put an earlier version of its package back. */
  async replaced(name: ServerName): Promise<void> {
    const record = this.#book.get(name)
    if (record === undefined || record.status !== 'active') return
    const found = await this.#found(name)
    if (this.parts.revoked.has(found.code.checksum)) return
    await this.#keep(found, name, record)
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
    this.#toAdopt.delete(name)
    this.#watch.forget(name)
  }

  async #takeSteps(
    steps: StepsTaken,
    tryOut: () => Promise<TrialSeen>,
    { checksum, acceptFindings = false, replacement }: RegisterOptions,
  ): Promise<CellRecord> {
    const { server: name } = steps
    const startedAt = this.#now() as EpochMs
    const found = await this.#found(name)
    if (checksum !== undefined && checksum !== found.code.checksum)
      throw inputInvalid('Its files changed again since they were shown. Look once more.')
    steps.pass(this.#signatureStep(found))
    steps.pass(integrityOf(found))
    const findings = found.place.kind === 'file' ? undefined : await this.parts.analyse(found.at)
    steps.pass(judgeAnalysis(findings, acceptFindings))
    this.#book.tell(name, 'verified', 'its manifest and code were verified')
    const seen = await this.#tried(steps, tryOut, startedAt)
    steps.pass(judgeTrial(seen, found.manifest, this.parts.entries(name), this.#decoys(name, startedAt)))
    steps.pass(judgeFingerprint(seen))
    const report = [...steps.reached, step('registration', 'ok', 'registration.done')]
    return this.#keep(found, name, { report, findings: findings ?? [] }, seen, replacement?.also)
  }

  async #tried(steps: StepsTaken, tryOut: () => Promise<TrialSeen>, since: EpochMs) {
    try {
      return await tryOut()
    } catch (error) {
      const decoys = this.#decoys(steps.server, since) // what ended it tells the person more than that it ended
      if (decoys.length > 0) steps.pass(judgeDecoys(decoys))
      steps.reached.push(step('trial', 'failed', 'trial.failed', { problem: problemIn(error) }))
      throw error
    }
  }

  #decoys = (name: ServerName, since: EpochMs) => this.parts.decoysTouched?.(name, since) ?? []

  /** The code as it lies there now. */
  #found = (name: ServerName): Promise<Found> =>
    findCode(this.parts.place(this.parts.servers.need(name)), this.parts.trust)

  #signatureStep({ report, manifest, code }: Found): StepReport {
    const { revoked } = this.parts
    if (revoked.has(manifest?.identity.hash ?? '') || revoked.has(code.checksum))
      return step('signature', 'failed', 'signature.revoked')
    return report
  }

  async #keep(
    found: Found,
    name: ServerName,
    { report, findings }: Pick<CellRecord, 'report' | 'findings'>,
    seen?: TrialSeen,
    also: Replacement['also'] = {},
  ): Promise<CellRecord> {
    const server = this.parts.servers.need(name)
    const before = this.#book.get(name)?.manifest
    const manifest = found.manifest ?? this.#written({ ...server, ...also }, found)
    const { hash } = manifest.identity
    if (this.parts.revoked.has(hash)) throw cellFailed(name, 'signature', 'signature.revoked', {})
    const at = this.#now() as EpochMs
    const fingerprint = seen && fingerprintOf(seen, at)
    const record: CellRecord = {
      server: name,
      manifest,
      status: 'active',
      report: wholeReport(report),
      findings,
      code: found.code,
      token: await this.parts.tokens.sign({ server: name, manifest: hash, code: found.code.checksum }),
      registeredAt: at,
      verifiedAt: at,
      ...(found.signedBy === undefined ? {} : { signedBy: found.signedBy }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(before === undefined ? {} : { before }),
    }
    this.#book.put(record, found.sums, also)
    this.#toAdopt.delete(name)
    this.#watch.saw(name)
    this.#book.tell(
      name,
      'active',
      record.signedBy ? `registered, signed by ${record.signedBy}` : 'registered, unsigned',
    )
    return record
  }

  #written(server: ServerConfig, { code, place }: Pick<Found, 'code' | 'place'>): CellManifest {
    return writtenManifest(server, this.parts.entries(server.name), { checksum: code.checksum, runtime: place.kind })
  }

  /** @param keeps whether what was refused is its own code, which its record is to say */
  #refused({ server, reached }: StepsTaken, error: unknown, keeps: boolean): void {
    const failed = reached.find(({ outcome }) => outcome === 'failed')
    const record = this.#book.get(server)
    if (record && keeps) this.#book.save({ ...record, report: wholeReport(reached) })
    this.#book.tell(server, 'refused', `${failed ? `the step “${failed.step}” failed: ` : ''}${problemIn(error)}`)
  }

  async #lookedAtOtherwise(server: ServerConfig): Promise<boolean> {
    if (this.#registering.has(server.name)) return true
    if (!this.#toAdopt.has(server.name)) return false
    await this.#adopt(server)
    return true
  }

  /** A server from before there were cells: written down as it is, not tried out. */
  async #adopt(server: ServerConfig): Promise<void> {
    const found = await this.#found(server.name)
    if (!this.#toAdopt.delete(server.name)) return
    const report = wholeReport([]).map((one) => ({ ...one, reason: 'adopted' as const }))
    const { manifest: _, signedBy: _signer, ...unsigned } = found
    await this.#keep(unsigned, server.name, { report, findings: [] })
  }
}

const ownIn = (sums: Found['sums'], { own }: Code): Found['sums'] =>
  Object.fromEntries(Object.entries(sums).filter(([path]) => isOwn(path, own)))

const integrityOf = ({ manifest, own, code, place }: Found): StepReport =>
  checkIntegrity(manifest, own, code, place.kind === 'nowhere')

const fingerprintOf = (seen: TrialSeen, measuredAt: EpochMs): Fingerprint | undefined =>
  seen.used && {
    ...seen.used,
    startMs: seen.startMs,
    listMs: seen.listMs,
    listBytes: seen.listBytes,
    measuredAt,
  }
