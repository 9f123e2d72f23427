import { scrypt } from 'node:crypto'

/** N = 2^17, r = 8, p = 1: about 128 MB and half a second. @see OWASP Password Storage Cheat Sheet, scrypt */
export const scryptCost = { N: 2 ** 17, r: 8, p: 1 } as const

/** @returns 32 bytes; the passphrase is normalised (NFKC), so that keyboards don't matter */
export function keyFromPassphrase(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...scryptCost, maxmem: 256 * 1024 * 1024 }
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
