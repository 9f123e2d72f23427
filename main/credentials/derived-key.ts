import { hkdfSync } from 'node:crypto'

/**
 * A key for one use, made from another, so that neither tells anything of the other.
 *
 * @returns 32 bytes
 * @see RFC 5869
 */
export const derivedKey = (from: Buffer, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', from, '', `gatehouse ${use}`, 32))
