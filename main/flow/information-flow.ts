/**
 * What a session has read, and what therefore must not leave this computer unasked. Answers are labelled by where they
 * came from; the labels live exactly as long as the session. A call that may send data out after private and untrusted
 * content met, or with a secret in it that was read before, gets a fact that the rules ask about.
 *
 * It refuses to judge (permissions/ does), to keep contents, and to believe a tool's name.
 */
import type { Answering, CallFacts } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { ContentLabel, FlowFact, SentOut, SessionFlow, SourceRead } from '../../shared/domain/flow.ts'
import type { EntryName, EpochMs, ServerName, SessionId } from '../../shared/domain/ids.ts'
import { unknownPlace } from '../../shared/domain/places.ts'
import { type Destination, destinationOf, namedIn } from './destination.ts'
import { labelsOfAnswer, type Read } from './labels-of-answer.ts'
import type { ReadsStore } from './reads-store.ts'
import { SecretPrints } from './secret-prints.ts'

export interface FlowParts {
  readonly store: ReadsStore
  /** 32 bytes: what prints of secrets are made with. The same over a restart. */
  readonly printKey: Buffer
  readonly now?: () => EpochMs
  /** A record that was changed outside Gatehouse, or could not be written. No contents. */
  readonly onProblem?: (problem: string) => void
}

/** What the filters found in an answer. */
export interface FoundInAnswer {
  readonly labels: readonly string[]
  /** Hashed at once and not kept. */
  readonly secrets: readonly string[]
}

/** What the person allowed of a flow, until the session ends. */
export interface Allowance {
  readonly server: ServerName
  readonly entry: EntryName
  readonly within?: FlowFact['within'] | undefined
}

/** Distinct sources kept of a session, label and server: enough to say what was read. */
const mostReads = 40
/** Distinct destinations kept of a session and server. */
const mostSent = 40

interface Kept {
  readonly reads: SourceRead[]
  readonly sent: SentOut[]
  readonly secrets: SecretPrints
  /** Entries the person let send out in this session, knowing what it had read. */
  readonly allowed: Set<string>
  /** Servers that may mix what came from themselves, and the destinations their calls may name. */
  readonly within: Map<ServerName, Set<string>>
}

export class InformationFlow {
  readonly #sessions = new Map<SessionId, Kept>()
  readonly #now: () => EpochMs

  constructor(private readonly parts: FlowParts) {
    this.#now = parts.now ?? (() => Date.now() as EpochMs)
  }

  /** Sessions of the last run that go on, with what they had read; of others nothing is kept. */
  start(goesOn: (session: SessionId) => boolean): void {
    for (const { session, kept } of this.parts.store.all()) {
      if (!goesOn(session)) this.parts.store.forget(session)
      else if (kept === undefined) this.parts.onProblem?.('what a session had read was changed outside Gatehouse')
      else if ('sent' in kept) this.#of(session).sent.push(kept.sent)
      else if ('prints' in kept) for (const print of kept.prints) this.#of(session).secrets.put(print)
      else this.#of(session).reads.push(kept)
    }
  }

  /** @returns undefined when nothing can leave, or nothing is known that must not */
  trace(call: CallFacts): FlowFact | undefined {
    const kept = this.#sessions.get(call.session.id)
    const destination = kept && destinationOf(call)
    if (kept === undefined || destination === undefined) return undefined
    const secret = secretFlow(kept, call, destination)
    if (secret) return secret // that the session may mix what it read says nothing of secrets
    const mixed = mixedFlow(kept, call, destination)
    return mixed && !isAllowed(kept, call, mixed) ? mixed : undefined
  }

  /** A call goes to its server. */
  leaves(call: CallFacts): void {
    const destination = destinationOf(call)
    if (destination === undefined) return
    const { server, entry, session } = call
    const { sent } = this.#of(session.id)
    const place = destination.name === undefined ? {} : { place: destination.name }
    const same = sent.filter((one) => one.server === server.name)
    if (same.length >= mostSent || same.some((one) => one.entry === entry.name && one.place === place.place)) return
    const one: SentOut = { server: server.name, entry: entry.name, ...place, at: this.#now() }
    sent.push(one)
    this.#safely(() => this.parts.store.add(session.id, { sent: one }))
  }

  /** An answer went to the client. */
  answered(call: Answering, { labels, secrets }: FoundInAnswer): void {
    for (const read of labelsOfAnswer(call, labels)) this.#note(call, read)
    for (const secret of secrets) this.#keepSecret(call.session.id, secret)
  }

  /** What is given to a call carries these labels, from when it was written (the memory): they are its session's from now on. */
  brought(call: Pick<Answering, 'session' | 'server' | 'entry'>, labels: readonly ContentLabel[]): void {
    for (const label of labels) this.#note(call, { label })
  }

  /**
   * The person lets this entry send out until the session ends, having been told what was read; and, where all of that
   * came from its own server, the server's other entries, as long as they name no other destination.
   */
  allow(session: SessionId, { server, entry, within }: Allowance): void {
    const kept = this.#of(session)
    kept.allowed.add(keyOf(server, entry))
    if (within) kept.within.set(server, new Set([...(kept.within.get(server) ?? []), ...within.destinations]))
  }

  of(session: SessionId): SessionFlow {
    const { reads, sent } = this.#sessions.get(session) ?? { reads: [], sent: [] }
    return { reads, sent }
  }

  /** Places (files, hosts) that sessions read from or sent to, with their session. */
  places(): readonly { readonly session: SessionId; readonly at: EpochMs; readonly place: string }[] {
    return [...this.#sessions].flatMap(([session, { reads, sent }]) =>
      [...reads, ...sent].flatMap(({ place, at }) => (place === undefined ? [] : { session, at, place })),
    )
  }

  /** Places that somebody is named by are forgotten; the labels they gave stay. @returns how many */
  forgetPlaces(names: (place: string) => boolean): number {
    const without = <T extends { readonly place?: string }>(one: T): T => {
      if (one.place === undefined || !names(one.place)) return one
      const { place: _, ...rest } = one
      return rest as T
    }
    for (const { reads, sent } of this.#sessions.values()) {
      reads.splice(0, reads.length, ...reads.map(without))
      sent.splice(0, sent.length, ...sent.map(without))
    }
    return this.parts.store.rewrite((kept) => {
      if ('prints' in kept) return kept
      if (!('sent' in kept)) return without(kept)
      const sent = without(kept.sent)
      return sent === kept.sent ? kept : { sent }
    })
  }

  endSession(session: SessionId): void {
    this.#sessions.delete(session)
    this.#safely(() => this.parts.store.forget(session))
  }

  #note({ session, server, entry }: Pick<Answering, 'session' | 'server' | 'entry'>, { label, place }: Read): void {
    const { reads } = this.#of(session.id)
    const same = reads.filter((read) => read.label === label && read.server === server.name)
    if (same.length >= mostReads) return
    if (same.some((read) => read.entry === entry.name && read.place === place)) return
    const where = place === undefined ? {} : { place }
    const read: SourceRead = { label, server: server.name, entry: entry.name, ...where, at: this.#now() }
    reads.push(read)
    this.#safely(() => this.parts.store.add(session.id, read))
  }

  #keepSecret(session: SessionId, secret: string): void {
    const prints = this.#of(session).secrets.add(secret)
    if (prints.length > 0) this.#safely(() => this.parts.store.add(session, { prints }))
  }

  #of(session: SessionId): Kept {
    const known = this.#sessions.get(session)
    if (known) return known
    const fresh: Kept = {
      reads: [],
      sent: [],
      secrets: new SecretPrints(this.parts.printKey),
      allowed: new Set(),
      within: new Map(),
    }
    this.#sessions.set(session, fresh)
    return fresh
  }

  /** A full disk ends no call: what counts is in memory. */
  #safely(write: () => void): void {
    try {
      write()
    } catch {
      this.parts.onProblem?.('what a session had read could not be written')
    }
  }
}

const keyOf = (server: ServerName, entry: EntryName) => `${server} ${entry}`

function mixedFlow({ reads }: Kept, call: CallFacts, destination: Destination): FlowFact | undefined {
  const first = (label: SourceRead['label']) => reads.find((read) => read.label === label)
  const [own, foreign] = [first('private'), first('untrusted')]
  if (own === undefined || foreign === undefined) return undefined
  const { trusted, name } = call.server
  const isWithin = trusted && reads.every(({ label, server }) => label === 'secret' || server === name)
  const within = isWithin ? { within: { destinations: namedIn(call) } } : {}
  return { kind: 'mixed', ...to(destination), sources: [own, foreign], ...within }
}

function isAllowed({ allowed, within }: Kept, { server, entry }: CallFacts, fact: FlowFact): boolean {
  if (allowed.has(keyOf(server.name, entry.name))) return true
  const known = fact.within && within.get(server.name)
  return (
    known !== undefined && fact.within?.destinations.every((one) => one !== unknownPlace && known.has(one)) === true
  )
}

function secretFlow({ reads, secrets }: Kept, call: CallFacts, destination: Destination): FlowFact | undefined {
  if (secrets.empty) return undefined
  const beside = call.extra === undefined ? '' : canonicalJson(call.extra)
  if (!secrets.finds(call.canonical) && !secrets.finds(beside)) return undefined
  return { kind: 'secret', ...to(destination), sources: reads.filter(({ label }) => label === 'secret').slice(0, 3) }
}

const to = ({ name }: Destination) => (name === undefined ? {} : { destination: name })
