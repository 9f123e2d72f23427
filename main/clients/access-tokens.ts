/**
 * Short-lived tokens for HTTP clients: a signed access token of 15 minutes and a refresh token of 7 days that is good for
 * one use. Whoever uses one a second time, the client or a thief, ends the whole family: both have to begin anew, and the
 * person is told.
 *
 * It refuses to begin a family by itself: a door does, after it proved who asks. It keeps no token.
 *
 * @see RFC 9700, section 4.14.2: refresh token rotation, reuse detection
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Client } from '../../shared/domain/call.ts'
import type { ClientId, EpochMs } from '../../shared/domain/ids.ts'
import type { SecretPlace } from './clients.ts'
import { readRefreshToken, refreshToken } from './refresh-token.ts'
import type { TokenFamily, TokenFamilyStore } from './token-family-store.ts'

export const accessTokenMs = 15 * 60_000
export const refreshTokenMs = 7 * 24 * 60 * 60_000
const clockToleranceS = 5
const issuer = 'gatehouse'
const audience = 'gatehouse-mcp'
const algorithm = 'EdDSA'
const keyName = 'access-token-keys'
/** Verified once, known until they expire: a signature costs more than the rest of a small call. */
const mostRemembered = 10_000
const mostFamilies = 50

export interface AccessTokensParts {
  readonly store: TokenFamilyStore
  readonly secrets: SecretPlace
  /** @throws client.unpaired, client.revoked, client.suspended */
  readonly client: (id: ClientId) => Client
  /** A refresh token came a second time: its family is revoked already. */
  readonly onReused: (client: ClientId) => void
  readonly now?: () => EpochMs
}

export interface TokenPair {
  readonly accessToken: string
  readonly accessExpiresAt: EpochMs
  readonly refreshToken: string
  readonly refreshExpiresAt: EpochMs
}

/** Who showed a token, as the doors take it. */
export interface TokenCaller {
  readonly client: Client
  readonly credentialId: string
  readonly expiresAt: EpochMs
}

interface Keys {
  readonly signing: KeyObject
  readonly checking: KeyObject
  readonly refresh: Buffer
}

export class AccessTokens {
  readonly #families = new Map<string, TokenFamily>()
  readonly #remembered = new Map<string, { readonly family: string; readonly expiresAt: EpochMs }>()
  readonly #now: () => EpochMs
  #keys: Promise<Keys> | undefined

  constructor(private readonly parts: AccessTokensParts) {
    this.#now = parts.now ?? (() => Date.now() as EpochMs)
  }

  start(): void {
    for (const family of this.parts.store.all(this.#now())) this.#families.set(family.id, family)
  }

  /**
   * Begins a family for a client that proved who it is.
   *
   * @param credentialId what it proved that with, e.g. its API key's id; programs are judged under it
   * @throws client.unpaired, client.revoked, client.suspended, keys.unavailable
   */
  async begin(clientId: ClientId, credentialId?: string): Promise<TokenPair> {
    this.parts.client(clientId)
    this.#makeRoom(clientId)
    const id = randomBytes(16).toString('hex')
    const now = this.#now()
    return this.#next({
      id,
      clientId,
      credentialId: credentialId ?? id,
      generation: 0,
      state: 'live',
      beganAt: now,
      expiresAt: now,
    })
  }

  /**
   * Takes a refresh token and gives the next pair. The one given is used up, whatever happens to the answer.
   *
   * @returns undefined for a token that is unknown, expired, revoked or was used before; the last revokes its family
   * @throws client.unpaired, client.revoked, client.suspended, keys.unavailable
   */
  async refresh(text: string): Promise<TokenPair | undefined> {
    const { refresh } = await this.#ready()
    const read = readRefreshToken(refresh, text)
    const family = read && this.#families.get(read.family)
    if (!read || !family || family.state === 'revoked' || family.expiresAt <= this.#now()) return undefined
    if (read.generation !== family.generation) {
      this.#save({ ...family, state: 'revoked' })
      this.parts.onReused(family.clientId)
      return undefined
    }
    this.parts.client(family.clientId)
    return this.#next(family)
  }

  /**
   * Whose access token this is.
   *
   * @returns undefined for one that is forged, expired or of a revoked family
   * @throws client.revoked, client.suspended, keys.unavailable
   */
  verify(text: string): TokenCaller | undefined | Promise<TokenCaller | undefined> {
    const key = createHash('sha256').update(text).digest('base64')
    const known = this.#remembered.get(key)
    if (known) return this.#callerOf(known.family, known.expiresAt)
    return this.#verified(text, key)
  }

  /** Ends the family a token belongs to. @returns false for a token that is none of ours */
  async revoke(text: string): Promise<boolean> {
    const { refresh } = await this.#ready()
    const family = readRefreshToken(refresh, text)?.family ?? (await this.#familyIn(text))?.family
    const found = family === undefined ? undefined : this.#families.get(family)
    if (found === undefined) return false
    if (found.state === 'live') this.#save({ ...found, state: 'revoked' })
    return true
  }

  /** Ends all families begun with a credential, or of a client. */
  revokeAll(of: { readonly client?: ClientId; readonly credentialId?: string }): void {
    for (const family of this.#families.values())
      if (family.state === 'live' && (family.clientId === of.client || family.credentialId === of.credentialId))
        this.#save({ ...family, state: 'revoked' })
  }

  /** What is only in the keychain, for uninstalling. */
  static readonly secretNames: readonly string[] = [keyName]

  /** A client that keeps beginning anew fills no database: its oldest family goes. */
  #makeRoom(client: ClientId): void {
    for (const { id, expiresAt } of this.#families.values()) if (expiresAt <= this.#now()) this.#families.delete(id)
    const own = [...this.#families.values()].filter(({ clientId, state }) => clientId === client && state === 'live')
    const oldest = own.length < mostFamilies ? undefined : own.reduce((a, b) => (a.beganAt <= b.beganAt ? a : b))
    if (oldest) this.#save({ ...oldest, state: 'revoked' })
  }

  async #next(before: TokenFamily): Promise<TokenPair> {
    const now = this.#now()
    const refreshExpiresAt = (now + refreshTokenMs) as EpochMs
    const family = { ...before, generation: before.generation + 1, expiresAt: refreshExpiresAt }
    this.#save(family) // before anything is awaited: two uses at once are two uses
    const { signing, refresh } = await this.#ready()
    const accessExpiresAt = (now + accessTokenMs) as EpochMs
    const accessToken = await new SignJWT({ fam: family.id })
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(family.clientId)
      .setJti(randomBytes(12).toString('base64url'))
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(Math.floor(accessExpiresAt / 1000))
      .sign(signing)
    const token = refreshToken(refresh, { family: family.id, generation: family.generation })
    return { accessToken, accessExpiresAt, refreshToken: token, refreshExpiresAt }
  }

  async #verified(text: string, key: string): Promise<TokenCaller | undefined> {
    const found = await this.#familyIn(text)
    if (found === undefined) return undefined
    if (this.#remembered.size >= mostRemembered) this.#forgetExpired()
    this.#remembered.set(key, found)
    return this.#callerOf(found.family, found.expiresAt)
  }

  async #familyIn(text: string): Promise<{ family: string; expiresAt: EpochMs } | undefined> {
    const { checking } = await this.#ready()
    try {
      const { payload } = await jwtVerify(text, checking, {
        algorithms: [algorithm],
        typ: 'at+jwt',
        issuer,
        audience,
        clockTolerance: clockToleranceS,
        requiredClaims: ['sub', 'jti', 'iat', 'exp', 'fam'],
        currentDate: new Date(this.#now()),
      })
      const family = this.#families.get(String(payload.fam))
      if (family === undefined || family.clientId !== payload.sub) return undefined
      return { family: family.id, expiresAt: ((payload.exp ?? 0) * 1000) as EpochMs }
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }

  #callerOf(id: string, expiresAt: EpochMs): TokenCaller | undefined {
    const family = this.#families.get(id)
    if (family?.state !== 'live' || expiresAt + clockToleranceS * 1000 <= this.#now()) return undefined
    return { client: this.parts.client(family.clientId), credentialId: family.credentialId, expiresAt }
  }

  #forgetExpired(): void {
    for (const [key, { expiresAt }] of this.#remembered) if (expiresAt <= this.#now()) this.#remembered.delete(key)
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear()
  }

  #save(family: TokenFamily): void {
    this.parts.store.save(family)
    this.#families.set(family.id, family)
  }

  #ready(): Promise<Keys> {
    this.#keys ??= this.#load().catch((error: unknown) => {
      this.#keys = undefined // the keychain may answer the next time
      throw error
    })
    return this.#keys
  }

  /** Ed25519 key and refresh key as one keychain entry: 32 bytes of each, the former as PKCS #8. */
  async #load(): Promise<Keys> {
    const kept = await this.parts.secrets.get(keyName)
    const refresh = kept?.subarray(0, 32) ?? randomBytes(32)
    const signing = kept
      ? createPrivateKey({ key: kept.subarray(32), format: 'der', type: 'pkcs8' })
      : generateKeyPairSync('ed25519').privateKey
    if (!kept)
      await this.parts.secrets.set(keyName, Buffer.concat([refresh, signing.export({ format: 'der', type: 'pkcs8' })]))
    return { signing, checking: createPublicKey(signing), refresh: Buffer.from(refresh) }
  }
}
