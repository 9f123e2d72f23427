import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { keysUnavailable } from '../../shared/errors.ts'
import type { KeyRing } from './key-ring.ts'

/** The keys of one data folder. They live in the key ring and in memory, nowhere else. */
export interface MasterKeys {
  /** 32 bytes: seals the rows that give rights. */
  readonly rows: Buffer
  /** 32 bytes: wraps the data keys. */
  readonly data: Buffer
  /** Ed25519 private key: signs the head of the audit log. */
  readonly audit: KeyObject
}

/**
 * Reads the keys, or makes them once.
 *
 * @param mayCreate true only for a data folder that holds nothing yet: new keys on an old folder would quietly make
 *   everything sealed worthless, and let whoever emptied the keychain begin anew
 * @throws keys.unavailable
 */
export async function masterKeys(ring: KeyRing, mayCreate: boolean): Promise<MasterKeys> {
  const named = async (name: string, make: () => Buffer) => {
    const found = await ring.get(`key/${name}`)
    if (found) return found
    if (!mayCreate) throw missing(ring, name)
    const made = make()
    await ring.set(`key/${name}`, made)
    return made
  }
  return {
    rows: sized(await named('rows', () => randomBytes(32))),
    data: sized(await named('data', () => randomBytes(32))),
    audit: signingKey(await named('audit', newSigningKey)),
  }
}

function newSigningKey(): Buffer {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' })
}

function signingKey(der: Buffer): KeyObject {
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

function sized(key: Buffer): Buffer {
  if (key.length !== 32) throw keysUnavailable('a stored key has the wrong size', 'Restore a backup.')
  return key
}

function missing(ring: KeyRing, name: string) {
  return keysUnavailable(
    `${ring.describe()} holds no key “${name}” for this data folder, which is already in use`,
    'Open the keychain it was made with; or start with --recover to bring the keys back by your recovery passphrase, restore a backup, or begin anew.',
  )
}
