import { askable } from '../../shared/domain/askable.ts'
import type { Answering, CallFacts, Clearance, JudgedCall } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { EntryName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { filterBlocked, GatehouseError, policyDenied, rateLimited } from '../../shared/errors.ts'
import type { Received } from './exchange.ts'
import type { FiltersPort, FlowPort, PermissionsPort } from './ports.ts'

/** Questions a server may ask a client at once, and a second after that; the same of findings in what it tells. */
const burst = 30
const perSecond = 1
/** Servers and clients that are counted; the one heard of longest ago is forgotten for one more. */
const mostCounted = 1000

/** What is recorded of a question, whether it went on or not. */
export interface AskNote {
  readonly call: Pick<CallFacts, 'client' | 'session' | 'server'>
  readonly method: string
  /** The name rules know it by. */
  readonly entry: EntryName
  /** What filters found in it. */
  readonly labels: readonly string[]
  /** Why it was refused; `answer`, `flow`: what was answered to it did not go to the server. */
  readonly refused?: 'rule' | 'rate' | 'filter' | 'answer' | 'flow'
}
/** What is recorded of progress or a log line in which filters found something. */
export type ToldNote = Pick<AskNote, 'call' | 'entry' | 'labels'>

/** A call whose server asked, with the way back to its client. */
export type AskingCall = JudgedCall & Pick<Received, 'peer' | 'signal'>
/** Who answered: the AI app, or the person in Gatehouse's own window. */
export type AnsweredBy = 'client' | 'person'

export interface AsksParts {
  readonly permissions: () => PermissionsPort
  readonly filters: () => FiltersPort
  readonly flow: () => Pick<FlowPort, 'trace' | 'answered' | 'leaves'>
  /** Holds what would be answered until the person says that it may go. @throws what refuses it */
  readonly clear: (answer: AskingCall & { readonly target: string }) => Promise<Clearance>
  /** What it throws stops the question: nothing goes on unrecorded. */
  readonly asked: (note: AskNote) => void
  readonly told: (note: ToldNote) => void
  /** Monotonic. */
  readonly nowMs?: () => number
}

/**
 * The road of what a server says to a client beside its answers. What it asks (sampling, elicitation, roots) is filtered as
 * an answer is, limited and recorded; rules know it as `SERVER__asks-sampling`, `SERVER__asks-elicitation` and
 * `SERVER__asks-roots`, and one that denies refuses it. It needs no other question: it goes to the person, by the client
 * or in the window. What is answered to it passes the filters of arguments and is judged by what the session read, as a call
 * is. From what it tells (progress, log lines) the
 * filters take out what they would take out of an answer. All of it counts as read by the session.
 */
export class ServerAsks {
  readonly #left = new Map<string, { left: number; atMs: number }>()
  readonly #nowMs: () => number

  constructor(private readonly parts: AsksParts) {
    this.#nowMs = parts.nowMs ?? (() => performance.now())
  }

  /**
   * @returns the question as it goes to the client
   * @throws limits.rate, policy.denied, filters.blocked
   */
  asked(call: JudgedCall, method: string, params: JsonObject): JsonObject {
    const question = askedOf(call, method)
    const { name: entry } = question.entry
    const refused = (why: 'rate' | 'rule' | 'filter') =>
      this.parts.asked({ call, method, entry, labels: [], refused: why })
    if (!this.#mayGoOn(`${call.server.name} ${call.client.id}`)) {
      refused('rate')
      throw rateLimited(call.server.name, 1 / perSecond)
    }
    const { effect, rule } = this.parts.permissions().evaluate(question)
    if (effect === 'deny') {
      refused('rule')
      throw policyDenied(entry, rule)
    }
    const { clean, labels, secrets } = noting(
      () => this.#filtered(question, params, 'asked'),
      () => refused('filter'),
    )
    this.parts.flow().answered(call, { labels, secrets })
    this.parts.asked({ call, method, entry, labels })
    return clean
  }

  /**
   * A secret that was read in the session never leaves by an answer. What an AI app answers after private and untrusted
   * content met is judged by the rules, and asked about where they ask; what the person typed in Gatehouse's own window,
   * where the server is named, is not asked about again, nor are a bare “accept”, “decline” or “cancel” and an app's folders, which no
   * content wrote.
   *
   * @returns what was answered, as it goes to the server
   * @throws filters.blocked, policy.denied, and what a question ends with
   */
  async answered(call: AskingCall, method: string, answer: JsonObject, by: AnsweredBy): Promise<JsonObject> {
    const { name: entry } = askedOf(call, method).entry
    const refused = (why: 'answer' | 'flow') => this.parts.asked({ call, method, entry, labels: [], refused: why })
    const facts = noting(
      () => this.#answerOf(call, method, answer),
      () => refused('answer'),
    )
    const flow = this.parts.flow().trace(facts)
    const mayMix = by === 'person' || method === 'roots/list' || isBareWord(method, facts.arguments)
    if (flow?.kind === 'mixed' && !mayMix)
      await this.#let({ ...facts, flow }, call).catch((error) => {
        refused('flow')
        throw error
      })
    this.parts.flow().leaves(facts)
    return facts.arguments
  }

  /** @returns progress, a log line or the state of a task as it goes to the client */
  told(source: Answering, params: JsonObject): JsonObject {
    const { clean, labels, secrets } = this.#filtered(source, params, 'told')
    if (labels.length === 0) return clean
    this.parts.flow().answered(source, { labels, secrets })
    const { client, server, entry } = source
    if (this.#mayGoOn(`told ${server.name} ${client.id}`)) this.parts.told({ call: source, entry: entry.name, labels })
    return clean
  }

  /** @throws filters.blocked, also for a secret that would leave this computer */
  #answerOf(call: AskingCall, method: string, answer: JsonObject): CallFacts {
    const question = askedOf(call, method)
    const { server, entry } = question
    const found = this.parts.filters().call({ server, entry, arguments: answer })
    const going = { arguments: found.arguments, canonical: canonicalJson(found.arguments), urls: found.urls }
    const facts: CallFacts = { ...question, ...going, answers: true }
    if (this.parts.flow().trace(facts)?.kind !== 'secret') return facts
    throw filterBlocked(entry.name, 'information flow', 'a secret that was read in this session would leave by it')
  }

  async #let(facts: CallFacts, { peer, signal }: AskingCall): Promise<void> {
    const { name } = facts.entry
    const verdict = this.parts.permissions().evaluate(facts)
    if (verdict.effect === 'deny') throw policyDenied(name, verdict.rule)
    if (verdict.effect === 'allow') return
    // its server waits for as long as the question lasts: no client comes back for an answer
    const unhurried = { deadlineMs: 0 }
    await this.parts.clear({ ...facts, verdict, unhurried, target: name, peer, signal })
  }

  #filtered({ server, entry }: Pick<CallFacts, 'server' | 'entry'>, params: JsonObject, way: 'asked' | 'told') {
    const given = { server, entry, reply: { kind: 'result', result: params }, way } as const
    const { reply, labels, secrets = [] } = this.parts.filters().reply(given)
    return { clean: reply.kind === 'result' ? reply.result : {}, labels, secrets }
  }

  #mayGoOn(who: string): boolean {
    const now = this.#nowMs()
    const before = this.#left.get(who) ?? { left: burst, atMs: now }
    const left = Math.min(burst, before.left + ((now - before.atMs) / 1000) * perSecond)
    this.#left.delete(who)
    const [oldest] = this.#left
    if (this.#left.size >= mostCounted && oldest) this.#left.delete(oldest[0])
    this.#left.set(who, { left: left < 1 ? left : left - 1, atMs: now })
    return left >= 1
  }
}

/** @param note what is recorded when `work` refuses */
function noting<T>(work: () => T, note: () => void): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof GatehouseError) note()
    throw error
  }
}

function askedOf(call: CallFacts, method: string): CallFacts {
  const ownName = `asks-${askable[method] ?? 'anything'}`
  return questionOf(call, `${call.server.name}__${ownName}` as EntryName, ownName)
}

/** Nothing but a word of the protocol: any other text in its place could carry what was read. */
const isBareWord = (method: string, answer: JsonObject): boolean =>
  method === 'elicitation/create' && Object.keys(answer).length === 1 && bareWords.includes(answer.action)
/** @see MCP 2025-11-25, client/elicitation, response actions */
const bareWords: readonly unknown[] = ['accept', 'decline', 'cancel']

/** Judged under a name of its own and without the call's arguments: those go the other way. */
export function questionOf(call: CallFacts, name: EntryName, ownName: string): CallFacts {
  const { extra: _extra, resumed: _resumed, flow: _flow, ...facts } = call
  return {
    ...facts,
    method: 'tools/call',
    entry: { ...call.entry, kind: 'tool', name, ownName, title: ownName },
    arguments: {},
    canonical: '{}',
    paths: [],
    urls: [],
    commands: [],
  }
}
