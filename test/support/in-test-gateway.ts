import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BridgeSocket } from '../../main/gateway/bridge-socket.ts'
import type { GatewayParts, OpenedSession } from '../../main/gateway/gateway.ts'
import type { McpRouteParts } from '../../main/gateway/streamable-http.ts'
import type { Received } from '../../main/kernel/exchange.ts'
import { handle } from '../../main/kernel/kernel.ts'
import type { KernelParts } from '../../main/kernel/ports.ts'
import { Rounds } from '../../main/kernel/rounds.ts'
import type { CallFacts, Client, Reply, Session } from '../../shared/domain/call.ts'
import type { CatalogEntry, EntryKind } from '../../shared/domain/catalog.ts'
import {
  type ClientId,
  defaultWorkspace,
  type EntryName,
  type EpochMs,
  newId,
  type ServerName,
  type SessionId,
  type Sha256,
} from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { clientRevoked, entryUnknown, GatehouseError, sessionEnded, unexpected } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import type { AppHandshake } from '../../shared/wire/hello.ts'

/** What the stand-in for a server answers. */
export type Answer = (received: Received) => Reply | Promise<Reply>

export interface InTestEntry {
  readonly kind: EntryKind
  readonly definition: JsonObject
  readonly answer?: Answer
}

/** Result texts are what a test mostly wants. */
export const text = (value: string): Reply => ({
  kind: 'result',
  result: { content: [{ type: 'text', text: value }] },
})

export const server: ServerConfig = {
  name: 'demo' as ServerName,
  workspace: defaultWorkspace,
  origin: { kind: 'command', command: 'demo', args: [] },
  sandbox: 2,
  allowedPaths: [],
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: true,
  shared: true,
  enabled: true,
  addedAt: 0 as EpochMs,
}

/** The real doors before the real kernel line; behind it a server that answers from a table. */
export class InTestGateway {
  readonly home = mkdtempSync(join(tmpdir(), 'gatehouse-gateway-'))
  readonly client: Client = {
    id: 'cl_test' as ClientId,
    name: 'editor',
    workspace: defaultWorkspace,
    state: 'paired',
    pairedAt: 0 as EpochMs,
  }
  readonly other: Client = { ...this.client, id: 'cl_other' as ClientId, name: 'other' }
  /** Milliseconds an HTTP conversation may be idle. */
  idleMs: number | undefined
  #stateless: Session | undefined
  readonly #rounds = new Rounds()
  readonly secret = Buffer.alloc(32, 7)
  readonly sessions = new Map<SessionId, Session>()
  readonly ended: SessionId[] = []
  readonly errors: unknown[] = []
  readonly #changed = new Set<(kind: EntryKind) => void>()
  revoked = false
  instructions: string | undefined
  /** What was judged; `denies` says which of it is not allowed. */
  readonly judged: CallFacts[] = []
  denies: (call: CallFacts) => boolean = () => false
  /** Signs of life and leaving, as the sessions are told. */
  readonly told: string[] = []
  readonly #endedListeners = new Set<(session: SessionId) => void>()
  socket: BridgeSocket | undefined

  constructor(readonly entries: InTestEntry[]) {}

  get socketPath(): string {
    return join(this.home, 'run', 'kernel.sock')
  }

  listsChanged(kind: EntryKind): void {
    for (const listener of this.#changed) listener(kind)
  }

  async listen(options: { graceMs?: number; controls?: string[] } = {}): Promise<void> {
    this.socket = new BridgeSocket({
      ...this.parts(),
      handshake: () => this.#handshake(),
      onControl: (socket, line, rest) => {
        options.controls?.push(line, rest.toString())
        socket.end('done\n')
      },
      ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
    })
    await this.socket.listen(this.socketPath)
  }

  async close(): Promise<void> {
    await this.socket?.close()
    await rm(this.home, { recursive: true, force: true })
  }

  parts(): GatewayParts {
    return {
      handle: (received) => handle(received, this.#kernel()),
      catalog: {
        list: (kind) => this.entries.filter((entry) => entry.kind === kind).map((entry) => entry.definition),
        instructions: () => this.instructions,
        tool: (name) => this.#find(name)?.definition,
        onChanged: (listener) => {
          this.#changed.add(listener)
          return () => this.#changed.delete(listener)
        },
      },
      sessions: {
        open: ({ door, clientId }) => this.open(door, clientId === this.other.id ? this.other : this.client),
        find: (id) => {
          if (this.revoked) throw clientRevoked(this.client.name)
          return { client: this.client, session: this.#session(id) }
        },
        end: (id) => this.end(id),
        touch: (_, protocol) => this.told.push(`touch ${protocol}`),
        leave: () => this.told.push('leave'),
        onEnded: (listener) => {
          this.#endedListeners.add(listener)
          return () => this.#endedListeners.delete(listener)
        },
      },
      tellServers: (_, method) => this.told.push(method),
      newTrail: () => {
        const releases: (() => void)[] = []
        return { note: () => {}, onEnd: (release) => releases.push(release), lap: () => {} }
      },
      onError: (error) => this.errors.push(error),
      version: '0.0.0-test',
    }
  }

  /** The session is over, as if a person had ended it. */
  end(id: SessionId): void {
    this.ended.push(id)
    this.sessions.delete(id)
    this.socket?.disconnect(id)
    for (const listener of this.#endedListeners) listener(id)
  }

  /** What the HTTP endpoint needs besides: the keys `good` and `other`, one for each client. */
  httpParts(): McpRouteParts {
    return {
      ...this.parts(),
      authenticate: (bearer) => this.#authenticated(bearer),
      forStateless: (client) => {
        this.#stateless ??= this.open('http', client).session
        return this.#session(this.#stateless.id)
      },
      hasServer: (_, name) => name === server.name,
      ...(this.idleMs === undefined ? {} : { idleMs: this.idleMs }),
    }
  }

  #authenticated(bearer: string) {
    if (this.revoked && bearer === 'good') throw clientRevoked(this.client.name)
    const client = { good: this.client, other: this.other }[bearer]
    return client && { client, credentialId: bearer }
  }

  open(door: Session['door'], client = this.client): OpenedSession {
    const session: Session = {
      id: newId('session'),
      client: client.id,
      workspace: defaultWorkspace,
      door,
      state: 'active',
    }
    this.sessions.set(session.id, session)
    return { client, session }
  }

  #handshake(): AppHandshake {
    return {
      secretOf: () => {
        if (this.revoked) throw clientRevoked(this.client.name)
        return this.secret
      },
      pair: () => Promise.reject(new Error('nobody pairs here')),
      pairingMessage: () => 'Pair it',
      admit: async ({ hello }) => {
        const resumed = hello.resume !== undefined && this.sessions.has(hello.resume as SessionId)
        const sessionId = resumed ? (hello.resume as SessionId) : this.open('bridge').session.id
        return { sessionId, resumed }
      },
      refusal: (error) => {
        const known = error instanceof GatehouseError ? error : unexpected('', error)
        return { code: known.code, params: known.params, message: sentence(known, 'person') }
      },
    }
  }

  #session(id: SessionId): Session {
    const session = this.sessions.get(id)
    if (!session) throw sessionEnded()
    return session
  }

  #find(target: string): InTestEntry | undefined {
    return this.entries.find(({ definition }) => definition.name === target || definition.uri === target)
  }

  #kernel(): KernelParts {
    const find = (target: string) => this.#find(target)
    return {
      audit: { recorded: (_, work) => work(), intend: () => {} },
      records: { isSound: () => true },
      clients: {
        beyondKey: () => undefined,
        identify: ({ sessionId }) => {
          if (this.revoked) throw clientRevoked(this.client.name)
          return { client: this.client, session: this.#session(sessionId) }
        },
      },
      limits: {
        throttle: () => {},
        replied: () => {},
        admit: async (_, signal) => ({ deadline: signal, deadlineMs: 60_000, release: () => {} }),
      },
      cells: { requireFor: () => {} },
      catalog: {
        resolve: ({ target }) => {
          const found = find(target)
          if (!found) throw entryUnknown(target)
          return { server, entry: entryOf(found, target) }
        },
        isForeign: () => false,
        check: (entry, value) => (entry.ownName === 'strict' && value.word === undefined ? 'word: missing' : undefined),
      },
      filters: {
        call: (input) => ({
          arguments: input.arguments,
          changed: false,
          labels: [],
          paths: [],
          urls: [],
          commands: [],
        }),
        reply: ({ reply }) => ({ reply, labels: [] }),
      },
      rounds: this.#rounds,
      flow: { trace: () => undefined, answered: () => {}, leaves: () => {} },
      permissions: {
        spend: () => {},
        evaluate: (call) => {
          this.judged.push(call)
          const effect = this.denies(call) ? 'deny' : 'allow'
          return { effect, rule: 'test', reasons: [], action: 'read', risk: 'low' }
        },
      },
      approvals: {
        held: () => {
          throw entryUnknown('approval')
        },
        clear: async () => ({ by: 'rule' }),
        confirm: () => {},
      },
      credentials: { lease: async () => ({}) },
      servers: {
        dispatch: async (call) => (await find(call.target)?.answer?.(call as unknown as Received)) ?? text('nothing'),
        endSession: () => {},
      },
    }
  }
}

function entryOf(entry: InTestEntry, target: string): CatalogEntry {
  return {
    kind: entry.kind,
    name: target as EntryName,
    server: server.name,
    ownName: target,
    title: target,
    definition: entry.definition,
    pin: '0'.repeat(64) as Sha256,
  }
}
