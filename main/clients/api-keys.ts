/**
 * The API keys of the AI apps: made, replaced, proved, counted. The first time a key is shown in a process it costs one
 * scrypt, afterwards one SHA-256 and a comparison in constant time. A text that is no key, or whose id is unknown, costs
 * neither; wrong secrets under a known id cost a bounded number of them.
 *
 * It refuses to keep a key's text, and to judge a call: it says what a key is confined to.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Client } from '../../shared/domain/call.ts'
import type { ClientId, EpochMs } from '../../shared/domain/ids.ts'
import { inputInvalid } from '../../shared/errors.ts'
import { apiKeyDigest, apiKeyHash, apiKeyId, isKeyOf, isPlainHash, newApiKey } from './api-key.ts'
import {
  type ClientCertificate,
  certificateHash,
  certificateKeyId,
  isCertificateHash,
  isCertificateOf,
} from './client-certificate.ts'
import type { ClientStore, TokenRecord } from './client-store.ts'

export interface ApiKeysParts {
  readonly store: Pick<ClientStore, 'saveToken' | 'tokens' | 'dropToken' | 'dropTokens' | 'countUses'>
  /** In memory. */
  readonly secretOf: (client: ClientId) => Buffer | undefined
  /** @throws client.unpaired, client.revoked, client.suspended */
  readonly known: (client: ClientId) => Client
  readonly now: () => EpochMs
  readonly onIssued?: (id: string) => void
}

export interface KeyCaller {
  readonly client: Client
  readonly credentialId: string
  readonly expiresAt: EpochMs
}

export interface IssuedKey {
  readonly token: string
  readonly expiresAt: EpochMs
}

const dayMs = 24 * 60 * 60 * 1000
/** Proofs at a time; one more is refused. */
const mostProofs = 8
/** Wrong secrets in a minute under one id, until it is proved once. */
const mostWrong = 20
/** Milliseconds between two times a key's uses are written. */
const writeEveryMs = 10_000

export class ApiKeys {
  readonly #keys = new Map<string, TokenRecord>()
  /** Digests of keys that were proved, by id. */
  readonly #proved = new Map<string, Buffer>()
  readonly #proofs = new Map<string, Promise<boolean>>()
  readonly #wrong = new Map<string, { since: EpochMs; count: number }>()
  readonly #written = new Map<string, EpochMs>()

  constructor(private readonly parts: ApiKeysParts) {}

  start(): void {
    for (const key of this.parts.store.tokens(this.parts.now())) this.#keys.set(key.id, key)
  }

  /** @param secret the client's */
  async issue(client: ClientId, secret: Buffer, days: number, scopes: readonly string[]): Promise<IssuedKey> {
    const key = newApiKey()
    const createdAt = this.parts.now()
    const expiresAt = (createdAt + days * dayMs) as EpochMs
    const hash = await apiKeyHash(secret, key.text)
    this.#save({ id: key.id, clientId: client, hash, scopes, createdAt, expiresAt, uses: 0 }, key.text)
    this.parts.onIssued?.(key.id)
    return { token: key.text, expiresAt }
  }

  /**
   * A certificate in place of a key: listed, confined, counted and revoked as one.
   * @throws input.invalid when it is another client's
   */
  admit(client: ClientId, secret: Buffer, certificate: ClientCertificate, scopes: readonly string[]): TokenRecord {
    const { fingerprint, validUntil: expiresAt } = certificate
    const id = certificateKeyId(fingerprint)
    if ((this.live(id)?.clientId ?? client) !== client) throw inputInvalid('This certificate is another app’s.')
    const hash = certificateHash(secret, fingerprint)
    const key = { id, clientId: client, hash, scopes, createdAt: this.parts.now(), expiresAt, uses: 0 }
    this.parts.store.saveToken(key)
    this.#keys.set(id, key)
    this.parts.onIssued?.(id)
    return key
  }

  /**
   * Whose certificate this is, which the program proved to have.
   * @throws client.revoked, client.suspended
   */
  authenticateCertificate(fingerprint: string): KeyCaller | undefined {
    const key = this.live(certificateKeyId(fingerprint))
    const secret = key && this.parts.secretOf(key.clientId)
    return key && secret && isCertificateOf(key.hash, secret, fingerprint) ? this.#used(key) : undefined
  }

  /**
   * Another secret under the same id: what the key is confined to, its limits and its end stay. The old one is refused.
   * @throws input.invalid when the client has no such key
   */
  async rotate(client: ClientId, secret: Buffer, id: string): Promise<IssuedKey> {
    const own = this.#own(client, id)
    if (own === undefined) throw inputInvalid(`There is no key ${id} of this app.`)
    if (isCertificateHash(own.hash))
      throw inputInvalid('A certificate is renewed by its program; then name the new one.')
    const { text } = newApiKey(id)
    const hash = await apiKeyHash(secret, text)
    const now = this.#own(client, id) // it may have been revoked meanwhile
    if (now === undefined) throw inputInvalid(`There is no key ${id} of this app.`)
    this.#save({ ...now, hash }, text)
    return { token: text, expiresAt: now.expiresAt }
  }

  /**
   * Whose key this is.
   * @returns undefined for a key that is unknown, wrong or out of date
   * @throws client.revoked, client.suspended
   */
  authenticate(bearer: string): KeyCaller | undefined | Promise<KeyCaller | undefined> {
    const key = this.live(apiKeyId(bearer) ?? '')
    const secret = key && this.parts.secretOf(key.clientId)
    if (!key || !secret) return undefined
    const digest = apiKeyDigest(bearer)
    const right = this.#proved.get(key.id)
    if (right) return timingSafeEqual(right, digest) ? this.#used(key) : undefined
    return this.#prove(key, secret, bearer, digest)
  }

  /** @returns undefined for a key that is unknown or out of date */
  live(id: string): TokenRecord | undefined {
    const key = this.#keys.get(id)
    return key && key.expiresAt > this.parts.now() ? key : undefined
  }

  of = (client: ClientId): TokenRecord[] => [...this.#keys.values()].filter(({ clientId }) => clientId === client)

  drop(client: ClientId): void {
    for (const { id } of this.of(client)) this.remove(client, id)
    this.parts.store.dropTokens(client)
  }

  /** @returns false when the client has no such key */
  remove(client: ClientId, id: string): boolean {
    if (this.#keys.get(id)?.clientId !== client) return false
    this.parts.store.dropToken(id)
    this.#keys.delete(id)
    this.#proved.delete(id)
    return true
  }

  /** Writes what was used since. */
  save(): void {
    for (const key of this.#keys.values()) if (key.usedAt !== undefined) this.#write(key)
  }

  #own(client: ClientId, id: string): TokenRecord | undefined {
    const key = this.live(id)
    return key?.clientId === client ? key : undefined
  }

  #save(key: TokenRecord, text: string): void {
    this.parts.store.saveToken(key)
    this.#keys.set(key.id, key)
    this.#proved.set(key.id, apiKeyDigest(text))
  }

  async #prove(shown: TokenRecord, secret: Buffer, text: string, digest: Buffer): Promise<KeyCaller | undefined> {
    const same = digest.toString('hex')
    if (!this.#proofs.has(same)) {
      if (this.#proofs.size >= mostProofs || this.#guessed(shown.id)) return undefined
      this.#proofs.set(same, isKeyOf(shown.hash, secret, text))
    }
    const holds = await this.#proofs.get(same)?.finally(() => this.#proofs.delete(same))
    if (!holds) this.#noteWrong(shown.id)
    const key = this.live(shown.id) // it may have been revoked or replaced meanwhile
    if (!holds || key?.hash !== shown.hash) return this.#provedMeanwhile(key, digest)
    this.#proved.set(key.id, digest)
    if (isPlainHash(key.hash)) await this.#harden(key, secret, text)
    return this.#provedMeanwhile(this.live(key.id), digest)
  }

  /** Several requests at once show the same key: the first of them may have renewed its hash. */
  #provedMeanwhile(key: TokenRecord | undefined, digest: Buffer): KeyCaller | undefined {
    const right = key && this.#proved.get(key.id)
    return right && timingSafeEqual(right, digest) ? this.#used(key) : undefined
  }

  /** A key from before is kept as every other from its first use on. */
  async #harden(key: TokenRecord, secret: Buffer, text: string): Promise<void> {
    const hash = await apiKeyHash(secret, text)
    const now = this.live(key.id)
    if (now?.hash === key.hash) this.#save({ ...now, hash }, text)
  }

  #guessed(id: string): boolean {
    const wrong = this.#wrong.get(id)
    if (wrong && this.parts.now() - wrong.since >= 60_000) this.#wrong.delete(id)
    return (this.#wrong.get(id)?.count ?? 0) >= mostWrong
  }

  #noteWrong(id: string): void {
    const { since, count } = this.#wrong.get(id) ?? { since: this.parts.now(), count: 0 }
    this.#wrong.set(id, { since, count: count + 1 })
  }

  #used(key: TokenRecord | undefined): KeyCaller | undefined {
    if (!key) return undefined
    const client = this.parts.known(key.clientId)
    const usedAt = this.parts.now()
    const used = { ...key, usedAt, uses: key.uses + 1 }
    this.#keys.set(key.id, used)
    if (usedAt - (this.#written.get(key.id) ?? 0) >= writeEveryMs) this.#write(used)
    return { client, credentialId: key.id, expiresAt: key.expiresAt }
  }

  #write({ id, usedAt, uses }: TokenRecord): void {
    if (usedAt === undefined) return
    this.#written.set(id, usedAt)
    this.parts.store.countUses(id, usedAt, uses)
  }
}
