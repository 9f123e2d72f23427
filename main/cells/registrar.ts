import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { Fingerprint, StepReport } from '../../shared/domain/cell.ts'
import type { Finding } from '../../shared/domain/finding.ts'
import type { EpochMs, ServerName, Sha256 } from '../../shared/domain/ids.ts'
import { OneByOne } from '../../shared/domain/one-by-one.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { cellFailed, inputInvalid } from '../../shared/errors.ts'
import type { CellBook, CellBookParts, CellOfServer } from './cell-book.ts'
import type { CellRecord } from './cell-record.ts'
import { type Code, type CodePlace, isOwn } from './code.ts'
import { type CodeChanges, changesBetween } from './code-changes.ts'
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

export interface RegistrarParts {
  readonly servers: CellBookParts['servers']
  readonly trust: TrustRoots
  readonly revoked: Revoked
  readonly tokens: CellTokens
  readonly place: (server: ServerConfig) => CodePlace
  readonly entries: (server: ServerName) => readonly CatalogEntry[]
  /** Looks into the code; undefined where there is none it can read. Bounded in time and size. */
  readonly analyse: (code: Code) => Promise<readonly Finding[] | undefined>
  /** Decoys this server touched since a time. */
  readonly decoysTouched?: (server: ServerName, since: EpochMs) => readonly string[]
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

/** Registers servers by six steps that are shown, and writes down what they are then. It decides nothing about their use. */
export class Registrar {
  readonly #registering = new Set<ServerName>()
  readonly #line = new OneByOne<ServerName>()
  /** Other code is taking the place of theirs. */
  readonly #replacing = new Set<ServerName>()
  /** Servers of a data folder from before there were cells. */
  readonly #toAdopt: Set<ServerName>

  /** @param saw its files were just looked at */
  constructor(
    private readonly parts: RegistrarParts,
    private readonly book: CellBook,
    private readonly saw: (name: ServerName) => void,
    private readonly now: () => number,
  ) {
    this.#toAdopt = new Set(
      parts.servers
        .list()
        .filter(({ name, cell }) => cell === undefined && !book.get(name) && parts.entries(name).length > 0)
        .map(({ name }) => name),
    )
  }

  isRegistering = (name: ServerName): boolean => this.#registering.has(name)
  isReplacing = (name: ServerName): boolean => this.#replacing.has(name)
  isToAdopt = (name: ServerName): boolean => this.#toAdopt.has(name)
  forget = (name: ServerName): void => void this.#toAdopt.delete(name)

  /**
   * The six steps, of one server once at a time. Nothing is kept unless all of them pass; but that a server not yet
   * registered may have what was found in its code stays, for that code.
   * @param tryOut starts it once in its sandbox and lists what it offers
   * @throws cell.failed naming the step; what the trial throws
   */
  register = (name: ServerName, tryOut: () => Promise<TrialSeen>, options: RegisterOptions = {}): Promise<CellRecord> =>
    this.#line.run(name, () => this.#register(name, tryOut, options))

  async #register(name: ServerName, tryOut: () => Promise<TrialSeen>, options: RegisterOptions): Promise<CellRecord> {
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

  /** What is other than it was registered. @param elsewhere code that is to take its place: of it, its own files alone */
  async review(name: ServerName, elsewhere?: CodePlace): Promise<CellReview> {
    const record = this.book.need(name)
    const server = this.parts.servers.need(name)
    const found = await findCode(elsewhere ?? this.parts.place(server), this.parts.trust)
    const manifest = found.manifest ?? this.#written(server, found)
    const findings = await this.parts.analyse(found.at)
    const compared = elsewhere ? (sums: Found['sums']) => ownIn(sums, found.at) : (sums: Found['sums']) => sums
    return {
      report: [this.#signatureStep(found), integrityOf(found), judgeAnalysis(findings, false)],
      files: changesBetween(compared(this.book.filesOf(name)), compared(found.sums)),
      permissions: permissionDiff(record.manifest, manifest),
      findings: findings ?? [],
      checksum: found.code.checksum,
    }
  }

  /** Gatehouse itself put an earlier version of its package back. */
  async replaced(name: ServerName): Promise<void> {
    const record = this.book.get(name)
    if (record === undefined || record.status !== 'active') return
    const found = await this.#found(name)
    if (this.parts.revoked.has(found.code.checksum)) return
    await this.#keep(found, name, record)
  }

  /** Where there is no record to look at its files by: written down as it is, or left alone while it is registered. @returns whether so */
  async lookedAtOtherwise(server: ServerConfig): Promise<boolean> {
    if (this.#registering.has(server.name)) return true
    if (!this.#toAdopt.has(server.name)) return false
    await this.#adopt(server)
    return true
  }

  async #takeSteps(
    steps: StepsTaken,
    tryOut: () => Promise<TrialSeen>,
    { checksum, acceptFindings = false, replacement }: RegisterOptions,
  ): Promise<CellRecord> {
    const { server: name } = steps
    const startedAt = this.now() as EpochMs
    const found = await this.#found(name)
    if (checksum !== undefined && checksum !== found.code.checksum)
      throw inputInvalid('Its files changed again since they were shown. Look once more.')
    steps.pass(this.#signatureStep(found))
    steps.pass(integrityOf(found))
    const findings = found.place.kind === 'file' ? undefined : await this.parts.analyse(found.at)
    steps.pass(judgeAnalysis(findings, this.#areAccepted(name, found.code.checksum as Sha256, acceptFindings)))
    this.book.tell(name, 'verified', 'its manifest and code were verified')
    const seen = await this.#tried(steps, tryOut, startedAt)
    steps.pass(judgeTrial(seen, found.manifest, this.parts.entries(name), this.#decoys(name, startedAt)))
    steps.pass(judgeFingerprint(seen))
    const report = [...steps.reached, step('registration', 'ok', 'registration.done')]
    return this.#keep(found, name, { report, findings: findings ?? [] }, seen, replacement?.also)
  }

  /** @param now whether the person accepts them with this; kept until it is registered, as it may wait for its secrets */
  #areAccepted(name: ServerName, checksum: Sha256, now: boolean): boolean {
    const { cell, acceptedCode } = this.parts.servers.need(name)
    if (cell !== undefined) return now
    if (now && acceptedCode !== checksum) this.parts.servers.set(name, { acceptedCode: checksum })
    return now || acceptedCode === checksum
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
    const before = this.book.get(name)?.manifest
    const manifest = found.manifest ?? this.#written({ ...server, ...also }, found)
    const { hash } = manifest.identity
    if (this.parts.revoked.has(hash)) throw cellFailed(name, 'signature', 'signature.revoked', {})
    const at = this.now() as EpochMs
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
    this.book.put(record, found.sums, also)
    this.#toAdopt.delete(name)
    this.saw(name)
    this.book.tell(
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
    const record = this.book.get(server)
    if (record && keeps) this.book.save({ ...record, report: wholeReport(reached) })
    this.book.tell(server, 'refused', `${failed ? `the step “${failed.step}” failed: ` : ''}${problemIn(error)}`)
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
