import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/** SubjectPublicKeyInfo, DER; what verifies signed heads, and gives nobody anything else. */
export const publicDer = (key: KeyObject): Buffer =>
  (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' })

/** SHA-256 of the key, for people to compare: colon-free hexadecimal. */
export const fingerprintOf = (key: KeyObject): string => createHash('sha256').update(publicDer(key)).digest('hex')

/** From PEM, or from base64 DER as an exported log carries it. @throws Error when it is no Ed25519 public key */
export function publicKeyFrom(text: string): KeyObject {
  const pem = text.includes('-----BEGIN')
  const key = pem
    ? createPublicKey(text)
    : createPublicKey({ key: Buffer.from(text.trim(), 'base64'), format: 'der', type: 'spki' })
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is not an Ed25519 key')
  return key
}
