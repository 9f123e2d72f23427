/**
 * Questions for the person, and what became of them. Holds a call until it is allowed; binds an answer to exactly what
 * was shown; honours a late one once, for the same client.
 *
 * It refuses to judge (permissions/ does), to remember for longer than one call (permissions/ keeps grants) and to take
 * an answer's word for who gave it (the carriers check their callers).
 */
import type { Decision, Question } from '../../shared/contract/approvals.ts'
import { cellHash } from '../../shared/domain/binding.ts'
import type { Clearance, Client, JudgedCall } from '../../shared/domain/call.ts'
import type { ApprovalId, ClientId, EpochMs, Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import {
  appDraining,
  approvalCancelled,
  approvalDenied,
  approvalExpired,
  approvalFlood,
  approvalStale,
  approvalUnknown,
  approvalWaiting,
} from '../../shared/errors.ts'
import { type ApprovalRecord, type ApprovalState, type AskedCall, type HeldCall, sha256 } from './approval.ts'
import { type ApprovalSettings, type ApprovalsParts, defaultSettings } from './approvals-parts.ts'
import { askedHash, callDraft } from './call-draft.ts'
import { type Clock, systemClock } from './clock.ts'
import { noteOf } from './decision-note.ts'
import { Decisions, isPresent } from './decisions.ts'
import { contentNow } from './file-preview.ts'
import { type LateAnswer, LateAnswers, lateAnswerOf, noAnchor } from './late-answers.ts'
import { asShown, type OpenQuestion, OpenQuestions, type Outcome } from './open-questions.ts'
import { PersonDesk, type ServerQuestion } from './person-desk.ts'
import type { PersonAsk } from './person-questions.ts'
import { PlanDesk } from './plan-desk.ts'
import type { Plan, PlanAnswer } from './plans.ts'
import { proposalsFor } from './proposals.ts'
import { type Say, sayIn } from './question-text.ts'
import { SeenPatience } from './seen-patience.ts'

export type { ApprovalsParts, ToRemember } from './approvals-parts.ts'
export type { DecisionNote } from './decision-note.ts'

/** Milliseconds between two signs of life to a client that asked for progress. */
const remindMs = 10_000

export class Approvals {
  readonly #open: OpenQuestions
  readonly #late: LateAnswers
  readonly #decisions: Decisions
  readonly #desk: PersonDesk
  readonly #plans: PlanDesk
  readonly #opening = new Map<Sha256, { readonly asker: ClientId; readonly question: Promise<OpenQuestion> }>()
  readonly #patience: SeenPatience
  readonly #say: Say
  readonly #clock: Clock

  constructor(private readonly parts: ApprovalsParts) {
    this.#clock = parts.clock ?? systemClock
    this.#patience = new SeenPatience(parts.patience)
    this.#say = sayIn(parts.language ?? (() => 'en'))
    this.#late = new LateAnswers(this.#clock, parts.anchor ?? noAnchor)
    this.#open = new OpenQuestions(this.#clock, () => this.#settings.expiryMs, {
      onAsked: parts.onAsked,
      onSettled: parts.onSettled,
      save: (record) => {
        parts.store.save(record)
        if (record.state === 'expired' || record.state === 'cancelled') parts.auditNote(noteOf(record))
      },
    })
    const { auditNote, remember, present } = parts
    const [open, late, clock] = [this.#open, this.#late, this.#clock]
    const refuseFlood = (asker: string, client: string) => this.#refuseFlood(asker, client, 0)
    this.#desk = new PersonDesk({ open, say: this.#say, refuseFlood })
    const store = parts.store
    this.#plans = new PlanDesk({
      open,
      late,
      store,
      clock,
      say: this.#say,
      refuseFlood,
      settings: () => this.#settings,
    })
    this.#decisions = new Decisions({ auditNote, remember, present, open, late, clock, settings: () => this.#settings })
  }

  /** Shows again what was open when the app ended, and finds the answers that were not used yet. */
  async start(): Promise<void> {
    const now = this.#clock.now()
    this.parts.store.forgetOld(now)
    const records = this.parts.store.unfinished(now)
    await this.#late.restore(records.flatMap(lateAnswerOf))
    for (const record of records.filter(({ state }) => state === 'pending')) this.#reopen(record)
  }

  /** Every held call ends with `app.draining`; its question stays, for the next start. */
  stop(): void {
    this.#open.stop()
  }

  /**
   * Passes an allowed call; holds one that must be asked.
   * @throws approvals.denied, expired, cancelled, waiting, flood, stale; app.draining
   */
  async clear(call: AskedCall): Promise<Clearance> {
    if (call.verdict.effect === 'allow') return { by: 'rule' }
    if (call.verdict.effect !== 'ask') throw approvalDenied(call.entry.name, '')
    if (call.unhurried?.resumes !== undefined) return { by: 'rule' } // asked before it was sent; only its answer is fetched
    const binding = askedHash(call)
    const answered = await this.#late.take(binding)
    if (answered) return this.#honour(answered, call)
    const question = await this.#questionAbout(call, binding)
    return this.#afterwards(await this.#waitFor(question, call), call)
  }

  /**
   * Just before the call is sent: entry and server are still the ones asked about, the file still holds what the diff was made from.
   * @throws approvals.stale
   */
  confirm(call: JudgedCall, clearance: Clearance): void {
    if (clearance.by !== 'approval') return
    const { expectContent } = clearance
    const sameFile = !expectContent || contentNow(expectContent.path) === expectContent.sha256
    const same = isPresent(
      this.parts.present,
      call.server.name,
      call.entry.name,
      call.entry.pin,
      cellHash(call.server, sha256),
    )
    if (!sameFile || !same) throw approvalStale(call.entry.name)
  }

  /**
   * The call that `gatehouse__await_approval` stands for.
   * @throws approvals.unknown for other clients' and used ones; denied, expired, cancelled when that is how it ended
   */
  held(id: string, client: Client): HeldCall {
    const open = this.#open.get(id)
    const record = open ? undefined : this.parts.store.get(id)
    const content = open ? open.draft.content : record?.content
    const subject = open ? open.draft.question.subject : record?.content.question.subject
    if (content?.bound?.clientId !== client.id || !content.held || subject?.kind !== 'call') throw approvalUnknown(id)
    if (record) this.#refuseEnded(record)
    return { ...content.held, arguments: subject.arguments as JsonObject }
  }

  /**
   * Asks the person about something that is no call: pairing, a command-line verb, a refused host. Unanswered means no.
   * @throws approvals.flood
   */
  askPerson = (ask: PersonAsk): Promise<'allow' | 'deny'> => this.#desk.ask(ask)

  /**
   * One question for a list of exact calls. Each call that asks is then let through once, when it is made within the time,
   * by the same client, with the same arguments, to the same server; anything else about it is asked anew.
   * @throws policy.denied when a step may not happen at all; approvals.flood
   */
  plan(plan: Plan): Promise<PlanAnswer> {
    return this.#plans.ask(plan)
  }

  /** Takes back what is left of an approved plan. @returns how many steps were still to come */
  withdrawPlan = async ({ releases }: PlanAnswer): Promise<number> => {
    const withdrawn = await Promise.all(releases.map((id) => this.withdraw(id)))
    return withdrawn.filter(Boolean).length
  }

  /** What a server asks the person where its client cannot. @throws approvals.flood */
  elicit = (question: ServerQuestion): Promise<JsonObject> => this.#desk.elicit(question)

  /**
   * The first answer stands.
   * @returns false when it had already ended
   * @throws approvals.unknown; approvals.stale when what was shown has changed; input.invalid for a scope not offered
   */
  async decide(decision: Decision, by: string): Promise<boolean> {
    const question = this.#open.get(decision.id)
    if (!question) {
      if (!this.parts.store.get(decision.id)) throw approvalUnknown(decision.id)
      return false
    }
    if (question.deciding || question.ended) return false
    if (decision.decision === 'deny') this.#decisions.deny(question, decision, by)
    else await this.#decisions.allow(question, decision, by)
    return true
  }

  pending = (): Question[] => this.#open.all().map(asShown)

  list(limit: number) {
    return this.parts.store.latest(limit).map(({ id, state, client, entry, createdAt, title, ...rest }) => ({
      id,
      state,
      client,
      tool: entry,
      createdAt,
      title,
      ...(rest.decidedAt === undefined ? {} : { decidedAt: rest.decidedAt }),
      ...(rest.scope === undefined ? {} : { scope: rest.scope }),
      ...(rest.reason === undefined ? {} : { reason: rest.reason }),
    }))
  }

  /** Questions with all that is kept of them, a page of the table at a time. */
  page = (after: number, limit: number) => this.parts.store.page(after, limit)

  /** Whether a call still waits for this question, or for its answer to be used. */
  isUnfinished = ({ id, state, releases, releaseUntil = 0 as EpochMs }: ApprovalRecord): boolean =>
    state === 'pending' || this.#open.get(id) !== undefined || (releases > 0 && releaseUntil > this.#clock.now())

  /** An ended question goes for good. @returns false while it is unfinished */
  erase(record: ApprovalRecord): boolean {
    if (this.isUnfinished(record)) return false
    this.parts.store.drop(record.id)
    return true
  }

  /** @throws approvals.unknown */
  show(id: string): Question & { readonly state: ApprovalState } {
    const open = this.#open.get(id)
    if (open) return { ...asShown(open), state: 'pending' }
    const record = this.parts.store.get(id)
    if (!record) throw approvalUnknown(id)
    return { ...record.content.question, state: record.state }
  }

  /** Takes back an answer that was not used yet. @returns false when there is none */
  async withdraw(id: string): Promise<boolean> {
    const gone = await this.#late.withdraw((answer) => answer.id === id)
    for (const answer of gone) this.#saveReleases(answer.id, 0)
    return gone.length > 0
  }

  /** A revoked client asks nothing and is owed nothing. */
  async withdrawClient(client: ClientId): Promise<void> {
    for (const question of this.#open.all())
      if (question.draft.asker === client) this.#open.endAll(question, 'cancelled', { state: 'cancelled' })
    const gone = await this.#late.withdraw((answer) => this.parts.store.get(answer.id)?.clientId === client)
    for (const answer of gone) this.#saveReleases(answer.id, 0)
  }

  get #settings(): ApprovalSettings {
    return { ...defaultSettings, ...this.parts.settings?.() }
  }

  /** One question a binding, also while its preview is still being made. */
  #questionAbout(call: AskedCall, binding: Sha256): Promise<OpenQuestion> | OpenQuestion {
    const known = this.#open.about(binding) ?? this.#opening.get(binding)?.question
    if (known) return known
    this.#refuseFlood(call.client.id, call.client.name, this.#openingFor(call.client.id))
    const question = this.#ask(call, binding).finally(() => this.#opening.delete(binding))
    this.#opening.set(binding, { asker: call.client.id, question })
    return question
  }

  #openingFor = (asker: ClientId) => [...this.#opening.values()].filter((opening) => opening.asker === asker).length

  async #ask(call: AskedCall, binding: Sha256): Promise<OpenQuestion> {
    const preview = await this.parts.preview(call)
    const last = this.parts.store.lastApproved(call.client.id, call.entry.name)
    const answers = this.parts.answers?.(call.client.id, call.entry.name)
    const proposals = answers === undefined ? [] : proposalsFor(call, answers, this.parts.markValue)
    return this.#open.open(callDraft(call, binding, { preview, last, say: this.#say, proposals }))
  }

  #waitFor(question: OpenQuestion, call: AskedCall): Promise<Outcome> {
    let progress = 0
    const message = this.#say('progress.waiting')
    return this.#open.wait(question, {
      signal: call.signal,
      session: call.session.id,
      remindMs,
      remind: () => call.peer.progress({ progress: ++progress, message }),
      ...(call.unhurried ? {} : this.#patienceOf(call.client.id)),
    })
  }

  /** Milliseconds after which this client was seen to give up, less a margin; undefined when it never was. */
  seenPatience(client: ClientId): number | undefined {
    const seen = this.#patience.of(client)
    return Number.isFinite(seen) ? seen : undefined
  }

  /** How long a client sits there waiting; one that follows its call as a task does not. */
  #patienceOf = (client: ClientId) => ({
    patienceMs: Math.min(this.#settings.patienceMs, this.#patience.of(client)),
    onWithdrawn: (waitedMs: number) => this.#patience.note(client, waitedMs),
  })

  #afterwards(outcome: Outcome, call: AskedCall): Clearance {
    const entry = call.entry.name
    switch (outcome.state) {
      case 'approved':
        return clearance(outcome.id, outcome.expectContent)
      case 'waiting':
        throw approvalWaiting(entry, outcome.id, this.#say('where.window'))
      case 'denied':
        throw approvalDenied(entry, outcome.reason ?? '')
      case 'expired':
        throw approvalExpired(entry)
      case 'cancelled':
        throw approvalCancelled(entry)
      case 'stale':
        throw approvalStale(entry)
      case 'stopping':
        throw appDraining()
    }
  }

  #honour(answer: LateAnswer, call: AskedCall): Clearance {
    this.#saveReleases(answer.id, answer.left)
    if (answer.state === 'denied') throw approvalDenied(call.entry.name, answer.reason ?? '')
    return clearance(answer.id, answer.expectContent)
  }

  #saveReleases(id: ApprovalId, releases: number): void {
    const record = this.parts.store.get(id)
    if (record) this.parts.store.save({ ...record, releases })
  }

  /** @throws approvals.flood */
  #refuseFlood(asker: string, name: string, opening: number): void {
    if (this.#open.openFor(asker) + opening >= this.#settings.floodLimit) throw approvalFlood(name)
  }

  #refuseEnded(record: ApprovalRecord): void {
    if (record.state === 'denied' && !this.#late.has(record.id)) throw approvalDenied(record.entry, record.reason ?? '')
    if (record.state === 'expired') throw approvalExpired(record.entry)
    if (record.state === 'cancelled') throw approvalCancelled(record.entry)
    const remembered = record.scope !== undefined && record.scope !== 'once'
    const askedAgain = this.#open.about(record.binding) !== undefined
    if (record.state === 'approved' && !remembered && !askedAgain && !this.#late.has(record.id))
      throw approvalUnknown(record.id)
  }

  /** Whoever asked about pairing, a verb or a host is gone with the last run. */
  #reopen(record: ApprovalRecord): void {
    if (record.kind === 'call' && record.clientId && record.expiresAt > this.#clock.now())
      this.#open.reopen(record, record.clientId)
    else this.#endUnasked(record, record.kind === 'call' ? 'expired' : 'cancelled')
  }

  #endUnasked(record: ApprovalRecord, state: 'expired' | 'cancelled'): void {
    this.parts.store.save({ ...record, state, decidedAt: this.#clock.now() })
    this.parts.auditNote(noteOf({ ...record, state }))
  }
}

const clearance = (id: ApprovalId, expectContent: Clearance['expectContent']): Clearance => ({
  by: 'approval',
  id,
  ...(expectContent ? { expectContent } : {}),
})
