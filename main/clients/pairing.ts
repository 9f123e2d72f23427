import { isDeepStrictEqual } from 'node:util'
import type { Client, Program } from '../../shared/domain/call.ts'
import type { ClientId, SessionId, WorkspaceName } from '../../shared/domain/ids.ts'
import { clientRevoked, clientSuspended, clientUnpaired, GatehouseError, inputInvalid } from '../../shared/errors.ts'
import { type Language, sentence } from '../../shared/messages/messages.ts'
import { type AppHandshake, HandshakeError, type Hello, type Refusal } from '../../shared/wire/hello.ts'
import { clientName } from './client-names.ts'
import type { Clients } from './clients.ts'
import { isSameProgram } from './programs/program-of.ts'

export interface PairQuestion {
  readonly kind: 'pair'
  readonly clientName: string
  /** It is about an API key, not about a bridge. */
  readonly apiKey?: boolean
  /** What the client shows its user, for a client without a bridge. */
  readonly userCode?: string
  /** A client of that name is paired already. */
  readonly again?: boolean
  readonly program?: Program
  readonly previous?: Program
  readonly workspace?: string
  readonly signal?: AbortSignal
}

export interface BridgePairingParts {
  readonly clients: Clients
  readonly askPerson: (question: PairQuestion) => Promise<'allow' | 'deny'>
  readonly sessions: {
    open(client: Client, door: 'bridge'): { readonly id: SessionId }
    /** @throws client.suspended */
    resume(id: string, client: Client): { readonly id: SessionId } | undefined
    get(id: string): { readonly client: ClientId } | undefined
    /** Its connection is gone. */
    leave(id: SessionId): void
  }
  /** Who is behind a bridge; the operating system's word. */
  readonly programOf: (bridgePid: number) => Promise<Program | undefined>
  readonly language?: () => Language
  readonly monotonicMs?: () => number
  /** @throws input.invalid when there is no such workspace */
  readonly needWorkspace?: (name: WorkspaceName) => void
  /** A paired client named another workspace than its own, and is refused. */
  readonly onCrossing?: (client: Client, wanted: string) => void
}

/** Milliseconds a name the person said no to, or did not answer about, is refused without asking again. */
const quietMs = 2 * 60_000

/**
 * What stands behind the handshake of a bridge: pairs an unknown name when the person agrees, lets a known one in, and
 * asks again when another program than before has started its bridge.
 */
export class BridgePairing {
  /** Lower-case client name → monotonic moment until which it is refused quietly. */
  readonly #refusedUntil = new Map<string, number>()
  /** Programs the person said no to for a client, until the app ends. */
  readonly #refusedPrograms = new Set<string>()

  /**
   * Bridges that are connected, by pid. Each has one connection: a second one under the same pid is someone else, unless
   * it knows the session and so is the same bridge back before its lost connection was noticed.
   */
  readonly #connected = new Map<number, AbortSignal>()

  constructor(private readonly parts: BridgePairingParts) {}

  /** The app's half of one connection's handshake. `signal` aborts when the connection ends. */
  handshake(signal: AbortSignal): AppHandshake {
    return {
      secretOf: (id) => this.parts.clients.secretOf(id as ClientId),
      pair: (hello, gone) => this.#pair(hello, gone),
      pairingMessage: (hello) => `Gatehouse asks its user whether “${hello.client}” may connect. Answer in Gatehouse.`,
      admit: ({ clientId, hello }) => this.#admit(clientId as ClientId, hello, signal),
      refusal: (error) => refusalOf(error, this.parts.language?.() ?? 'en'),
    }
  }

  async #pair(hello: Hello, signal: AbortSignal): Promise<{ readonly clientId: string }> {
    const name = clientName(hello.client)
    const known = this.parts.clients.named(name)
    if (known?.state === 'revoked') throw clientRevoked(name)
    if (known?.state === 'suspended') throw clientSuspended(name)
    this.#refuseQuietly(name)
    if (hello.workspace !== undefined) this.parts.needWorkspace?.(hello.workspace as WorkspaceName)
    const program = await this.#programOf(hello)
    const answer = await this.parts.askPerson({
      kind: 'pair',
      clientName: name,
      signal,
      ...(program ? { program } : {}),
      ...(known?.program ? { previous: known.program } : {}),
      ...(hello.workspace ? { workspace: hello.workspace } : {}),
    })
    if (answer === 'deny') throw this.#refused(name, signal)
    const { id } = await this.parts.clients.pairByPerson(name, hello.workspace as WorkspaceName | undefined, program)
    return { clientId: id }
  }

  async #admit(id: ClientId, hello: Hello, signal: AbortSignal) {
    const client = this.parts.clients.known(id)
    if (hello.workspace !== undefined && hello.workspace !== client.workspace) {
      this.parts.onCrossing?.(client, hello.workspace)
      throw inputInvalid(
        `“${client.name}” is paired for the workspace “${client.workspace}”, not “${hello.workspace}”.`,
      )
    }
    await this.#checkProgram(client, hello, signal)
    const present = this.parts.clients.known(id) // it may have been revoked while the person was asked
    const resumed = hello.resume === undefined ? undefined : this.parts.sessions.resume(hello.resume, present)
    const session = resumed ?? this.parts.sessions.open(present, 'bridge')
    this.#leaveWith(signal, session.id, hello.pid)
    this.parts.clients.seen(id)
    return { sessionId: session.id, resumed: resumed !== undefined }
  }

  #leaveWith(connection: AbortSignal, session: SessionId, pid: number): void {
    const leave = () => {
      if (this.#connected.get(pid) === connection) this.#connected.delete(pid)
      this.parts.sessions.leave(session)
    }
    this.#connected.set(pid, connection)
    if (connection.aborted) leave()
    else connection.addEventListener('abort', leave, { once: true })
  }

  /** The first program a client comes with is recorded; another one later is a question. */
  async #checkProgram(client: Client, hello: Hello, signal: AbortSignal): Promise<void> {
    const program = await this.#programOf(hello)
    const previous = client.program
    if (isSameProgram(previous, program)) {
      // an update, or a record from before makers were looked up
      if (program && !isDeepStrictEqual(previous?.identity, program.identity))
        this.parts.clients.sawProgram(client.id, program)
      return
    }
    if (previous) await this.#askAgain(client, previous, program, signal)
    if (program) this.parts.clients.sawProgram(client.id, program)
  }

  async #askAgain(client: Client, previous: Program, program: Program | undefined, signal: AbortSignal): Promise<void> {
    const key = `${client.id} ${program?.executable ?? ''} ${program?.identity?.name ?? ''}`
    if (this.#refusedPrograms.has(key)) throw clientUnpaired(client.name)
    const question: PairQuestion = {
      kind: 'pair',
      clientName: client.name,
      previous,
      workspace: client.workspace,
      ...(program ? { program } : {}),
      signal,
    }
    if ((await this.parts.askPerson(question)) === 'allow') return
    if (!signal?.aborted) this.#refusedPrograms.add(key)
    throw clientUnpaired(client.name)
  }

  /** Nobody is asked again and again about a name they said no to. */
  #refuseQuietly(name: string): void {
    if ((this.#refusedUntil.get(name.toLowerCase()) ?? -1) > this.#monotonicMs()) throw clientUnpaired(name)
  }

  #refused(name: string, signal: AbortSignal): Error {
    if (!signal.aborted) this.#refusedUntil.set(name.toLowerCase(), this.#monotonicMs() + quietMs)
    return clientUnpaired(name)
  }

  async #programOf(hello: Hello): Promise<Program | undefined> {
    const session = hello.resume === undefined ? undefined : this.parts.sessions.get(hello.resume)
    const isBack = session !== undefined && session.client === hello.clientId
    if (this.#connected.has(hello.pid) && !isBack) return undefined
    return this.parts.programOf(hello.pid)
  }

  #monotonicMs(): number {
    return (this.parts.monotonicMs ?? (() => performance.now()))()
  }
}

/** What a bridge may be told: a known refusal in full, of anything else only that it failed. */
function refusalOf(error: unknown, language: Language): Refusal {
  if (error instanceof GatehouseError)
    return { code: error.code, params: error.params, message: sentence(error, 'person', language) }
  if (error instanceof HandshakeError) return { code: 'wire.malformed', params: {}, message: error.message }
  return { code: 'internal.unexpected', params: {}, message: 'Gatehouse had an internal problem. See its log.' }
}
