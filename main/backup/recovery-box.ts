import { randomBytes } from 'node:crypto'
import { decrypt, encrypt } from '../store/data-keys.ts'

/** Slow on purpose; `credentials/` has it. */
export type KeyFromPassphrase = (passphrase: string, salt: Buffer) => Promise<Buffer>

/** The recovery key under the recovery passphrase: what a backup, and the data folder, carry of it. */
export interface WrappedRecoveryKey {
  readonly kdf: 'scrypt 2^17/8/1'
  /** base64 */
  readonly salt: string
  readonly box: string
}

const saltBytes = 16
const purpose = 'gatehouse recovery key 1'

/** 32 bytes, kept in the keychain so that a backup needs no passphrase, and in backups only under it. */
export const newRecoveryKey = (): Buffer => randomBytes(32)

export async function wrapRecoveryKey(
  key: Buffer,
  passphrase: string,
  derive: KeyFromPassphrase,
): Promise<WrappedRecoveryKey> {
  const salt = randomBytes(saltBytes)
  const box = encrypt(await derive(passphrase, salt), key, purpose)
  return { kdf: 'scrypt 2^17/8/1', salt: salt.toString('base64'), box: box.toString('base64') }
}

/** @returns undefined when the passphrase is wrong, or the box was changed */
export async function unwrapRecoveryKey(
  wrapped: WrappedRecoveryKey,
  passphrase: string,
  derive: KeyFromPassphrase,
): Promise<Buffer | undefined> {
  try {
    const by = await derive(passphrase, Buffer.from(wrapped.salt, 'base64'))
    return decrypt(by, Buffer.from(wrapped.box, 'base64'), purpose)
  } catch {
    return undefined
  }
}
