/**
 * Pairing for HTTP clients that have no bridge: the client gets a device code and a short code to show, Gatehouse shows the
 * person the same short code, and once they said yes the client's device code is good for its first tokens, once.
 *
 * It refuses to let anybody in without the person, to ask again at once about a name they said no to, and to ask about
 * more than a few at a time.
 *
 * @see RFC 8628
 */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { Program } from '../../shared/domain/call.ts'
import type { ClientId } from '../../shared/domain/ids.ts'
import { clientRevoked, clientSuspended, clientUnpaired, pairingBusy } from '../../shared/errors.ts'
import type { TokenPair } from './access-tokens.ts'
import { clientName } from './client-names.ts'
import type { Clients } from './clients.ts'
import type { PairQuestion } from './pairing.ts'

export interface DevicePairingParts {
  readonly clients: Pick<Clients, 'named' | 'admitByPerson'>
  readonly askPerson: (question: PairQuestion) => Promise<'allow' | 'deny'>
  readonly begin: (client: ClientId) => Promise<TokenPair>
  readonly monotonicMs?: () => number
}

export interface DeviceCodes {
  readonly deviceCode: string
  /** As the client shows it, and as the person reads it in the question. */
  readonly userCode: string
  readonly expiresInS: number
  readonly intervalS: number
}

export type DevicePoll = TokenPair | 'authorization_pending' | 'slow_down' | 'expired_token' | 'access_denied'

interface Pending {
  readonly name: string
  readonly program?: Program
  readonly expiresAtMs: number
  readonly withdraw: AbortController
  state: 'open' | 'allowed' | 'denied'
  intervalMs: number
  polledAtMs: number
}

export const deviceCodeMs = 10 * 60_000
const pollMs = 5_000
/** Codes somebody waits for at once. */
const mostPending = 5
const quietMs = 2 * 60_000
/** No vowels, so no words; nothing that looks like something else. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'

export class DevicePairing {
  /** By the SHA-256 of the device code, which is kept nowhere. */
  readonly #pending = new Map<string, Pending>()
  /** Lower-case name → monotonic moment until which it is refused quietly. */
  readonly #refusedUntil = new Map<string, number>()
  readonly #now: () => number

  constructor(private readonly parts: DevicePairingParts) {
    this.#now = parts.monotonicMs ?? (() => performance.now())
  }

  /**
   * @throws input.invalid for a name that cannot be shown; client.revoked, client.suspended; client.unpaired for a name the
   *   person said no to just now; client.pairing-busy when too many wait
   */
  begin(given: string, program?: Program): DeviceCodes {
    const name = clientName(given)
    const known = this.parts.clients.named(name)
    if (known?.state === 'revoked') throw clientRevoked(name)
    if (known?.state === 'suspended') throw clientSuspended(name)
    this.#forgetOver()
    if ((this.#refusedUntil.get(name.toLowerCase()) ?? -1) > this.#now()) throw clientUnpaired(name)
    if ([...this.#pending.values()].filter(({ state }) => state === 'open').length >= mostPending) throw pairingBusy()
    const deviceCode = randomBytes(32).toString('base64url')
    const userCode = `${lettersOf(4)}-${lettersOf(4)}`
    const pending: Pending = {
      name,
      ...(program ? { program } : {}),
      expiresAtMs: this.#now() + deviceCodeMs,
      withdraw: new AbortController(),
      state: 'open',
      intervalMs: pollMs,
      polledAtMs: Number.NEGATIVE_INFINITY,
    }
    this.#pending.set(hashed(deviceCode), pending)
    void this.#ask(pending, userCode, known !== undefined)
    return { deviceCode, userCode, expiresInS: deviceCodeMs / 1000, intervalS: pollMs / 1000 }
  }

  /** One look of the client. Its first tokens are given once; then the code is nobody's. @throws as `begin` of the tokens */
  async poll(deviceCode: string): Promise<DevicePoll> {
    const key = hashed(deviceCode)
    const pending = this.#pending.get(key)
    if (!pending) return 'expired_token'
    const now = this.#now()
    if (pending.expiresAtMs <= now) {
      this.#end(key, pending)
      return 'expired_token'
    }
    if (pending.state === 'open') return this.#tooSoon(pending, now) ? 'slow_down' : 'authorization_pending'
    this.#pending.delete(key)
    if (pending.state === 'denied') return 'access_denied'
    return this.parts.begin(await this.parts.clients.admitByPerson(pending.name, pending.program))
  }

  stop(): void {
    for (const [key, pending] of this.#pending) this.#end(key, pending)
  }

  async #ask(pending: Pending, userCode: string, again: boolean): Promise<void> {
    const { name, program, withdraw } = pending
    const answer = await this.parts
      .askPerson({
        kind: 'pair',
        clientName: name,
        userCode,
        ...(again ? { again } : {}),
        ...(program ? { program } : {}),
        signal: withdraw.signal,
      })
      .catch(() => 'deny' as const) // too many questions are open
    pending.state = answer === 'allow' ? 'allowed' : 'denied'
    if (answer === 'deny' && !withdraw.signal.aborted) this.#refusedUntil.set(name.toLowerCase(), this.#now() + quietMs)
  }

  /** Each look that comes too soon makes the client wait longer. @see RFC 8628, section 3.5 */
  #tooSoon(pending: Pending, now: number): boolean {
    const soon = now - pending.polledAtMs < pending.intervalMs
    pending.polledAtMs = now
    if (soon) pending.intervalMs += pollMs
    return soon
  }

  #forgetOver(): void {
    const now = this.#now()
    for (const [key, pending] of this.#pending) if (pending.expiresAtMs <= now) this.#end(key, pending)
    for (const [name, until] of this.#refusedUntil) if (until <= now) this.#refusedUntil.delete(name)
  }

  #end(key: string, pending: Pending): void {
    this.#pending.delete(key)
    pending.withdraw.abort()
  }
}

const hashed = (code: string) => createHash('sha256').update(code).digest('base64')
const lettersOf = (count: number) => Array.from({ length: count }, () => letters[randomInt(letters.length)]).join('')
