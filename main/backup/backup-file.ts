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
 * everything else encrypted (AES-256-GCM over gzip): the keychain entries, the data keys, the databases. The audit journal is
 * not in it: it only grows, and a restored one would be an older one.
 */
export interface BackupContents {
  readonly ring: RingEntries
  /** The text of `data-keys.json`. */
  readonly dataKeys: string
  readonly database: Buffer
  /** What AI apps are to remember, a database for each workspace. */
  readonly memories: readonly { readonly workspace: string; readonly database: Buffer }[]
}

const header = z.object({ gatehouseBackup: z.literal(1), madeAt: z.number(), wrapped: wrappedKey })
const notes = z.object({
  ring: z.record(z.string(), z.string()),
  dataKeys: z.string(),
  /** Of the databases that follow, in this order; backups from before the memory have none and say nothing. */
  databaseBytes: z.number().int().optional(),
  memories: z
    .array(z.object({ workspace: z.string().regex(/^[a-z0-9-]{1,32}$/), bytes: z.number().int() }))
    .default([]),
})
const purposeOf = (first: string) => `gatehouse backup ${first}`

export async function writeBackup(
  file: string,
  contents: BackupContents,
  recoveryKey: Buffer,
  wrapped: WrappedRecoveryKey,
  now: number,
): Promise<void> {
  const first = JSON.stringify({ gatehouseBackup: 1, madeAt: now, wrapped })
  const { ring, dataKeys, database, memories } = contents
  const sizes = memories.map(({ workspace, database: { length: bytes } }) => ({ workspace, bytes }))
  const text = Buffer.from(JSON.stringify({ ring, dataKeys, databaseBytes: database.length, memories: sizes }))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(text.length)
  const packed = await promisify(gzip)(Buffer.concat([size, text, database, ...memories.map((one) => one.database)]))
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
    const said = notes.parse(JSON.parse(unpacked.toString('utf8', 4, 4 + size)))
    const { ring, dataKeys, databaseBytes } = said
    let from = 4 + size
    const next = (bytes = unpacked.length - from) => {
      from += bytes
      return unpacked.subarray(from - bytes, from)
    }
    const database = next(databaseBytes)
    const memories = said.memories.map(({ workspace, bytes }) => ({ workspace, database: next(bytes) }))
    return { ring, dataKeys, madeAt, database, memories }
  } catch (error) {
    return { problem: `cannot be read (${(error as Error).message.slice(0, 100)})` }
  }
}
