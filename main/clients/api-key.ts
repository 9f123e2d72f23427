import { createHash, createHmac, randomBytes } from 'node:crypto'

/**
 * An API key: `gh_<id>_<secret>_<checksum>`, all lower-case hex. The checksum lets a secret scanner tell a key from other
 * text and a typing slip from an attack; it protects nothing.
 */
export interface ApiKey {
  readonly id: string
  readonly text: string
}

const pattern = /^gh_([0-9a-f]{16})_([0-9a-f]{64})_([0-9a-f]{8})$/

export function newApiKey(): ApiKey {
  const id = randomBytes(8).toString('hex')
  const body = `gh_${id}_${randomBytes(32).toString('hex')}`
  return { id, text: `${body}_${checksum(body)}` }
}

/** @returns the key's id when the text has a key's form, else undefined */
export function apiKeyId(text: string): string | undefined {
  const [, id, , sum] = pattern.exec(text) ?? []
  return id !== undefined && sum === checksum(text.slice(0, -9)) ? id : undefined
}

/**
 * What is kept of a key. One HMAC, no slow password hash: the key has 256 random bits, so there is nothing to guess, and
 * it is checked at every request. Keyed with the client's secret, which is in the keychain: once that is deleted by
 * revoking the client, a key's row put back into the database opens nothing.
 */
export function apiKeyHash(clientSecret: Uint8Array, text: string): Buffer {
  return createHmac('sha256', clientSecret).update('gatehouse api key\n').update(text).digest()
}

const checksum = (body: string) => createHash('sha256').update(body).digest('hex').slice(0, 8)
