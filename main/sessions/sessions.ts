/**
 * A client's connection over time: kept over a reconnect of its bridge and a restart of the app, ended by the person, the
 * client's revocation or half an hour without a sign of life. Looked up for every call, so all of it is in memory; the
 * database follows in groups.
 *
 * It refuses to say who a client is (clients/ does) and to keep anything for a session but its counters.
 */
import type { Client, Door, Session, SessionState } from '../../shared/domain/call.ts'
import { type ClientId, type EpochMs, newId, type SessionId } from '../../shared/domain/ids.ts'
import { clientSuspended, sessionEnded } from '../../shared/errors.ts'
import { followed } from './followed.ts'
import type { SessionRecord, SessionStore } from './session-store.ts'

export type EndedState = Extract<SessionState, 'expired' | 'terminated' | 'error'>

export interface SessionsParts {
  readonly store: SessionStore
  /** A session's state or counters changed; counters are told in groups. */
  readonly onChange: (session: ShownSession) => void
  /** The session is over: what was kept for it (processes, grants, taint) ends with it. */
  readonly onEnded: (session: SessionId, state: EndedState) => void
  /** Something could not be written. */
  readonly onProblem?: (error: unknown) => void
  readonly now?: () => EpochMs
  /** Milliseconds without a call or a connection after which a session expires. */
  readonly idleMs?: number
  /** Milliseconds between two looks at what is idle and what has to be written; 0: only when `sweep()` is called. */
  readonly sweepMs?: number
}

/** As `shared/contract/sessions.ts` shows it. */
export type ShownSession = Omit<SessionRecord, 'clientId' | 'workspace' | 'credential' | 'proof'> & {
  readonly follows?: SessionId
}

interface Live {
  record: SessionRecord
  session: Session
  connections: number
  dirty: boolean
}

const halfAnHourMs = 30 * 60_000
const everyFiveSecondsMs = 5_000
const ended: readonly SessionState[] = ['expired', 'terminated', 'error']

export class Sessions {
  readonly #live = new Map<string, Live>()
  readonly #stateless = new Map<string, SessionId>()
  /** Records the disk had no room for, by session: written with the next ones. */
  readonly #unwritten = new Map<SessionId, SessionRecord>()
  readonly #now: () => EpochMs
  readonly #idleMs: number
  readonly #timer: NodeJS.Timeout | undefined

  constructor(private readonly parts: SessionsParts) {
    this.#now = parts.now ?? (() => Date.now() as EpochMs)
    this.#idleMs = parts.idleMs ?? halfAnHourMs
    const sweepMs = parts.sweepMs ?? everyFiveSecondsMs
    if (sweepMs > 0) this.#timer = setInterval(() => this.sweep(), sweepMs).unref()
  }

  /** Sessions of the last run that are still within their time: their clients may come back to them. */
  start(): void {
    const now = this.#now()
    this.parts.store.forgetOld(now)
    for (const record of this.parts.store.activeAfter(now - this.#idleMs)) {
      if (ended.includes(record.state) || record.lastActiveAt > now) continue
      this.#keep({ ...record, state: record.state === 'suspended' ? 'suspended' : 'idle' }, 0)
    }
  }

  /** A fresh session of a client that connected. Over HTTP no connection holds it: only its requests do. */
  open(client: Client, door: Door, protocol?: string, credential?: string): Session {
    const proof = credential === undefined ? {} : { proof: credential }
    const facts = { ...(protocol ? { protocol } : {}), ...proof, state: 'initializing' as const }
    return this.#keep(this.#fresh(client, door, facts), door === 'http' ? 0 : 1)
  }

  /**
   * Goes on with a session after a reconnect.
   * @returns undefined when there is none, it has ended, or it belongs to someone else: open a fresh one then
   * @throws client.suspended
   */
  resume(id: string, client: Client): Session | undefined {
    const live = this.#live.get(id)
    if (!live || live.record.clientId !== client.id || live.record.workspace !== client.workspace) return undefined
    if (live.record.state === 'suspended') throw clientSuspended(client.name)
    live.connections++
    this.#become(live, 'active')
    return live.session
  }

  /**
   * The one session of a stateless client's API key; opened at its first request.
   * @see DESIGN section 8: one per (client, credential, workspace)
   */
  forStateless(client: Client, credential: string, protocol?: string, door: Door = 'http'): Session {
    const key = JSON.stringify([client.id, credential, client.workspace])
    const known = this.#live.get(this.#stateless.get(key) ?? '')
    if (known) return known.session
    const facts = { credential, state: 'active' as const, ...(protocol ? { protocol } : {}) }
    return this.#keep(this.#fresh(client, door, facts), 0)
  }

  /** @throws session.ended, client.suspended */
  identify(id: SessionId, client: ClientId): Session {
    const live = this.#live.get(id)
    if (!live || live.record.clientId !== client) throw sessionEnded()
    if (live.record.state === 'suspended') throw clientSuspended(live.record.client)
    return live.session
  }

  get = (id: string): Session | undefined => this.#live.get(id)?.session

  /** A sign of life. */
  touch(id: SessionId, protocol?: string): void {
    const live = this.#live.get(id)
    if (!live || live.record.state === 'suspended') return
    live.record = { ...live.record, lastActiveAt: this.#now(), ...(protocol ? { protocol } : {}) }
    live.dirty = true
    if (live.record.state !== 'active') this.#become(live, 'active')
  }

  /** A call was received; `refused` when it did not reach a server. */
  count(id: SessionId, refused: boolean): void {
    const live = this.#live.get(id)
    if (!live) return
    const { calls, refused: before } = live.record
    live.record = { ...live.record, calls: calls + 1, refused: before + (refused ? 1 : 0) }
    this.touch(id)
  }

  /** Its connection is gone; it may come back. */
  leave(id: SessionId): void {
    const live = this.#live.get(id)
    if (!live) return
    live.connections = Math.max(0, live.connections - 1)
    live.record = { ...live.record, lastActiveAt: this.#now() }
    if (live.connections === 0 && live.record.state !== 'suspended') this.#become(live, 'idle')
  }

  /** @returns false when there is none */
  suspend(id: SessionId): boolean {
    const live = this.#live.get(id)
    if (live) this.#become(live, 'suspended')
    return live !== undefined
  }

  /** Ends a suspension. @returns false when it was not suspended */
  wake(id: SessionId): boolean {
    const live = this.#live.get(id)
    if (live?.record.state !== 'suspended') return false
    this.#become(live, live.connections > 0 ? 'active' : 'idle')
    return true
  }

  /** @returns false when there is none */
  end(id: SessionId, state: EndedState = 'terminated'): boolean {
    const live = this.#live.get(id)
    if (!live) return false
    this.#live.delete(id)
    if (state === 'terminated') live.record = { ...live.record, lastActiveAt: this.#now() }
    this.#become(live, state)
    this.parts.onEnded(id, state)
    return true
  }

  endClient(client: ClientId): void {
    for (const { record } of [...this.#live.values()]) if (record.clientId === client) this.end(record.id)
  }

  isConnected(client: ClientId): boolean {
    return [...this.#live.values()].some(({ record, connections }) => record.clientId === client && connections > 0)
  }

  /** Open ones first, then those that ended lately. */
  list(): ShownSession[] {
    this.flush()
    const stored = this.parts.store.activeAfter(this.#now() - 7 * 24 * 3_600_000)
    const open = [...this.#live.values()].map(({ record }) => record).sort((a, b) => b.lastActiveAt - a.lastActiveAt)
    const all = [...open, ...stored.filter(({ id }) => !this.#live.has(id))]
    const ended = followed(all)
    return all.map((record) => {
      const follows = ended.get(record.id)
      return follows === undefined ? shown(record) : { ...shown(record), follows }
    })
  }

  /** Expires what showed no sign of life; writes and tells what was counted. */
  sweep(): void {
    const oldest = this.#now() - this.#idleMs
    for (const live of [...this.#live.values()])
      if (live.connections === 0 && live.record.lastActiveAt <= oldest) this.end(live.record.id, 'expired')
    this.flush()
  }

  flush(): void {
    const dirty = [...this.#live.values()].filter((live) => live.dirty)
    this.#write(dirty.map(({ record }) => record))
    for (const live of dirty) {
      live.dirty = false
      this.parts.onChange(shown(live.record))
    }
  }

  /** The app stops; sessions stay for the next start. */
  stop(): void {
    clearInterval(this.#timer)
    this.#write([...this.#live.values()].map(({ record }) => record))
  }

  #fresh(
    client: Client,
    door: Door,
    facts: Pick<SessionRecord, 'state' | 'protocol' | 'credential' | 'proof'>,
  ): SessionRecord {
    const now = this.#now()
    const { id: clientId, name, workspace } = client
    const counted = { startedAt: now, lastActiveAt: now, calls: 0, refused: 0 }
    return { id: newId('session'), clientId, client: name, workspace, door, ...facts, ...counted }
  }

  #keep(record: SessionRecord, connections: number): Session {
    const live: Live = { record, session: sessionOf(record), connections, dirty: false }
    this.#live.set(record.id, live)
    if (record.credential !== undefined)
      this.#stateless.set(JSON.stringify([record.clientId, record.credential, record.workspace]), record.id)
    this.#write([record])
    this.parts.onChange(shown(record))
    return live.session
  }

  #become(live: Live, state: SessionState): void {
    live.record = { ...live.record, state }
    live.session = sessionOf(live.record)
    live.dirty = false
    this.#write([live.record])
    this.parts.onChange(shown(live.record))
  }

  /** A full disk ends no session: what counts is in memory, and is written when there is room. */
  #write(records: readonly SessionRecord[]): void {
    for (const record of records) this.#unwritten.set(record.id, record)
    try {
      this.parts.store.save([...this.#unwritten.values()])
      this.#unwritten.clear()
    } catch (error) {
      this.parts.onProblem?.(error)
    }
  }
}

function sessionOf(record: SessionRecord): Session {
  const { id, clientId, workspace, door, state, credential = record.proof } = record
  return Object.freeze({ id, client: clientId, workspace, door, state, ...(credential ? { credential } : {}) })
}

function shown(record: SessionRecord): ShownSession {
  const { clientId: _id, workspace: _workspace, credential: _credential, proof: _proof, ...rest } = record
  return rest
}
