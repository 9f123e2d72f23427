import { randomFillSync } from 'node:crypto'

export type RandomBytes = (count: number) => Buffer

/**
 * Random bytes for nonces and salts, fetched from the system in larger portions: one fetch a nonce costs more than the
 * encryption it is for. No byte is given out twice. Not for keys.
 */
export function randomPool(portionBytes = 8192): RandomBytes {
  let portion = Buffer.alloc(0)
  return (count) => {
    if (portion.length < count) portion = randomFillSync(Buffer.alloc(Math.max(portionBytes, count)))
    const taken = portion.subarray(0, count)
    portion = portion.subarray(count)
    return taken
  }
}
