import { createHmac, timingSafeEqual } from 'node:crypto'

/** `ghr_<family>_<generation>_<mac>`: which family, the how manieth of it, and a proof that Gatehouse made it. */
const pattern = /^ghr_([0-9a-f]{32})_(\d{1,9})_([0-9a-f]{64})$/

export interface RefreshToken {
  readonly family: string
  readonly generation: number
}

/** @param key 32 bytes from the keychain: nothing of a token is kept, whoever reads the database can make none */
export function refreshToken(key: Uint8Array, { family, generation }: RefreshToken): string {
  return `ghr_${family}_${generation}_${mac(key, family, generation).toString('hex')}`
}

/** @returns undefined for what Gatehouse did not make */
export function readRefreshToken(key: Uint8Array, text: string): RefreshToken | undefined {
  const [, family = '', number = '', given = ''] = pattern.exec(text) ?? []
  const generation = Number(number)
  if (family === '' || !timingSafeEqual(Buffer.from(given, 'hex'), mac(key, family, generation))) return undefined
  return { family, generation }
}

const mac = (key: Uint8Array, family: string, generation: number) =>
  createHmac('sha256', key).update(`gatehouse refresh token\n${family}\n${generation}`).digest()
