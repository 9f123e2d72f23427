import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** How far a table's set of sealed rows has come: counts every change, and sums what stands in it. */
export interface Root {
  readonly version: number
  /** 256 bits, hexadecimal. */
  readonly sum: string
}

/** What a key ring keeps of a root. */
export interface RootMark {
  readonly version: number
  readonly mark: string
}

const emptySum = '0'.repeat(64)
export const emptyRoot: Root = { version: 0, sum: emptySum }
const modulus = 1n << 256n

/**
 * Sums over the seals of a table's rows (MSet-Add-Hash: keyed, so that no set with the sum of another can be made without
 * the key), and the sealed text in which a sum stands beside its rows.
 *
 * @see Clarke, Devadas, van Dijk, Gassend, Suh, “Incremental Multiset Hash Functions and Their Application to Memory
 *   Integrity Checking”, 2003
 */
export class TableRoots {
  /** @param key 32 bytes from the keychain */
  constructor(private readonly key: Buffer) {}

  /** The root after a row's seal came, went or was replaced by another. */
  next(table: string, root: Root, gone: string | null, come: string | null): Root {
    let sum = BigInt(`0x${root.sum}`)
    if (gone !== null) sum -= this.#element(table, gone)
    if (come !== null) sum += this.#element(table, come)
    return { version: root.version + 1, sum: hex(sum) }
  }

  sumOf(table: string, seals: Iterable<string>): string {
    let sum = 0n
    for (const seal of seals) sum += this.#element(table, seal)
    return hex(sum)
  }

  /** `VERSION.SUM.SEAL` */
  text(table: string, { version, sum }: Root): string {
    return `${version}.${sum}.${this.#mac(`${table}\n${version}\n${sum}`).toString('base64url')}`
  }

  /** @returns undefined for a text that was not made with this key, or for another table */
  read(table: string, text: string): Root | undefined {
    const [version = '', sum = '', seal = ''] = text.split('.')
    const right = this.#mac(`${table}\n${version}\n${sum}`)
    const given = Buffer.from(seal, 'base64url')
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
    return { version: Number(version), sum }
  }

  #element(table: string, seal: string): bigint {
    return BigInt(`0x${createHmac('sha256', this.key).update(`row of ${table}\n${seal}`).digest('hex')}`)
  }

  #mac = (text: string): Buffer => createHmac('sha256', this.key).update(`root of ${text}`).digest()
}

export const markOf = ({ version, sum }: Root): RootMark => ({
  version,
  mark: createHash('sha256').update(sum).digest('base64url').slice(0, 22),
})

const hex = (sum: bigint) => (((sum % modulus) + modulus) % modulus).toString(16).padStart(64, '0')
