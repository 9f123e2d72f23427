import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import { writeAtomically } from '../store/atomic-file.ts'
import { decrypt, encrypt } from '../store/data-keys.ts'
import { type KeyFromPassphrase, unwrapRecoveryKey, type WrappedRecoveryKey } from './recovery-box.ts'
import { type RingEntries, wrappedKey } from './recovery-file.ts'

/**
 * A backup is one file: a line of JSON that says what it is and carries the recovery key under the passphrase, then
 * everything else encrypted (AES-256-GCM over gzip): the keychain entries, the data keys, the database. The audit journal is
 * not in it: it only grows, and a restored one would be an older one.
 */
export interface BackupContents {
  readonly ring: RingEntries
  /** The text of `data-keys.json`. */
  readonly dataKeys: string
  readonly database: Buffer
}

const header = z.object({ gatehouseBackup: z.literal(1), madeAt: z.number(), wrapped: wrappedKey })
const notes = z.object({ ring: z.record(z.string(), z.string()), dataKeys: z.string() })
const purposeOf = (first: string) => `gatehouse backup ${first}`

export async function writeBackup(
  file: string,
  contents: BackupContents,
  recoveryKey: Buffer,
  wrapped: WrappedRecoveryKey,
  now: number,
): Promise<void> {
  const first = JSON.stringify({ gatehouseBackup: 1, madeAt: now, wrapped })
  const text = Buffer.from(JSON.stringify({ ring: contents.ring, dataKeys: contents.dataKeys }))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(text.length)
  const packed = await promisify(gzip)(Buffer.concat([size, text, contents.database]))
  await writeAtomically(
    file,
    Buffer.concat([Buffer.from(`${first}\n`), encrypt(recoveryKey, packed, purposeOf(first))]),
  )
}

/** @returns the problem, in words that follow “The backup …”, when it cannot be opened */
export async function readBackup(
  file: string,
  passphrase: string,
  derive: KeyFromPassphrase,
): Promise<(BackupContents & { readonly madeAt: number }) | { readonly problem: string }> {
  try {
    const bytes = readFileSync(file)
    const end = bytes.indexOf('\n')
    const first = bytes.toString('utf8', 0, end)
    const { wrapped, madeAt } = header.parse(JSON.parse(first))
    const key = await unwrapRecoveryKey(wrapped, passphrase, derive)
    if (!key) return { problem: 'is not opened by this passphrase' }
    const unpacked = await promisify(gunzip)(decrypt(key, bytes.subarray(end + 1), purposeOf(first)))
    const size = unpacked.readUInt32BE(0)
    const { ring, dataKeys } = notes.parse(JSON.parse(unpacked.toString('utf8', 4, 4 + size)))
    return { ring, dataKeys, madeAt, database: unpacked.subarray(4 + size) }
  } catch (error) {
    return { problem: `cannot be read (${(error as Error).message.slice(0, 100)})` }
  }
}
