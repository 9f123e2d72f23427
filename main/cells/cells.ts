/**
 * Cells: what a server comes in. Registers a server by six visible steps, keeps its manifest and the sum of its code,
 * looks again at every start and once a day, and says whether a server may be used and run. It refuses whatever is
 * pending, suspended or revoked; it never lets a changed server back by itself, and starts nothing.
 */

import { join } from 'node:path'
import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { CellStatus, Fingerprint, KnownUpdate, StepReport } from '../../shared/domain/cell.ts'
import type { Finding } from '../../shared/domain/finding.ts'
import type { EpochMs, ServerName, Sha256 } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import {
  cellFailed,
  cellPending,
  cellRevoked,
  cellSuspended,
  GatehouseError,
  inputInvalid,
} from '../../shared/errors.ts'
import { checksumOf, filesUnder, stampOf, sumsOf } from '../../shared/wire/cell-files.ts'
import type { CellRecord, RegisteredCode } from './cell-record.ts'
import type { CellStore } from './cell-store.ts'
import { type Code, type CodePlace, codeAt } from './code.ts'
import { type CodeChanges, changesBetween } from './code-changes.ts'
import { type PermissionDiff, permissionDiff } from './permission-diff.ts'
import {
  type AuthorsManifest,
  checkIntegrity,
  checkSignature,
  judgeAnalysis,
  judgeDecoys,
  judgeFingerprint,
  judgeTrial,
  step,
  type TrialSeen,
  wholeReport,
} from './registration.ts'
import type { Revoked } from './revoked.ts'
import type { CellTokens } from './token.ts'
import type { TrustRoots } from './trust.ts'
import { writtenManifest } from './write-manifest.ts'

export interface CellsParts {
  readonly store: CellStore
  readonly trust: TrustRoots
  readonly revoked: Revoked
  readonly tokens: CellTokens
  readonly servers: {
    list(): readonly ServerConfig[]
    get(name: ServerName): ServerConfig | undefined
    need(name: ServerName): ServerConfig
    set(name: ServerName, change: Pick<ServerConfig, 'cell' | 'code'>): unknown
  }
  readonly place: (server: ServerConfig) => CodePlace
  readonly entries: (server: ServerName) => readonly CatalogEntry[]
  /** Looks into the code; undefined where there is none it can read. Bounded in time and size. */
  readonly analyse: (code: Code) => Promise<readonly Finding[] | undefined>
  /** Decoys this server touched since a time. */
  readonly decoysTouched?: (server: ServerName, since: EpochMs) => readonly string[]
  /** Something about a cell changed: for the record, the person and the windows. */
  readonly onChange: (change: CellChange) => void
  /** Ends every process of a server. Never rejects. */
  readonly end: (server: ServerName) => Promise<void>
  readonly now?: () => number
  /** Between two looks at a cell that is not started anew. */
  readonly verifyEveryMs: number
}

export interface CellChange {
  readonly server: ServerName
  readonly status: CellStatus | 'refused' | 'changed' | 'update'
  readonly detail: string
}

/** What the person is shown before a suspended cell is used again. */
export interface CellReview {
  readonly files: CodeChanges
  readonly permissions: PermissionDiff
  readonly findings: readonly Finding[]
  /** Of the code as it is now: what is reinstated is what was shown. */
  readonly checksum: string
}

/** The code of a server as it lies there now, and what its author says of it. */
interface Found extends AuthorsManifest {
  readonly place: CodePlace
  readonly at: Code
  readonly sums: Readonly<Record<string, string>>
  readonly code: RegisteredCode
  /** Of what the author's manifest names. */
  readonly own: string
}

/** A look at each new process costs a look at every file's date; more often than this it is not taken. */
const own = 'gatehouse'
const looksAgainAfterMs = 30_000

export class Cells {
  readonly #records: Map<ServerName, CellRecord>
  readonly #registering = new Set<ServerName>()
  readonly #lookedAt = new Map<ServerName, number>()
  readonly #looking = new Map<ServerName, Promise<void>>()
  /** Servers of a data folder from before there were cells. */
  readonly #toAdopt: Set<ServerName>
  readonly #now: () => number
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly parts: CellsParts) {
    this.#now = parts.now ?? Date.now
    this.#records = new Map(parts.store.all().map((record) => [record.server, record]))
    this.#toAdopt = new Set(
      parts.servers
        .list()
        .filter(({ name, cell }) => cell === undefined && !this.#records.has(name) && parts.entries(name).length > 0)
        .map(({ name }) => name),
    )
  }

  get = (server: ServerName): CellRecord | undefined => this.#records.get(server)
  list = (): CellRecord[] => [...this.#records.values()].sort((a, b) => (a.server < b.server ? -1 : 1))

  /** How a server's cell stands; nothing for Gatehouse's own. */
  stateOf(server: ServerConfig): { readonly status: CellStatus; readonly reason: string } {
    const record = this.#records.get(server.name)
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
   * A process of it may start: its cell stands, and its code is still what was registered.
   * @throws as `require`
   */
  async mayRun(server: ServerConfig, instance: string): Promise<void> {
    if (instance === 'listing' && this.#registering.has(server.name)) return
    this.require(server)
    const lookedAt = this.#lookedAt.get(server.name) ?? Number.NEGATIVE_INFINITY
    if (performance.now() - lookedAt > looksAgainAfterMs) await this.verify(server.name)
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
    options: { readonly acceptFindings?: boolean; readonly checksum?: string } = {},
  ): Promise<CellRecord> {
    const startedAt = this.#now() as EpochMs
    const reached: StepReport[] = []
    const server = this.parts.servers.need(name)
    this.#registering.add(name)
    try {
      const found = await this.#found(server)
      if (options.checksum !== undefined && options.checksum !== found.code.checksum)
        throw inputInvalid('Its files changed again since they were shown. Look once more.')
      this.#pass(name, reached, this.#signatureStep(found))
      this.#pass(name, reached, checkIntegrity(found.manifest, found.own, found.code, found.place.kind === 'nowhere'))
      const findings = found.place.kind === 'file' ? undefined : await this.parts.analyse(found.at)
      this.#pass(name, reached, judgeAnalysis(findings, options.acceptFindings ?? false))
      this.#tell(name, 'verified', 'its manifest and code were verified')
      const touched = () => this.parts.decoysTouched?.(name, startedAt) ?? []
      const seen = await tryOut().catch((error: unknown) => {
        const decoys = touched() // what ended it tells the person more than that it ended
        if (decoys.length > 0) this.#pass(name, reached, judgeDecoys(decoys))
        reached.push(step('trial', 'failed', 'trial.failed', { problem: problemIn(error) }))
        throw error
      })
      const entries = this.parts.entries(name)
      const of = (kind: CatalogEntry['kind']) =>
        entries.filter((one) => one.kind === kind).map(({ ownName }) => ownName)
      const listed = { tools: of('tool'), prompts: of('prompt') }
      this.#pass(name, reached, judgeTrial(seen, found.manifest, listed, touched()))
      this.#pass(name, reached, judgeFingerprint(seen))
      return await this.#keep(
        server,
        found,
        [...reached, step('registration', 'ok', 'registration.done')],
        findings ?? [],
        seen,
      )
    } catch (error) {
      this.#refused(name, reached, error)
      throw error
    } finally {
      this.#registering.delete(name)
    }
  }

  /** The person changed what it may do, or accepted what it offers: the manifest Gatehouse writes says so from now on. */
  rewrite(name: ServerName): void {
    const record = this.#records.get(name)
    const server = this.parts.servers.get(name)
    if (record === undefined || server === undefined || record.manifest.signature !== undefined) return
    if (server.cell !== record.manifest.identity.hash) return
    const { checksum, runtime } = record.manifest.code
    const manifest = writtenManifest(server, this.parts.entries(name), { checksum, runtime: runtime.type })
    if (manifest.identity.hash === record.manifest.identity.hash) return
    this.#save({ ...record, manifest, before: record.manifest })
    this.#tell(name, 'changed', 'its manifest was written anew for what you allowed')
  }

  /** Looks at its files again; what changed suspends it. Never throws. */
  verify(name: ServerName): Promise<void> {
    const looking = this.#looking.get(name)
    if (looking) return looking
    const look = this.#verify(name)
      .catch((error: unknown) => this.suspend(name, `Its files could not be read: ${problemIn(error)}`))
      .finally(() => this.#looking.delete(name))
    this.#looking.set(name, look)
    return look
  }

  /** Looks at all cells now and then, one after another. */
  start(): void {
    const all = async () => {
      for (const { name } of this.parts.servers.list()) await this.verify(name)
    }
    this.#timer = setInterval(() => void all(), this.parts.verifyEveryMs)
    this.#timer.unref()
    setTimeout(() => void all(), 2000).unref() // after the start: every process is looked at before it starts anyway
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** It is not used until the person reviewed it. */
  suspend(name: ServerName, reason: string): void {
    const record = this.#records.get(name)
    if (record === undefined || record.status === 'revoked' || record.status === 'suspended') return
    this.#save({ ...record, status: 'suspended', reason })
    this.#tell(name, 'suspended', reason)
    void this.parts.end(name) // not waited for: a start that waits for this look is among what ends
  }

  /**
   * The person decided that what it was suspended for is no reason.
   * @param because stands in the reason; suspended for another one it stays so. Its files are looked at before it starts.
   */
  goOn(name: ServerName, because: string): void {
    const record = this.#records.get(name)
    if (record?.status !== 'suspended' || !record.reason?.includes(because)) return
    const { reason: _, ...rest } = record
    this.#lookedAt.delete(name)
    this.#save({ ...rest, status: 'active' })
    this.#tell(name, 'active', `you let it go on (${because})`)
  }

  /** For good: neither this manifest nor this code is registered again. */
  async revoke(name: ServerName, reason: string): Promise<void> {
    const record = this.#need(name)
    await this.parts.revoked.add(record.manifest.identity.hash, record.code.checksum)
    this.#save({ ...record, status: 'revoked', reason })
    this.#tell(name, 'revoked', reason)
    await this.parts.end(name)
  }

  /** What changed since it was registered. */
  async review(name: ServerName): Promise<CellReview> {
    const record = this.#need(name)
    const server = this.parts.servers.need(name)
    const found = await this.#found(server)
    const manifest = found.manifest ?? this.#written(server, found)
    return {
      files: changesBetween(this.parts.store.filesOf(name), found.sums),
      permissions: permissionDiff(record.manifest, manifest),
      findings: (await this.parts.analyse(found.at)) ?? [],
      checksum: found.code.checksum,
    }
  }

  /** Gatehouse itself put an earlier version of its package back. */
  async replaced(name: ServerName): Promise<void> {
    const record = this.#records.get(name)
    if (record === undefined || record.status !== 'active') return
    const found = await this.#found(this.parts.servers.need(name))
    const { revoked } = this.parts
    if (revoked.has(found.code.checksum)) return
    await this.#keep(this.parts.servers.need(name), found, record.report, record.findings, undefined)
  }

  noteUpdate(name: ServerName, update: KnownUpdate): void {
    const record = this.#records.get(name)
    if (record === undefined) return
    this.#save({ ...record, update })
    if (update.latest !== update.installed && update.latest !== record.update?.latest)
      this.#tell(name, 'update', `version ${update.latest} is available (installed: ${update.installed})`)
  }

  forget(name: ServerName): void {
    this.parts.store.forget(name)
    this.#records.delete(name)
    this.#toAdopt.delete(name)
    this.#lookedAt.delete(name)
  }

  /** What registration and review look at: the code as it lies there now. */
  async #found(server: ServerConfig): Promise<Found> {
    const place = this.parts.place(server)
    const at = await codeAt(place)
    const sums = await sumsOf(at.folder, at.files)
    const code: RegisteredCode = {
      checksum: at.files.length > 0 ? checksumOf(sums) : '',
      count: at.files.length,
      covered: at.covered,
      stamp: stampOf(at.files),
    }
    const cell = place.kind === 'folder' ? join(place.folder, place.own) : at.folder
    const signed = await checkSignature(place, cell, this.parts.trust)
    const own = signed.manifest === undefined ? '' : await ownChecksum(cell)
    return { place, at, sums, code, own, ...signed }
  }

  #signatureStep({ report, manifest, code }: Found): StepReport {
    const { revoked } = this.parts
    if (revoked.has(manifest?.identity.hash ?? '') || revoked.has(code.checksum))
      return step('signature', 'failed', 'signature.revoked')
    return report
  }

  #pass(name: ServerName, reached: StepReport[], report: StepReport): void {
    reached.push(report)
    if (report.outcome === 'failed') throw cellFailed(name, report.step, report.reason, report.params)
  }

  async #keep(
    server: ServerConfig,
    found: Found,
    report: readonly StepReport[],
    findings: readonly Finding[],
    seen: TrialSeen | undefined,
  ): Promise<CellRecord> {
    const before = this.#records.get(server.name)?.manifest
    const manifest = found.manifest ?? this.#written(server, found)
    const { hash } = manifest.identity
    if (this.parts.revoked.has(hash)) throw cellFailed(server.name, 'signature', 'signature.revoked', {})
    const at = this.#now() as EpochMs
    const fingerprint: Fingerprint | undefined = seen?.used && {
      ...seen.used,
      startMs: seen.startMs,
      listMs: seen.listMs,
      listBytes: seen.listBytes,
      measuredAt: at,
    }
    const record: CellRecord = {
      server: server.name,
      manifest,
      status: 'active',
      report: wholeReport(report),
      findings,
      code: found.code,
      token: await this.parts.tokens.sign({ server: server.name, manifest: hash, code: found.code.checksum }),
      registeredAt: at,
      verifiedAt: at,
      ...(found.signedBy === undefined ? {} : { signedBy: found.signedBy }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(before === undefined ? {} : { before }),
    }
    this.parts.store.save(record, found.sums)
    this.#records.set(server.name, record)
    this.#toAdopt.delete(server.name)
    this.parts.servers.set(server.name, { cell: hash as Sha256, code: found.code.checksum as Sha256 })
    this.#lookedAt.set(server.name, performance.now())
    this.#tell(
      server.name,
      'active',
      `it was registered (${record.signedBy ? `signed by ${record.signedBy}` : 'unsigned'})`,
    )
    return record
  }

  #written(server: ServerConfig, { code, place }: Pick<Found, 'code' | 'place'>): CellManifest {
    return writtenManifest(server, this.parts.entries(server.name), { checksum: code.checksum, runtime: place.kind })
  }

  #refused(name: ServerName, reached: readonly StepReport[], error: unknown): void {
    const failed = reached.find(({ outcome }) => outcome === 'failed')
    const record = this.#records.get(name)
    if (record) this.#save({ ...record, report: wholeReport(reached) })
    this.#tell(name, 'refused', `its registration failed${failed ? ` at “${failed.step}”` : ''}: ${problemIn(error)}`)
  }

  async #verify(name: ServerName): Promise<void> {
    const server = this.parts.servers.get(name)
    if (server === undefined || this.#registering.has(name)) return
    if (this.#toAdopt.has(name)) return this.#adopt(server)
    const record = this.#records.get(name)
    if (record === undefined || record.status !== 'active') return
    const at = await codeAt(this.parts.place(server))
    if (stampOf(at.files) !== record.code.stamp) {
      const sums = await sumsOf(at.folder, at.files)
      const checksum = at.files.length > 0 ? checksumOf(sums) : ''
      if (checksum !== record.code.checksum)
        return this.suspend(name, `Its files changed: ${changesBetween(this.parts.store.filesOf(name), sums).summary}`)
    }
    if (record.manifest.signature !== undefined && !(await this.#manifestStands(server, record, at)))
      return this.suspend(name, 'Its manifest changed, or the key that signed it is no longer trusted.')
    await this.#renew(record, stampOf(at.files))
  }

  async #renew(record: CellRecord, stamp: string): Promise<void> {
    const verified = { server: record.server, manifest: record.manifest.identity.hash, code: record.code.checksum }
    const old = this.#now() - record.verifiedAt > this.parts.verifyEveryMs / 2
    const holds = record.token !== undefined && (await this.parts.tokens.holds(record.token, verified))
    if (old || !holds || stamp !== record.code.stamp) {
      const token = await this.parts.tokens.sign(verified)
      const current = this.#records.get(record.server)
      if (current?.status !== 'active') return // suspended meanwhile
      this.#save({ ...current, token, code: { ...current.code, stamp }, verifiedAt: this.#now() as EpochMs })
    }
    this.#lookedAt.set(record.server, performance.now())
  }

  async #manifestStands(server: ServerConfig, record: CellRecord, at: Code): Promise<boolean> {
    const place = this.parts.place(server)
    const folder = place.kind === 'folder' ? join(place.folder, place.own) : at.folder
    const { manifest, signedBy } = await checkSignature(place, folder, this.parts.trust)
    return manifest?.identity.hash === record.manifest.identity.hash && signedBy === record.signedBy
  }

  /** A server from before there were cells: written down as it is, not tried out. */
  async #adopt(server: ServerConfig): Promise<void> {
    const found = await this.#found(server)
    if (!this.#toAdopt.delete(server.name)) return
    const report = wholeReport([]).map((one) => ({ ...one, reason: 'adopted' as const }))
    const { manifest: _, signedBy: _signer, ...unsigned } = found
    await this.#keep(server, unsigned, report, [], undefined)
  }

  #need(name: ServerName): CellRecord {
    const record = this.#records.get(name)
    if (record === undefined) throw cellPending(name)
    return record
  }

  #save(record: CellRecord): void {
    this.parts.store.update(record)
    this.#records.set(record.server, record)
    const server = this.parts.servers.get(record.server)
    const { hash } = record.manifest.identity
    if (server && server.cell !== hash) this.parts.servers.set(record.server, { cell: hash as Sha256 })
  }

  #tell(server: ServerName, status: CellChange['status'], detail: string): void {
    this.parts.onChange({ server, status, detail })
  }
}

/** Of everything under a cell's folder, which is what its author's manifest names. */
async function ownChecksum(folder: string): Promise<string> {
  const files = await filesUnder(folder, { files: 20_000, bytes: 512 * 1024 ** 2 })
  return files ? checksumOf(await sumsOf(folder, files)) : ''
}

const problemIn = (error: unknown): string =>
  error instanceof GatehouseError
    ? (error.params.problem ?? error.code)
    : error instanceof Error
      ? error.message
      : String(error)
