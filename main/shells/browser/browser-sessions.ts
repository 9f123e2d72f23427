import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { loginInvalid } from '../../../shared/errors.ts'

/** How long the link printed at start can be used, in minutes. */
export const loginLifeMinutes = 10
/** How long a passphrase counts for widening rights, in minutes. */
export const confirmedMinutes = 15
/** A session ends after this long without use, in hours. */
const idleHours = 12
const minuteMs = 60_000

/** One signed-in browser. Times are monotonic milliseconds. */
export interface BrowserSession {
  readonly id: string
  /** The person proved the passphrase, or none is set yet; else the session can do nothing but be unlocked. */
  unlocked: boolean
  confirmedUntil: number
  lastUsedAt: number
}

/** What the browser keeps: the cookie, and a key its page stores by origin. */
export interface BrowserKeys {
  readonly cookie: string
  /**
   * A cookie of 127.0.0.1 is sent to every port, so a page of another local program would receive it; the page's own
   * storage is kept apart by port. The socket asks for both.
   */
  readonly windowKey: string
}

const fingerprint = (secret: string) => createHash('sha256').update(secret).digest()
const freshSecret = () => randomBytes(32).toString('base64url')

/** Who is signed in. Only fingerprints are kept; everything ends with the app. */
export class BrowserSessions {
  readonly #sessions = new Map<string, { session: BrowserSession; windowKey: Buffer }>()
  #login: { fingerprint: Buffer; until: number } | undefined

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** A token for one sign-in, replacing any earlier one. 256 bits, ten minutes. */
  mintLogin(): string {
    const token = freshSecret()
    this.#login = { fingerprint: fingerprint(token), until: this.nowMs() + loginLifeMinutes * minuteMs }
    return token
  }

  /** @throws browser.login when the token is not the minted one, too old, or was used */
  redeemLogin(token: string): void {
    const login = this.#login
    if (!login || this.nowMs() > login.until) throw loginInvalid(loginLifeMinutes)
    if (!timingSafeEqual(login.fingerprint, fingerprint(token))) throw loginInvalid(loginLifeMinutes)
    this.#login = undefined
  }

  open(unlocked: boolean): BrowserKeys & { session: BrowserSession } {
    const keys = { cookie: freshSecret(), windowKey: freshSecret() }
    const id = fingerprint(keys.cookie).toString('base64url')
    const session = { id, unlocked, confirmedUntil: 0, lastUsedAt: this.nowMs() }
    this.#sessions.set(id, { session, windowKey: fingerprint(keys.windowKey) })
    return { ...keys, session }
  }

  /** The session of a cookie; looked up by its fingerprint, so that timing tells nothing of it. */
  find(cookie: string | undefined): BrowserSession | undefined {
    if (!cookie) return undefined
    const found = this.#sessions.get(fingerprint(cookie).toString('base64url'))?.session
    if (!found) return undefined
    if (this.nowMs() - found.lastUsedAt > idleHours * 60 * minuteMs) {
      this.close(found)
      return undefined
    }
    found.lastUsedAt = this.nowMs()
    return found
  }

  holdsKey(session: BrowserSession, windowKey: string | undefined): boolean {
    const kept = this.#sessions.get(session.id)
    return kept !== undefined && windowKey !== undefined && timingSafeEqual(kept.windowKey, fingerprint(windowKey))
  }

  /** The passphrase was right: unlocked for good, and confirmed for a quarter of an hour. */
  confirm(session: BrowserSession): void {
    session.unlocked = true
    session.confirmedUntil = this.nowMs() + confirmedMinutes * minuteMs
  }

  isConfirmed = (session: BrowserSession): boolean => this.nowMs() < session.confirmedUntil

  close = (session: BrowserSession): boolean => this.#sessions.delete(session.id)
}
