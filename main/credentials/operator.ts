import { randomBytes, timingSafeEqual } from 'node:crypto'
import { inputInvalid, operatorThrottled, operatorWrong } from '../../shared/errors.ts'
import { inTurn } from './in-turn.ts'
import type { KeyRing } from './key-ring.ts'
import { keyFromPassphrase } from './passphrase.ts'

const passphraseEntry = 'operator'
const triesEntry = 'operator-tries'
const freeTries = 5
const firstWaitMs = 1000
const longestWaitMs = 15 * 60 * 1000
const shortest = 8

interface Tries {
  readonly wrong: number
  /** Wall-clock milliseconds; no attempt is looked at before. */
  readonly notBefore: number
}

/**
 * The operator passphrase: what proves, where no window can ask, that a person and not a program decides. Its scrypt
 * hash and the count of wrong tries lie in the key ring, so a restart forgives nothing.
 */
export class Operator {
  readonly #ring: KeyRing
  readonly #now: () => number
  readonly #turns = inTurn()
  readonly #onWrong: (carrier: string | undefined) => void

  /** @param onWrong told of each try that fails or comes too early, and never what was tried */
  constructor(ring: KeyRing, now: () => number = Date.now, onWrong: (carrier: string | undefined) => void = () => {}) {
    this.#ring = ring
    this.#now = now
    this.#onWrong = onWrong
  }

  async isSet(): Promise<boolean> {
    return (await this.#ring.get(passphraseEntry)) !== undefined
  }

  /**
   * Sets the first passphrase, or replaces the present one.
   *
   * @param record called when it may be set; when it throws, it is not
   * @throws operator.wrong, operator.throttled, input.invalid (fewer than 8 characters), keys.unavailable
   */
  async set(current: string | undefined, next: string, record?: () => void): Promise<void> {
    if (next.length < shortest) throw inputInvalid(`A passphrase has at least ${shortest} characters.`)
    if ((await this.isSet()) && !(await this.verify(current ?? ''))) throw operatorWrong()
    record?.()
    const salt = randomBytes(16)
    await this.#ring.set(passphraseEntry, Buffer.concat([salt, await keyFromPassphrase(next, salt)]))
  }

  /**
   * One attempt at a time, compared in constant time. After five wrong ones each further doubles the wait, up to 15
   * minutes; a try made earlier is refused without being looked at.
   *
   * @param carrier who tries, in a word
   * @returns false when it is wrong or none is set. @throws operator.throttled, keys.unavailable
   */
  verify(passphrase: string, carrier?: string): Promise<boolean> {
    return this.#turns(async () => {
      const kept = await this.#ring.get(passphraseEntry)
      if (!kept) return false
      const tries = await this.#tries()
      const waitMs = tries.notBefore - this.#now()
      // more than the longest wait means the clock was set back: the wait is over long since
      if (waitMs > 0 && waitMs <= longestWaitMs) {
        this.#onWrong(carrier)
        throw operatorThrottled(Math.ceil(waitMs / 1000))
      }
      await this.#remember(afterOneMore(tries, this.#now()))
      const given = await keyFromPassphrase(passphrase, kept.subarray(0, 16))
      const right = timingSafeEqual(given, kept.subarray(16))
      if (right) await this.#ring.delete(triesEntry)
      else this.#onWrong(carrier)
      return right
    })
  }

  async #tries(): Promise<Tries> {
    const kept = await this.#ring.get(triesEntry)
    return kept ? (JSON.parse(kept.toString()) as Tries) : { wrong: 0, notBefore: 0 }
  }

  /** Before the answer is known, so that killing the app does not win another try. */
  #remember(tries: Tries): Promise<void> {
    return this.#ring.set(triesEntry, Buffer.from(JSON.stringify(tries)))
  }
}

function afterOneMore(tries: Tries, now: number): Tries {
  const wrong = tries.wrong + 1
  const waitMs = wrong < freeTries ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (wrong - freeTries))
  return { wrong, notBefore: waitMs === 0 ? 0 : now + waitMs }
}
