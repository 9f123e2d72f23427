/**
 * The AI apps that may come in, and how each proves who it is: a bridge by the secret in its file, an HTTP client by an
 * API key. Identified for every call from memory alone; revoking counts from that moment.
 *
 * It refuses to pair without the person (pairing.ts asks), to judge what a client may do, and to put a secret anywhere but
 * the keychain and the client's own file.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import type { Client, Credential, Program, Session } from '../../shared/domain/call.ts'
import {
  type ClientId,
  defaultWorkspace,
  type EpochMs,
  newId,
  type SessionId,
  type WorkspaceName,
} from '../../shared/domain/ids.ts'
import { covers, type ScopedCall } from '../../shared/domain/key-scope.ts'
import { clientRevoked, clientSuspended, clientUnpaired, inputInvalid, sessionEnded } from '../../shared/errors.ts'
import { type ClientFile, clientFilePath } from '../../shared/wire/client-file.ts'
import { writeAtomically } from '../store/atomic-file.ts'
import { isApiKeyId } from './api-key.ts'
import { ApiKeys, type IssuedKey, type KeyCaller } from './api-keys.ts'
import { bridgeArgs } from './bridge-args.ts'
import { readCertificate } from './client-certificate.ts'
import { clientName } from './client-names.ts'
import type { ClientRecord, ClientStore } from './client-store.ts'

/** Where clients' secrets are: the keychain. `credentials/` has one. */
export interface SecretPlace {
  get(name: string): Promise<Buffer | undefined>
  set(name: string, value: Buffer): Promise<void>
  delete(name: string): Promise<boolean>
}

export interface ClientsParts {
  readonly store: ClientStore
  readonly secrets: SecretPlace
  /** `clients/` in the data folder. */
  readonly folder: string
  readonly sessions: {
    /** @throws session.ended, client.suspended */
    identify(session: SessionId, client: ClientId): Session
    isConnected(client: ClientId): boolean
  }
  /** Ends its sessions, calls in flight, questions and grants; `identify` refuses it already. */
  readonly onRevoked: (client: ClientId, name: string) => void
  /** Ends its sessions, calls in flight and questions; `identify` refuses it already. */
  readonly onSuspended: (client: ClientId) => void
  /** There is a new key, which nothing has used. */
  readonly onKeyIssued?: (key: string) => void
  /** A key got another secret: what stands on the old one ends. */
  readonly onKeyReplaced?: (client: ClientId, key: string) => void
  readonly onChanged: (client: ShownClient) => void
  /** The launcher in `bin/`, for snippets. */
  readonly bridgeCommand: string
  readonly now?: () => EpochMs
}

/** As `shared/contract/clients.ts` shows it. */
export interface ShownClient extends Omit<ClientRecord, 'program'> {
  readonly program?: Omit<Program, 'parents'> & { readonly parents: string[] }
  readonly connected: boolean
  readonly tokens: {
    readonly id: string
    readonly createdAt: EpochMs
    readonly expiresAt: EpochMs
    readonly scopes: string[]
    readonly usedAt?: EpochMs
    readonly uses: number
  }[]
}

/** Gatehouse's own callers: `gatehouse call` and the window. They have no secret and no file: the carriers vouch for them. */
export const cliClientId = 'cl_cli' as ClientId
export const windowClientId = 'cl_window' as ClientId

const secretName = (id: ClientId) => `client/${id}`

export class Clients {
  readonly #clients = new Map<ClientId, Client>()
  readonly #records = new Map<ClientId, ClientRecord>()
  readonly #secrets = new Map<ClientId, Buffer>()
  readonly #keys: ApiKeys
  readonly #now: () => EpochMs

  constructor(private readonly parts: ClientsParts) {
    this.#now = parts.now ?? (() => Date.now() as EpochMs)
    this.#keys = new ApiKeys({
      store: parts.store,
      secretOf: (id) => this.#secrets.get(id),
      known: (id) => this.known(id),
      now: this.#now,
      ...(parts.onKeyIssued ? { onIssued: parts.onKeyIssued } : {}),
    })
    this.#clients.set(cliClientId, builtIn(cliClientId, 'cli'))
    this.#clients.set(windowClientId, builtIn(windowClientId, 'window'))
  }

  /** Reads clients, their keys and, from the keychain, their secrets. A client without its secret cannot come in. */
  async start(): Promise<void> {
    for (const record of this.parts.store.all()) {
      this.#keep(record)
      const secret = record.state === 'revoked' ? undefined : await this.parts.secrets.get(secretName(record.id))
      if (secret) this.#secrets.set(record.id, secret)
    }
    this.#keys.start()
  }

  /** @throws client.unpaired, client.revoked, client.suspended, session.ended */
  identify(credential: Credential): { readonly client: Client; readonly session: Session } {
    const client = this.known(credential.clientId)
    const session = this.parts.sessions.identify(credential.sessionId, client.id)
    if (isOfKey(session) && !this.#keys.live(session.credential)) throw sessionEnded()
    return { client, session }
  }

  /**
   * What keeps the session's API key from a call, if anything does.
   * @returns the key's scopes, in words
   */
  beyondKey(session: Session, call: ScopedCall): string | undefined {
    if (!isOfKey(session)) return undefined
    const key = this.#keys.live(session.credential)
    if (key === undefined) return 'nothing'
    if (call.server === 'gatehouse') return undefined // its own tools tell of no more than the key may use
    return covers(key.scopes, call) ? undefined : key.scopes.join(', ')
  }

  /** What the session's API key is confined to; empty: nothing. */
  scopesOf = (session: Session): readonly string[] =>
    (isOfKey(session) && this.#keys.live(session.credential)?.scopes) || []

  /** Whether a key of this id still opens something. */
  hasKey = (id: string): boolean => this.#keys.live(id) !== undefined

  /** @throws client.unpaired, client.revoked, client.suspended */
  known(id: ClientId): Client {
    const client = this.#clients.get(id)
    if (!client) throw clientUnpaired(id)
    if (client.state === 'revoked') throw clientRevoked(client.name)
    if (client.state === 'suspended') throw clientSuspended(client.name)
    return client
  }

  /** What a bridge's proof is checked with. @throws client.unpaired, client.revoked, client.suspended */
  secretOf(id: ClientId): Buffer {
    const client = this.known(id)
    const secret = this.#secrets.get(id)
    if (!secret) throw clientUnpaired(client.name)
    return secret
  }

  named(name: string): Client | undefined {
    const wanted = name.normalize('NFC').toLowerCase()
    return [...this.#clients.values()].find((client) => client.name.toLowerCase() === wanted)
  }

  /**
   * Pairs a name, or gives a paired one its file again. Only after the person said so.
   * @throws input.invalid for a name that cannot be shown or is Gatehouse's own; client.suspended
   */
  async pairByPerson(
    given: string,
    workspace: WorkspaceName = defaultWorkspace,
    program?: Program,
  ): Promise<{ readonly id: ClientId; readonly secret: string }> {
    const name = clientName(given)
    const known = this.#unlessSuspended(name)
    const client =
      known?.state === 'paired' && this.#secrets.has(known.id) ? known : await this.#create(name, workspace)
    if (program) this.sawProgram(client.id, program)
    const secret = this.secretOf(client.id).toString('base64url')
    await this.#writeFile({ id: client.id, name: client.name, secret })
    return { id: client.id, secret }
  }

  /** The same for a client without a bridge: it gets no file. @throws as `pairByPerson` */
  async admitByPerson(given: string, program?: Program): Promise<ClientId> {
    const name = clientName(given)
    const known = this.#unlessSuspended(name)
    const isPaired = known?.state === 'paired' && this.#secrets.has(known.id)
    const client = isPaired ? known : await this.#create(name)
    if (program && !isPaired) this.sawProgram(client.id, program)
    return client.id
  }

  /** The program this client's bridge was started by, from now on. */
  sawProgram(id: ClientId, program: Program): void {
    const record = this.#records.get(id)
    if (!record) return
    this.#save({ ...record, program, lastSeenAt: this.#now() })
  }

  seen(id: ClientId): void {
    const record = this.#records.get(id)
    if (!record) return
    const lastSeenAt = this.#now()
    this.#keep({ ...record, lastSeenAt })
    this.parts.store.seen(id, lastSeenAt)
    this.#tell(id)
  }

  /**
   * An API key for the HTTP endpoint; shown once, kept only as a hash. An unknown name is paired by this.
   * @param scopes what it is confined to; none: all the client may do
   * @throws client.suspended
   */
  async token(given: string, days = 90, scopes: readonly string[] = []): Promise<IssuedKey> {
    const name = clientName(given)
    const known = this.#unlessSuspended(name)
    const client = known?.state === 'paired' && this.#secrets.has(known.id) ? known : await this.#create(name)
    const issued = await this.#keys.issue(client.id, this.secretOf(client.id), days, scopes)
    this.#tell(client.id)
    return issued
  }

  /**
   * A certificate by which the HTTPS endpoint knows the client, until it runs out. An unknown name is paired by this.
   * @throws input.invalid, client.suspended
   */
  async certificate(
    given: string,
    pem: string,
    scopes: readonly string[] = [],
  ): Promise<{ id: string; expiresAt: EpochMs }> {
    const certificate = readCertificate(pem, this.#now())
    const name = clientName(given)
    const known = this.#unlessSuspended(name)
    const client = known?.state === 'paired' && this.#secrets.has(known.id) ? known : await this.#create(name)
    const { id, expiresAt } = this.#keys.admit(client.id, this.secretOf(client.id), certificate, scopes)
    this.#tell(client.id)
    return { id, expiresAt }
  }

  /** @see ApiKeys.authenticateCertificate */
  authenticateCertificate = (fingerprint: string): KeyCaller | undefined =>
    this.#keys.authenticateCertificate(fingerprint)

  /** Another secret for an API key, whose scopes, limits and end stay. @throws input.invalid, client.suspended */
  async rotateKey(name: string, id: string): Promise<IssuedKey> {
    const client = this.#recordIn(name, 'paired')
    const issued = await this.#keys.rotate(client.id, this.secretOf(client.id), id)
    this.parts.onKeyReplaced?.(client.id, id)
    this.#tell(client.id)
    return issued
  }

  /** The key opens nothing from now on, and what its caller began ends. @throws input.invalid when the client has no such key */
  revokeKey(name: string, id: string): void {
    const client = this.named(name)
    if (!client || !this.#keys.remove(client.id, id)) throw inputInvalid(`There is no key ${id} of “${name}”.`)
    this.parts.onKeyReplaced?.(client.id, id)
    this.#tell(client.id)
  }

  /** @see ApiKeys.authenticate */
  authenticate: ApiKeys['authenticate'] = (bearer) => this.#keys.authenticate(bearer)

  /** Writes how often keys were used. */
  stop = (): void => this.#keys.save()

  /**
   * From this moment every call of it is refused; its keys, secret and file go, and what others keep for it.
   * @throws input.invalid when there is no such client
   */
  async revoke(name: string): Promise<void> {
    const client = this.named(name)
    const record = client && this.#records.get(client.id)
    if (!record) throw inputInvalid(`There is no client called “${name}”.`)
    this.#save({ ...record, state: 'revoked' })
    this.#secrets.delete(record.id)
    this.#keys.drop(record.id)
    this.parts.onRevoked(record.id, record.name)
    this.#tell(record.id)
    await rm(clientFilePath(this.parts.folder, record.name), { force: true })
    await this.parts.secrets.delete(secretName(record.id))
  }

  /**
   * From this moment every call of it is refused, until it is resumed; what it owns is kept.
   * @throws input.invalid when there is no such client or it is not paired
   */
  suspend(name: string): void {
    const record = this.#recordIn(name, 'paired')
    this.#save({ ...record, state: 'suspended' })
    this.parts.onSuspended(record.id)
    this.#tell(record.id)
  }

  /** @throws input.invalid when there is no such client or it is not suspended */
  resume(name: string): void {
    this.#save({ ...this.#recordIn(name, 'suspended'), state: 'paired' })
  }

  list = (): ShownClient[] => [...this.#records.keys()].map((id) => this.#shown(id))

  /** What to paste into an AI app's configuration. */
  snippet(name: string, workspace?: WorkspaceName) {
    const command = this.parts.bridgeCommand
    const args = bridgeArgs(clientName(name), workspace)
    return { json: JSON.stringify({ mcpServers: { gatehouse: { command, args } } }, null, 2), command, args }
  }

  /** The names of every secret in the keychain that is a client's, for uninstalling. */
  secretNames = (): string[] => [...this.#records.keys()].map(secretName)

  #recordIn(name: string, state: 'paired' | 'suspended'): ClientRecord {
    const client = this.named(name)
    const record = client && this.#records.get(client.id)
    if (!record) throw inputInvalid(`There is no client called “${name}”.`)
    if (record.state !== state) throw inputInvalid(`“${record.name}” is ${record.state}, not ${state}.`)
    return record
  }

  /** Pairing a suspended name anew would undo what the person decided. @throws client.suspended */
  #unlessSuspended(name: string): Client | undefined {
    const known = this.named(name)
    if (known?.state === 'suspended') throw clientSuspended(known.name)
    return known
  }

  /** A revoked client's name is free again, for a client with an id and a secret of its own. */
  async #create(name: string, workspace: WorkspaceName = defaultWorkspace): Promise<Client> {
    const before = this.named(name)
    if (before) this.#forget(before)
    this.parts.store.drop(name)
    const id = newId('client')
    const secret = randomBytes(32)
    await this.parts.secrets.set(secretName(id), secret)
    this.#secrets.set(id, secret)
    this.#save({ id, name, workspace, state: 'paired', pairedAt: this.#now() })
    return this.known(id)
  }

  #forget(client: Client): void {
    this.#clients.delete(client.id)
    this.#records.delete(client.id)
    this.#secrets.delete(client.id)
    if (client.state !== 'revoked') this.parts.onRevoked(client.id, client.name)
  }

  async #writeFile(file: ClientFile): Promise<void> {
    await mkdir(this.parts.folder, { recursive: true, mode: 0o700 })
    await writeAtomically(clientFilePath(this.parts.folder, file.name), `${JSON.stringify(file)}\n`)
  }

  #save(record: ClientRecord): void {
    this.parts.store.save(record)
    this.#keep(record)
    this.#tell(record.id)
  }

  #keep(record: ClientRecord): void {
    const { lastSeenAt: _seen, ...client } = record
    this.#records.set(record.id, record)
    this.#clients.set(record.id, Object.freeze(client))
  }

  #tell(id: ClientId): void {
    if (this.#records.has(id)) this.parts.onChanged(this.#shown(id))
  }

  #shown(id: ClientId): ShownClient {
    const record = this.#records.get(id)
    if (!record) throw clientUnpaired(id)
    const { program, ...rest } = record
    const tokens = this.#keys.of(id)
    return {
      ...rest,
      ...(program ? { program: { ...program, parents: [...program.parents] } } : {}),
      connected: this.parts.sessions.isConnected(id),
      tokens: tokens.map(({ id, createdAt, expiresAt, scopes, usedAt, uses }) => ({
        id,
        createdAt,
        expiresAt,
        scopes: [...scopes],
        uses,
        ...(usedAt === undefined ? {} : { usedAt }),
      })),
    }
  }
}

const isOfKey = (session: Session): session is Session & { readonly credential: string } =>
  session.credential !== undefined && isApiKeyId(session.credential)

function builtIn(id: ClientId, name: string): Client {
  return Object.freeze({ id, name, workspace: defaultWorkspace, state: 'paired', pairedAt: 0 as EpochMs })
}
