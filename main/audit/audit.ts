import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import type { LiveCall } from '../../shared/contract/sessions.ts'
import type { Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import type { Seek } from '../../shared/domain/subject.ts'
import { auditLost, GatehouseError, inputInvalid, unexpected } from '../../shared/errors.ts'
import type { BoxCipher } from '../store/data-keys.ts'
import type { Database } from '../store/database.ts'
import { type AuditEntry, type AuditFilter, AuditIndex } from './audit-index.ts'
import { type CallRecord, intentRecord, type Outcome, outcomeRecord, plain, type ReceivedCall } from './call-entry.ts'
import { CallTrail } from './call-trail.ts'
import { DiskReserve, type FreeDisk, freeDiskOf } from './disk-reserve.ts'
import type { EntryFields } from './entry.ts'
import { type CallPlace, entryOfCall } from './entry-of-call.ts'
import type { Ranges } from './erased.ts'
import { type ExportEnd, type ExportFormat, type ExportPiece, exportPiece } from './export-entries.ts'
import { GroupCommit } from './group-commit.ts'
import { type AnchorStore, anchorBeginning, HeadKeeper, headFault, keptHeads, signedHead } from './head.ts'
import { Journal, type Written } from './journal.ts'
import { linesOf } from './journal-reader.ts'
import { LiveCalls } from './live-calls.ts'
import { fingerprintOf, publicDer } from './public-key.ts'
import { Readings } from './readings.ts'
import { ReclaimSegments } from './reclaim-segments.ts'
import { type OpenedContents, RecordedContents } from './recorded-contents.ts'
import { Retention, type RetentionDays } from './retention.ts'
import { countLabels, type PersonalCounts, type SoughtEntry, seekEntries } from './seek-entries.ts'
import { type LastVerification, VerificationStore } from './verification-store.ts'
import { signedHeadMark } from './verify-file.ts'
import { type Verification, verifyJournal, verifyWindow, type Window } from './verify-journal.ts'
import { type Watch, watched } from './watched-lines.ts'

/**
 * The record of everything that was asked, decided and done: an append-only chain of entries in files, their signed
 * head anchored in the keychain, and an index of them in the database.
 *
 * It refuses to let an answer leave that it could not record, to let a server act before the intent is written, and to
 * write a value in the clear. It decides nothing, and knows nothing of rules or approvals but their names.
 */
export interface AuditOptions {
  readonly folder: string
  readonly db: Database
  readonly keys: {
    readonly cipher: BoxCipher
    /** Ed25519, private. */
    readonly signing: KeyObject
    /** The key ring. */
    readonly anchors: AnchorStore
  }
  readonly now?: () => number
  readonly freeDisk?: FreeDisk
  /** Calls as they happen, without arguments and results. */
  readonly onCall?: (call: LiveCall) => void
  /** Whether anybody looks at them now. */
  readonly isWatched?: () => boolean
  /** Everything that is recorded and is no call. */
  readonly onEvent?: (event: AuditEvent) => void
  /** Something the person should know: a recovery, a fault, a keychain that does not answer. */
  readonly onNotice?: (text: string) => void
  /** For the log: the details of what the entry only names by reference. */
  readonly onUnexpected?: (reference: string, error: unknown) => void
  readonly largestSegmentBytes?: number
}

/** Everything that is recorded and is no call: pairing, grants, decisions, settings, the keychain. */
export interface AuditEvent
  extends Pick<
    EntryFields,
    | 'action'
    | 'severity'
    | 'summary'
    | 'decision'
    | 'client'
    | 'session'
    | 'workspace'
    | 'server'
    | 'tool'
    | 'code'
    | 'approval'
  > {
  /** Values, encrypted. */
  readonly contents?: JsonObject
}

/** A tool call as it was recorded. */
export interface RecordedArguments {
  readonly at: number
  readonly client: string
  readonly tool: string
  readonly arguments: JsonObject
}

export type AuditDetails = AuditEntry & { arguments?: Json; result?: Json; hash: string }

/** @throws audit.unwritable, keys.unavailable */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const notice = options.onNotice ?? (() => {})
  const { folder, keys } = options
  const journal = new Journal(folder, keys.cipher, options.now ?? Date.now, options.largestSegmentBytes)
  const index = new AuditIndex(options.db, notice)
  const heads = new HeadKeeper(folder, journal, keys.signing, keys.anchors, (problem) =>
    notice(`The audit log could not be anchored: ${problem}`),
  )
  const kept = await keptHeads(folder, keys.signing, keys.anchors)
  if (journal.seq === 0 && !kept.anchor && !kept.head) await anchorBeginning(keys.anchors)
  const fault = headFault(kept, journal.seq, (seq) => journal.hashAt(seq))
  await index.catchUp(folder, journal)
  const audit = new Audit(options, journal, index, heads)
  if (journal.recovery.tornBytes > 0)
    notice('The last audit entry was not whole after a crash; its call was never answered.')
  if (journal.recovery.damaged) audit.reportFault(journal.seq + 1, 'the end of the audit log was damaged')
  if (fault) audit.reportFault(fault.seq, fault.problem)
  for (const begun of index.unfinished()) audit.reportInterrupted(begun)
  return audit
}

export class Audit {
  readonly #options: AuditOptions
  readonly #journal: Journal
  readonly #group: GroupCommit
  readonly #index: AuditIndex
  readonly #heads: HeadKeeper
  readonly #reserve: DiskReserve
  readonly #live: LiveCalls
  readonly #retention: Retention
  readonly #reclaim: ReclaimSegments
  readonly #contents: RecordedContents
  readonly #readings = new Readings()
  readonly #verifications: VerificationStore

  /** @internal use {@link openAudit} */
  constructor(options: AuditOptions, journal: Journal, index: AuditIndex, heads: HeadKeeper) {
    this.#options = options
    this.#journal = journal
    this.#group = new GroupCommit(journal, (written) => this.#written(written))
    this.#index = index
    this.#heads = heads
    this.#contents = new RecordedContents(journal, index, options.keys.cipher)
    this.#reclaim = new ReclaimSegments(options.folder, journal, index.places, this.#readings)
    this.#retention = new Retention(options.folder, index, this.#reclaim, (record) => void this.#write(record))
    this.#reserve = new DiskReserve(options.freeDisk ?? freeDiskOf(options.folder))
    this.#verifications = new VerificationStore(options.db)
    this.#live = new LiveCalls(options.onCall ?? (() => {}), options.now ?? Date.now, options.isWatched)
  }

  /** How many entries there are. */
  get size(): number {
    return this.#journal.seq
  }

  /**
   * Runs a call and writes its entry before the answer leaves, however it ends.
   *
   * @throws what refused the call; internal.unexpected for anything else; audit.unwritable when it cannot be recorded,
   *   audit.lost when it was begun already
   */
  async recorded(received: ReceivedCall, work: () => Promise<Reply>): Promise<Reply> {
    const trail = this.#trailOf(received)
    this.#live.begin(received, trail)
    try {
      const outcome = await this.#settle(work)
      await this.#writeOutcome(received, trail, outcome)
      if (outcome.kind === 'refused') throw outcome.error
      return outcome.reply
    } finally {
      for (const error of trail.end()) this.#unexpected(error)
    }
  }

  /** @throws audit.unwritable */
  assertWritable = (): void => this.#journal.assertWritable()

  /** A durable entry before an effect. @throws audit.unwritable, also while the disk's last 5 % are kept for the log */
  intend(call: ReceivedCall): void {
    const trail = this.#trailOf(call)
    this.#reserve.assertRoom()
    trail.intent = this.#write(intentRecord(call, trail)).entry.seq
  }

  /** @returns the entry's number. @throws audit.unwritable */
  append({ contents, ...event }: AuditEvent): number {
    const fields = { ...event, summary: plain(event.summary, 500) }
    this.#options.onEvent?.(event)
    return this.#write({ fields, contents: contents ? { arguments: JSON.stringify(contents) } : {} }).entry.seq
  }

  /** Calls in flight and the latest ended ones, newest first. */
  calls = (): LiveCall[] => this.#live.list()

  list = (filter: AuditFilter) => this.#index.list(filter)
  facets = (filter: AuditFilter) => this.#index.facets(filter)

  ofCall = (wanted: CallPlace): number | undefined => entryOfCall(this.#index, this.#journal, wanted)

  /**
   * One entry with its decrypted contents; itself recorded.
   *
   * @param by who looks, for the record
   * @throws input.invalid when there is no such entry
   */
  show(seq: number, by: string): AuditDetails {
    const place = this.#index.find(seq)
    if (!place) throw inputInvalid(`There is no audit entry ${seq}.`)
    this.append({ action: 'audit.show', severity: 'notice', summary: `${by} opened the contents of entry ${seq}` })
    const line = this.#journal.read(place)
    return { ...place.entry, ...this.#contents.of(line), hash: line.hash }
  }

  /**
   * Tool calls with their arguments, newest first, for judging them anew; itself recorded. Those whose arguments cannot be
   * read, or were cut, are left out.
   *
   * @param by who looks, for the record
   */
  async recordedCalls(since: number, most: number, by: string): Promise<readonly RecordedArguments[]> {
    this.append({ action: 'audit.simulate', severity: 'notice', summary: `${by} judged recorded calls by other rules` })
    return this.#readings.during(async () => {
      const found: RecordedArguments[] = []
      for (const { entry, ...place } of this.#index.calls(since, most)) {
        const contents = this.#contents.wholeArguments(place)
        const { client, tool, time, code } = entry
        if (contents !== undefined && client !== undefined && tool !== undefined && code !== 'filters.blocked')
          found.push({ at: time, client, tool, arguments: contents })
        if (found.length % 100 === 99) await new Promise(setImmediate) // calls go on meanwhile
      }
      return found
    })
  }

  /** What was found counts, also where a full disk keeps it from being noted. */
  #noteVerified({ valid, checked }: Verification): void {
    try {
      this.#verifications.note((this.#options.now ?? Date.now)(), valid, checked)
    } catch (error) {
      this.#unexpected(error)
    }
  }

  /** @throws keys.unavailable when the anchor cannot be read; audit.stopped */
  verify = (window: Window = {}, watch: Watch = {}): Promise<Verification> =>
    this.#readings.during(() => this.#verify(window, watch))

  async #verify(window: Window, watch: Watch): Promise<Verification> {
    const { folder, keys } = this.#options
    const kept = await keptHeads(folder, keys.signing, keys.anchors)
    const upTo = this.#journal.seq
    if (window.from === undefined && window.to === undefined) {
      const found = await verifyJournal(watched(linesOf(folder), upTo, watch), kept, upTo)
      this.#noteVerified(found)
      return found
    }
    const [from, to] = [window.from ?? 1, Math.min(window.to ?? upTo, upTo)]
    if (from < 1 || from > to) throw inputInvalid(`There are the entries 1 to ${upTo}; name a part of them.`)
    const before = from > 1 ? this.#index.place(from - 1) : undefined
    return verifyWindow(
      watched(linesOf(folder, before), to - from + 1, watch),
      { from, to },
      kept,
      this.#erasedSince(to),
    )
  }

  /** How the whole log was found when it was last looked through. */
  lastVerification = (): LastVerification | undefined => this.#verifications.last()

  /** What verifies the heads this log signs; of no other use to anybody. */
  publicKey = () => ({
    pem: createPublicKey(this.#options.keys.signing).export({ format: 'pem', type: 'spki' }).toString(),
    fingerprint: fingerprintOf(this.#options.keys.signing),
  })

  /** Erases the contents of entries older than that. @returns of how many. @throws audit.unwritable */
  eraseOld = (kept: RetentionDays): Promise<number> => this.#retention.eraseOld(kept, (this.#options.now ?? Date.now)())

  /** Gives back the room of erased contents, in files that are full. @returns bytes. @throws the system's own error */
  reclaim = (): Promise<number> => this.#reclaim.run()

  /** @param why follows “The contents of N entries were erased: …”. @throws audit.unwritable */
  eraseEntries = (seqs: readonly number[], why: string): Promise<number> => this.#retention.eraseEntries(seqs, why)

  /** Entries that name a person; whoever asks for it is recorded by `append`. @throws audit.stopped */
  seek = (seek: Seek, watch: Watch = {}): Promise<readonly SoughtEntry[]> =>
    this.#readings.during(() => seekEntries(this.#linesSoFar(watch), this.#options.keys.cipher, seek))

  /** What an entry keeps encrypted; undefined when it was erased. Whoever asks for it is recorded by `append`. */
  contentsOf(seq: number): OpenedContents | undefined {
    const place = this.#index.place(seq)
    try {
      return place && this.#contents.of(this.#journal.read(place))
    } catch {
      return undefined // what cannot be opened tells nobody anything; verify() names it
    }
  }

  /** How many entries hold personal data, by its kinds. @throws audit.stopped */
  personalCounts = (watch: Watch = {}): Promise<PersonalCounts> =>
    this.#readings.during(() => countLabels(this.#linesSoFar(watch)))

  #linesSoFar = (watch: Watch) => watched(linesOf(this.#options.folder), this.#journal.seq, watch)

  /** When the oldest entry that still has contents was written. */
  oldestContents = (): number | undefined => this.#index.oldestContents()

  #erasedSince(seq: number): Ranges {
    return this.#index.erasures(seq).flatMap((place) => this.#journal.read(place).entry.erased ?? [])
  }

  /** The log as text, a piece at a time. @param after the entry the piece before ended with */
  exportPiece = (format: ExportFormat, after?: number): Promise<ExportPiece> =>
    this.#readings.during(async () => {
      const place = after === undefined ? undefined : this.#index.place(after)
      if (after !== undefined && !place) throw inputInvalid(`There is no audit entry ${after}.`)
      return exportPiece(this.#options.folder, format, this.#exportEnd(), place)
    })

  #exportEnd(): ExportEnd {
    const { seq, hash, end } = this.#journal
    const { signing } = this.#options.keys
    const signed = `${signedHeadMark}${signedHead({ seq, hash }, signing).trim()},"publicKey":"${publicDer(signing).toString('base64')}"}`
    return { ...end, signed }
  }

  /** Signs and anchors the newest entry now. */
  anchor = (): Promise<void> => this.#heads.anchor()

  /** Indexes and anchors what is left; after this nothing is recorded, hence nothing allowed. */
  async stop(): Promise<void> {
    this.#group.flush()
    this.#index.stop()
    await this.#heads.stop()
    this.#journal.close()
  }

  /** A fault found when the log was opened. It stays on record: the next anchor would otherwise cover it up. */
  reportFault(seq: number, problem: string): void {
    this.#options.onNotice?.(`The audit log is not intact: ${problem}.`)
    this.#write({
      fields: { action: 'audit.fault', severity: 'critical', summary: problem, faultAt: seq },
      contents: {},
    })
  }

  /** A call that Gatehouse did not live to see the end of: nobody can say whether its effect happened. */
  reportInterrupted(begun: AuditEntry): void {
    const { client, server, session, tool, seq } = begun
    const known = { client, server, session, tool }
    const present = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
    const summary = `${client ?? 'Someone'} was using ${tool} when Gatehouse stopped; whether it was done is not known`
    this.#write({
      fields: { ...present, action: 'interrupted', severity: 'warning', decision: 'allow', summary, intent: seq },
      contents: {},
    })
  }

  async #settle(work: () => Promise<Reply>): Promise<Outcome> {
    try {
      this.#journal.assertWritable()
      return { kind: 'answered', reply: await work() }
    } catch (error) {
      if (error instanceof GatehouseError) return { kind: 'refused', error }
      const reference = this.#unexpected(error)
      return { kind: 'refused', error: unexpected(reference, error), reference }
    }
  }

  async #writeOutcome(received: ReceivedCall, trail: CallTrail, outcome: Outcome): Promise<void> {
    try {
      await this.#group.append(outcomeRecord(received, trail, outcome))
    } catch (error) {
      const unrecorded = error instanceof GatehouseError ? error : unexpected(this.#unexpected(error), error)
      const refused = trail.intent === undefined ? unrecorded : auditLost(received.target, unrecorded)
      this.#live.end(received, trail, { kind: 'refused', error: refused })
      throw refused
    }
    this.#live.end(received, trail, outcome)
  }

  #write({ fields, contents }: CallRecord): Written {
    const written = this.#journal.append(fields, contents)
    this.#written(written)
    return written
  }

  #written(written: Written): void {
    this.#index.add(written)
    this.#heads.grown()
  }

  #trailOf(call: ReceivedCall): CallTrail {
    if (call.trail instanceof CallTrail) return call.trail
    throw unexpected(this.#unexpected(new TypeError('a call without a trail made by newTrail()')), undefined)
  }

  #unexpected(error: unknown): string {
    const reference = randomBytes(4).toString('hex')
    this.#options.onUnexpected?.(reference, error)
    return reference
  }
}
