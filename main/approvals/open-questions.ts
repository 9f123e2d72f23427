import type { Question } from '../../shared/contract/approvals.ts'
import { type ApprovalId, type EpochMs, newId, type SessionId, type Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ApprovalContent, ApprovalRecord, ApprovalState, ExpectContent, QuestionKind } from './approval.ts'
import type { Clock } from './clock.ts'

/** How a wait ended. `waiting`: not answered yet, the question stays open. */
export type Outcome =
  | { readonly state: 'approved'; readonly id: ApprovalId; readonly expectContent?: ExpectContent }
  | { readonly state: 'denied'; readonly reason?: string }
  | { readonly state: 'expired' | 'cancelled' | 'stale' | 'stopping' }
  | { readonly state: 'waiting'; readonly id: ApprovalId }

export interface QuestionDraft {
  readonly kind: QuestionKind
  readonly binding: Sha256
  /** Who it counts against when someone floods. */
  readonly asker: string
  readonly entry: string
  readonly question: Omit<Question, 'id' | 'createdAt' | 'expiresAt' | 'count'>
  readonly content: Omit<ApprovalContent, 'question'>
  /** Milliseconds it stays open, where that is not for the settings to say. */
  readonly expiryMs?: number
}

export interface Waiter {
  question: OpenQuestion
  /** Of the call that waits. */
  readonly session: SessionId | undefined
  readonly settle: (outcome: Outcome) => void
}

/** A question nobody has answered. Only this folder holds one; everyone else sees `Question`. */
export interface OpenQuestion {
  readonly id: ApprovalId
  draft: QuestionDraft
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
  readonly waiters: Set<Waiter>
  /** Calls whose client was told to wait and has not come back yet. */
  absent: number
  /** An answer is being carried out: nothing else ends the question meanwhile. */
  deciding: boolean
  ended: boolean
  /** What the person entered, for a server that asked. Kept nowhere else. */
  answers?: JsonObject
  /** Its time has run out. */
  due: boolean
  cancelExpiry: () => void
}

export interface WaitOptions {
  readonly signal: AbortSignal
  readonly session?: SessionId
  /** Milliseconds until the wait answers `waiting`; without it the wait lasts until the question ends. */
  readonly patienceMs?: number
  /** Called at once and then every `remindMs`. */
  readonly remind?: () => void
  readonly remindMs?: number
  /** The client withdrew after waiting this long. */
  readonly onWithdrawn?: (waitedMs: number) => void
}

export interface QuestionHooks {
  /** A new question, or an open one whose count changed. */
  readonly onAsked: (question: Question) => void
  readonly onSettled: (settled: { readonly id: ApprovalId; readonly state: ApprovalState }) => void
  readonly save: (record: ApprovalRecord) => void
}

/** The questions that are open, who waits for each, and when each expires. Decides nothing. */
export class OpenQuestions {
  readonly #byId = new Map<string, OpenQuestion>()
  readonly #byBinding = new Map<Sha256, OpenQuestion>()

  constructor(
    private readonly clock: Clock,
    private readonly expiryMs: () => number,
    private readonly hooks: QuestionHooks,
  ) {}

  get = (id: string) => this.#byId.get(id)
  about = (binding: Sha256) => this.#byBinding.get(binding)
  all = () => [...this.#byId.values()]
  openFor = (asker: string) => this.all().filter((question) => question.draft.asker === asker).length

  open(draft: QuestionDraft): OpenQuestion {
    const now = this.clock.now()
    return this.#add(draft, newId('approval'), now, (now + (draft.expiryMs ?? this.expiryMs())) as EpochMs, 0)
  }

  /** One that was open when the app ended: its calls come back, or not. The clock set back never lengthens its life. */
  reopen(record: ApprovalRecord, asker: string): OpenQuestion {
    const { question, ...content } = record.content
    const { kind, binding, entry } = record
    const draft: QuestionDraft = { kind, binding, entry, asker, question, content }
    const lastsMs = Math.min(record.expiresAt - this.clock.now(), this.expiryMs())
    const expiresAt = (this.clock.now() + lastsMs) as EpochMs
    return this.#add(draft, record.id, record.createdAt, expiresAt, question.count)
  }

  /** The question leaves the list; those who wait are told by the caller, through the returned waiters. */
  end(question: OpenQuestion, state: ApprovalState, facts: Partial<ApprovalRecord> = {}): readonly Waiter[] {
    if (question.ended) return []
    question.ended = true
    question.cancelExpiry()
    this.#byId.delete(question.id)
    if (this.#byBinding.get(question.draft.binding) === question) this.#byBinding.delete(question.draft.binding)
    this.hooks.save({ ...recordOf(question), state, decidedAt: this.clock.now(), ...facts })
    this.hooks.onSettled({ id: question.id, state })
    return [...question.waiters]
  }

  endAll(question: OpenQuestion, state: ApprovalState, outcome: Outcome, facts: Partial<ApprovalRecord> = {}): void {
    for (const waiter of this.end(question, state, facts)) waiter.settle(outcome)
  }

  /** Those an answer did not reach are asked about anew, in one question. */
  carryOver(waiters: readonly Waiter[], absent: number): void {
    const first = waiters[0]
    if (!first) return
    const now = this.clock.now()
    const expiresAt = (now + this.expiryMs()) as EpochMs
    const draft = forSession(first.question.draft, first.session)
    const next = this.#add(draft, newId('approval'), now, expiresAt, absent, waiters)
    for (const waiter of waiters) waiter.question = next
  }

  /** Waits for the answer, the client's patience, its withdrawal or the question's expiry, whichever is first. */
  wait(question: OpenQuestion, options: WaitOptions): Promise<Outcome> {
    const startedMs = this.clock.monotonicMs()
    return new Promise((resolve) => {
      const stops: (() => void)[] = []
      const settle = (outcome: Outcome) => {
        for (const stop of stops.splice(0)) stop()
        resolve(outcome)
      }
      const waiter: Waiter = { question, session: options.session, settle }
      const withdraw = () => {
        options.onWithdrawn?.(this.clock.monotonicMs() - startedMs)
        this.#leave(waiter, { state: 'cancelled' })
      }
      this.#arrive(waiter)
      if (options.signal.aborted) return withdraw()
      options.signal.addEventListener('abort', withdraw, { once: true })
      stops.push(() => options.signal.removeEventListener('abort', withdraw))
      if (options.patienceMs !== undefined) stops.push(this.clock.after(options.patienceMs, () => this.#giveUp(waiter)))
      stops.push(this.#repeat(options.remind, options.remindMs))
    })
  }

  /** The app stops: those who wait are told, the questions stay pending in the store. */
  stop(): void {
    for (const question of this.all()) {
      question.cancelExpiry()
      question.ended = true
      for (const waiter of question.waiters) waiter.settle({ state: 'stopping' })
    }
    this.#byId.clear()
    this.#byBinding.clear()
  }

  #add(
    draft: QuestionDraft,
    id: ApprovalId,
    createdAt: EpochMs,
    expiresAt: EpochMs,
    absent: number,
    waiters: readonly Waiter[] = [],
  ): OpenQuestion {
    const question: OpenQuestion = {
      id,
      draft,
      createdAt,
      expiresAt,
      waiters: new Set(waiters),
      absent,
      deciding: false,
      ended: false,
      due: false,
      cancelExpiry: () => {},
    }
    this.#byId.set(id, question)
    this.#byBinding.set(draft.binding, question)
    this.hooks.save(recordOf(question))
    question.cancelExpiry = this.clock.after(Math.max(0, expiresAt - this.clock.now()), () => this.#expire(question))
    this.hooks.onAsked(asShown(question))
    return question
  }

  /** Its time ran out while an answer was being carried out that then failed. */
  expireIfDue(question: OpenQuestion): void {
    if (question.due) this.#expire(question)
  }

  #expire(question: OpenQuestion): void {
    question.due = true
    if (!question.deciding) this.endAll(question, 'expired', { state: 'expired' })
  }

  /** One that comes back takes the place kept for it; the count grows only by new calls. */
  #arrive(waiter: Waiter): void {
    const { question } = waiter
    const before = countOf(question)
    if (question.absent > 0) question.absent--
    question.waiters.add(waiter)
    if (countOf(question) !== before && countOf(question) > 1) this.hooks.onAsked(asShown(question))
  }

  #giveUp(waiter: Waiter): void {
    const { question } = waiter
    question.waiters.delete(waiter)
    question.absent++
    waiter.settle({ state: 'waiting', id: question.id })
  }

  #leave(waiter: Waiter, outcome: Outcome): void {
    const { question } = waiter
    question.waiters.delete(waiter)
    waiter.settle(outcome)
    if (question.ended || question.deciding) return
    if (countOf(question) === 0) return void this.end(question, 'cancelled')
    const [next] = question.waiters
    const isLast = ![...question.waiters].some(({ session }) => session === waiter.session)
    if (next && isLast && question.absent === 0) question.draft = forSession(question.draft, next.session)
    this.hooks.onAsked(asShown(question))
  }

  #repeat(act: (() => void) | undefined, everyMs = 10_000): () => void {
    if (!act) return () => {}
    let cancel = () => {}
    const again = () => {
      act()
      cancel = this.clock.after(everyMs, again)
    }
    again()
    return () => cancel()
  }
}

/** The same question, for a session that still waits: an answer for the session is given to that one. */
function forSession(draft: QuestionDraft, sessionId: SessionId | undefined): QuestionDraft {
  const { bound } = draft.content
  if (!bound || sessionId === undefined || bound.sessionId === sessionId) return draft
  return { ...draft, content: { ...draft.content, bound: { ...bound, sessionId } } }
}

const countOf = (question: OpenQuestion) => question.waiters.size + question.absent

/** As the person sees it. */
export function asShown(question: OpenQuestion): Question {
  const { id, createdAt, expiresAt, draft } = question
  return { ...draft.question, id, createdAt, expiresAt, count: Math.max(1, countOf(question)) }
}

function recordOf(question: OpenQuestion): ApprovalRecord {
  const { id, createdAt, expiresAt, draft } = question
  return {
    id,
    kind: draft.kind,
    state: 'pending',
    client: draft.question.client,
    ...(draft.question.clientId
      ? { clientId: draft.question.clientId as NonNullable<ApprovalRecord['clientId']> }
      : {}),
    entry: draft.entry,
    title: draft.question.title,
    binding: draft.binding,
    createdAt,
    expiresAt,
    releases: 0,
    content: { ...draft.content, question: asShown(question) },
  }
}
