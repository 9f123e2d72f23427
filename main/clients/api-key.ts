import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * An API key: `gh_<id>_<secret>_<checksum>`, all lower-case hex. The checksum lets a secret scanner tell a key from other
 * text and a typing slip from an attack; it protects nothing.
 */
export interface ApiKey {
  readonly id: string
  readonly text: string
}

const pattern = /^gh_([0-9a-f]{16})_([0-9a-f]{64})_([0-9a-f]{8})$/

/** @param id of the key whose secret it replaces */
export function newApiKey(id = randomBytes(8).toString('hex')): ApiKey {
  const body = `gh_${id}_${randomBytes(32).toString('hex')}`
  return { id, text: `${body}_${checksum(body)}` }
}

/** @returns the key's id when the text has a key's form, else undefined */
export function apiKeyId(text: string): string | undefined {
  const [, id, , sum] = pattern.exec(text) ?? []
  return id !== undefined && sum === checksum(text.slice(0, -9)) ? id : undefined
}

/** Whether a credential is an API key, and no family of tokens that began without one. */
export const isApiKeyId = (credential: string): boolean => /^[0-9a-f]{16}$/.test(credential)

/** SHA-256 of a key's text: what a key that was proved once in this process is compared by. Never written down. */
export const apiKeyDigest = (text: string): Buffer => createHash('sha256').update(text).digest()

const cost = { N: 2 ** 14, r: 8, p: 1 } as const // 16 MiB; the key's 256 random bits need no more
const hashBytes = 32

/**
 * What is kept of a key: `scrypt$N$r$p$salt$hash`, over an HMAC with the client's secret, which is in the keychain: once
 * that is deleted by revoking the client, a key's row put back into the database opens nothing.
 */
export async function apiKeyHash(clientSecret: Uint8Array, text: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derived(keyed(clientSecret, text), salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** A hash without parameters is the HMAC alone, as keys were kept before. */
export const isPlainHash = (kept: string): boolean => /^[0-9a-f]{64}$/.test(kept)

/** @returns false also for what is no hash */
export async function isKeyOf(kept: string, clientSecret: Uint8Array, text: string): Promise<boolean> {
  const given = keyed(clientSecret, text)
  if (isPlainHash(kept)) return timingSafeEqual(Buffer.from(kept, 'hex'), given)
  const [, N, r, p, salt, hash] =
    /^scrypt\$(\d{1,6})\$(\d{1,2})\$(\d{1,2})\$([\w-]{16,64})\$([\w-]{43})$/.exec(kept) ?? []
  if (salt === undefined || hash === undefined) return false
  const right = Buffer.from(hash, 'base64url')
  const made = await derived(given, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  return right.length === made.length && timingSafeEqual(right, made)
}

const keyed = (clientSecret: Uint8Array, text: string): Buffer =>
  createHmac('sha256', clientSecret).update('gatehouse api key\n').update(text).digest()

const derived = (password: Buffer, salt: Buffer, options: { N: number; r: number; p: number }): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, hashBytes, options, (error, hash) => (error ? reject(error) : resolve(hash)))
  })

const checksum = (body: string) => createHash('sha256').update(body).digest('hex').slice(0, 8)
