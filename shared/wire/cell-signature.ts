import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Json } from '../domain/json.ts'

/*
 * Ed25519 (RFC 8032) over the RFC 8785 text of a manifest. One reckoning for whoever signs and whoever verifies.
 */

interface Signed {
  readonly identity: { readonly hash: string }
  readonly signature?: Signature | undefined
}
export interface Signature {
  readonly algorithm: 'Ed25519'
  readonly keyId: string
  readonly publicKey: string
  readonly value: string
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

/** Everything a manifest says but its own hash and its signature. */
export function hashOfManifest({ signature: _, ...manifest }: Signed): string {
  const { hash: _hash, ...identity } = manifest.identity
  return sha256(canonicalJson({ ...manifest, identity } as unknown as Json))
}

/** With its hash, without its signature. */
export function withHash<T extends Signed>(manifest: T): T {
  const { signature: _, ...bare } = manifest
  return { ...bare, identity: { ...manifest.identity, hash: hashOfManifest(manifest) } } as unknown as T
}

/** @param privateKey PEM, PKCS #8 */
export function signManifest<T extends Signed>(manifest: T, privateKey: string): T & { readonly signature: Signature } {
  const key = createPrivateKey(privateKey)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the key is no Ed25519 key')
  const hashed = withHash(manifest)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const value = sign(null, Buffer.from(signedText(hashed)), key).toString('base64')
  const signature = {
    algorithm: 'Ed25519',
    keyId: keyIdOf(publicKey),
    publicKey: publicKey.toString('base64'),
    value,
  } as const
  return { ...hashed, signature }
}

/** Whether the signature and the hash are this manifest's own; whether its key is trusted is asked elsewhere. */
export function isSignedRightly(manifest: Signed): boolean {
  const { signature } = manifest
  if (signature === undefined || manifest.identity.hash !== hashOfManifest(manifest)) return false
  try {
    const der = Buffer.from(signature.publicKey, 'base64')
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    if (key.asymmetricKeyType !== 'ed25519' || keyIdOf(der) !== signature.keyId) return false
    return verify(null, Buffer.from(signedText(manifest)), key, Buffer.from(signature.value, 'base64'))
  } catch {
    return false
  }
}

function signedText({ signature: _, ...manifest }: Signed): string {
  return `gatehouse-cell-1\n${canonicalJson(manifest as unknown as Json)}`
}

export const keyIdOf = (spki: Buffer): string => sha256(spki).slice(0, 32)

export function newSigningKey(): { readonly privateKey: string; readonly publicKey: string; readonly keyId: string } {
  const pair = generateKeyPairSync('ed25519')
  const der = pair.publicKey.export({ type: 'spki', format: 'der' })
  return {
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    keyId: keyIdOf(der),
  }
}

/** @throws Error when it is no Ed25519 public key @returns SPKI DER, base64 */
export function publicKeyFrom(pem: string): { readonly keyId: string; readonly publicKey: string } {
  if (/PRIVATE KEY/.test(pem)) throw new Error('this is a private key; give the public one')
  const key = createPublicKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the key is no Ed25519 key')
  const der = key.export({ type: 'spki', format: 'der' })
  return { keyId: keyIdOf(der), publicKey: der.toString('base64') }
}
