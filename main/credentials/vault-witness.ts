import { keychainProbe, keytarRing, type LoadKeytar } from './keytar-ring.ts'

/**
 * How far a vault file has come, kept where a copy of its folder does not reach: in the system keychain, should there be
 * one after all. Only a number; the keys stay in the vault.
 */
export interface VaultWitness {
  /** The highest number it was told; undefined when it was told none. @throws keys.unavailable */
  seen(): Promise<number | undefined>
  /** @throws keys.unavailable */
  tell(version: number): Promise<void>
  /** @throws keys.unavailable */
  forget(): Promise<void>
}

const witnessName = 'vault-version'
/** A keychain that is locked must not hold up every start. */
const patienceMs = 1500

/** @returns undefined where no keychain answers */
export async function keychainWitness(tag: string, load?: LoadKeytar): Promise<VaultWitness | undefined> {
  const ring = await keytarRing(tag, load, patienceMs).catch(() => undefined)
  if (!ring) return undefined
  return {
    seen: async () => {
      const kept = await ring.get(witnessName)
      return kept && Number(kept.toString())
    },
    tell: (version) => ring.set(witnessName, Buffer.from(`${version}`)),
    forget: async () => {
      for (const name of [witnessName, keychainProbe]) await ring.delete(name)
    },
  }
}

/** `watched`: an older copy would be found. `unwatched`: it would not. `behind`: this is one. */
export type VaultState = 'watched' | 'unwatched' | 'behind'

const reserved = { version: '@version', witnessed: '@witnessed', behind: '@behind' } as const

/**
 * Counts a vault's changes, in the vault itself and with its witness. A vault that is behind its witness is an older copy;
 * it stays one, however often it is changed, until the person takes it for right.
 */
export class VaultAge {
  readonly #entries: Map<string, string>
  #witness: VaultWitness | undefined

  private constructor(entries: Map<string, string>, witness: VaultWitness | undefined) {
    this.#entries = entries
    this.#witness = witness
  }

  /** @param isNew no vault was there, so none can be older */
  static async of(entries: Map<string, string>, witness: VaultWitness | undefined, isNew: boolean): Promise<VaultAge> {
    const age = new VaultAge(entries, witness)
    const seen = await witness?.seen().catch(() => {
      age.#witness = undefined
      return undefined
    })
    if (!age.#witness) return age
    if (isNew) entries.set(reserved.version, `${seen ?? 0}`)
    const missing = seen === undefined && entries.has(reserved.witnessed)
    if (missing || (seen ?? 0) > age.#version) entries.set(reserved.behind, `${seen ?? 0}`)
    else entries.set(reserved.witnessed, 'yes')
    return age
  }

  get state(): VaultState {
    if (this.#entries.has(reserved.behind)) return 'behind'
    return this.#witness ? 'watched' : 'unwatched'
  }

  get #version(): number {
    return Number(this.#entries.get(reserved.version) ?? 0)
  }

  /** The vault is about to be written. */
  grow(): void {
    this.#entries.set(reserved.version, `${this.#version + 1}`)
  }

  /** The vault was written; the witness follows, so that a kill in between leaves a vault that is ahead. */
  async written(): Promise<void> {
    if (this.state !== 'watched') return
    await this.#witness?.tell(this.#version).catch(() => {
      this.#witness = undefined
    })
  }

  /** Nothing of this vault is left in the keychain. @throws keys.unavailable */
  async forget(): Promise<void> {
    await this.#witness?.forget()
    this.#witness = undefined
  }

  /** From the next writing on this copy is the right one. */
  async accept(): Promise<void> {
    const seen = (await this.#witness?.seen().catch(() => undefined)) ?? 0
    const version = Math.max(this.#version, seen, Number(this.#entries.get(reserved.behind) ?? 0))
    this.#entries.set(reserved.version, `${version}`)
    this.#entries.delete(reserved.behind)
  }
}
