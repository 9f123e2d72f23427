import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { inputInvalid } from '../../shared/errors.ts'
import type { BackupContents } from '../backup/backup-file.ts'
import { ClientStore } from '../clients/client-store.ts'
import { GrantStore } from '../permissions/grant-store.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { rootAnchorName } from '../store/root-anchor.ts'
import type { RowSeal } from '../store/row-seal.ts'
import { SealedTables } from '../store/sealed-tables.ts'
import type { Foundation } from './foundation.ts'
import { distrusted } from './handlers/integrity-handlers.ts'

export interface Restored {
  readonly held: number
  readonly switchedOff: readonly string[]
  /** AI apps whose access was withdrawn since the backup was made, and stays so. */
  readonly revoked: readonly string[]
}

const why = 'It comes from a backup. Look at its settings, then switch it on.'
/** Further than the present database can come before it is replaced, so that it is never taken for the newer one. */
const ahead = 1_000_000

/**
 * Makes a backup’s database ready to take the place of the present one when the app stops: nothing in it allows, no server
 * starts, and what was withdrawn or forbidden since stays so. Kill-safe: until then the present one stands, and the keychain
 * knows of both.
 *
 * @throws input.invalid when it was made by another Gatehouse; store.newer
 */
export async function prepareRestored(base: Foundation, contents: BackupContents): Promise<Restored> {
  const { seal, keys, tables, store, paths } = base
  if (contents.ring['key/rows'] !== keys.rows.toString('base64'))
    throw inputInvalid('This backup was made by a Gatehouse with other keys. Restore it into an empty data folder.')
  const file = join(paths.backups, 'restoring.db')
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  writeFileSync(file, contents.database, { mode: 0o600 })
  const db = openDatabase(file)
  try {
    const { held, switchedOff } = distrusted(db, seal, why)
    const revoked = tables.isSound() ? keepWithdrawn(store.db, db, seal) : []
    await returnSecrets(base, contents, db)
    await tables.expect(await marksOf(db, keys.rows, tables))
    return { held, switchedOff, revoked }
  } finally {
    db.close()
  }
}

/** What the person took away or forbade after the backup was made. */
function keepWithdrawn(present: Database, restored: Database, seal: RowSeal): string[] {
  const ignore = () => {}
  const [now, then] = [new ClientStore(present, seal, ignore), new ClientStore(restored, seal, ignore)]
  const states = new Map(now.all().map(({ id, state }) => [id, state]))
  const keysNow = new Set(now.tokens(Date.now() as EpochMs).map(({ id }) => id))
  for (const token of then.tokens(Date.now() as EpochMs)) if (!keysNow.has(token.id)) then.dropTokens(token.clientId)
  const withdrawn = then.all().filter(({ id, state }) => state !== 'revoked' && states.get(id) !== 'paired')
  for (const client of withdrawn) then.save({ ...client, state: states.get(client.id) ?? 'revoked' })
  const [rulesNow, rulesThen] = [new GrantStore(present, seal), new GrantStore(restored, seal)]
  const known = new Set(rulesThen.all().grants.map(({ id }) => id))
  for (const { id, seq: _seq, createdAt, ...draft } of rulesNow.all().grants)
    if (draft.effect !== 'allow' && !known.has(id)) rulesThen.add(draft, createdAt)
  return withdrawn.map(({ name }) => name)
}

/** Keychain entries that are gone come back, but those of apps that were withdrawn. */
async function returnSecrets({ ring, seal }: Foundation, contents: BackupContents, db: Database): Promise<void> {
  const out = new ClientStore(db, seal, () => {}).all().filter(({ state }) => state === 'revoked')
  const gone = new Set(out.map(({ id }) => `client/${id}`))
  for (const [name, value] of Object.entries(contents.ring))
    if (!gone.has(name) && (await ring.get(name)) === undefined) await ring.set(name, Buffer.from(value, 'base64'))
}

/** How far the keychain will know the restored tables to have come. */
async function marksOf(db: Database, key: Buffer, present: SealedTables) {
  const marks = Object.fromEntries(
    Object.entries(present.marks).map(([name, { version, mark }]) => [name, { version: version + ahead, mark }]),
  )
  let kept = Buffer.from(JSON.stringify(marks))
  const anchors = {
    get: async (name: string) => (name === rootAnchorName ? kept : undefined),
    set: async (_: string, value: Buffer) => {
      kept = Buffer.from(value)
    },
  }
  const tables = await SealedTables.open({ db, key, anchors })
  tables.adoptAtStop()
  await tables.stop()
  return tables.marks
}
