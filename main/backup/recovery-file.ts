import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeAtomically } from '../store/atomic-file.ts'
import { decrypt, encrypt } from '../store/data-keys.ts'
import { type KeyFromPassphrase, unwrapRecoveryKey, type WrappedRecoveryKey } from './recovery-box.ts'

export const wrappedKey = z.object({ kdf: z.literal('scrypt 2^17/8/1'), salt: z.string(), box: z.string() })
const recoveryFile = z.object({ version: z.literal(1), wrapped: wrappedKey, keys: z.string() })

/** Names of keychain entries and their values, base64. */
export type RingEntries = Readonly<Record<string, string>>
const purpose = 'gatehouse recovery keys 1'

/** `recovery.json`: this folder’s keys under the recovery key, for the day the keychain is empty. */
export async function writeRecoveryFile(
  file: string,
  wrapped: WrappedRecoveryKey,
  recoveryKey: Buffer,
  keys: RingEntries,
): Promise<void> {
  const box = encrypt(recoveryKey, Buffer.from(JSON.stringify(keys)), purpose).toString('base64')
  await writeAtomically(file, `${JSON.stringify({ version: 1, wrapped, keys: box })}\n`)
}

export function readRecoveryFile(file: string): z.output<typeof recoveryFile> | undefined {
  if (!existsSync(file)) return undefined
  try {
    return recoveryFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** @returns undefined when there is no such file, or the passphrase does not open it */
export async function recoveredKeys(
  file: string,
  passphrase: string,
  derive: KeyFromPassphrase,
): Promise<RingEntries | undefined> {
  const found = readRecoveryFile(file)
  const key = found && (await unwrapRecoveryKey(found.wrapped, passphrase, derive))
  if (!found || !key) return undefined
  return JSON.parse(decrypt(key, Buffer.from(found.keys, 'base64'), purpose).toString()) as RingEntries
}
