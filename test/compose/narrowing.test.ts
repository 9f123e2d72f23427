import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CellStore } from '../../main/cells/cell-store.ts'
import { ClientStore } from '../../main/clients/client-store.ts'
import { TokenFamilyStore } from '../../main/clients/token-family-store.ts'
import { NarrowingTables } from '../../main/compose/narrowing.ts'
import { FilterSettingsStore, strictest } from '../../main/filters/filter-settings-store.ts'
import { OwnWordStore } from '../../main/filters/own-word-store.ts'
import { QuotaStore } from '../../main/limits/quotas/quota-store.ts'
import { GrantStore } from '../../main/permissions/grant-store.ts'
import { DataKeys } from '../../main/store/data-keys.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { SealedTables } from '../../main/store/sealed-tables.ts'
import { SettingsStore } from '../../main/store/settings-store.ts'
import type { ClientId, EpochMs, ServerName, WorkspaceName } from '../../shared/domain/ids.ts'

let folder: string
let db: Database
let cipher: DataKeys
let tables: SealedTables
const key = randomBytes(32)
const seal = rowSeal(key)
const anchors = new Map<string, Buffer>()
const file = () => join(folder, 'gatehouse.db')

const opened = () => {
  const narrowing = new NarrowingTables(db, seal, cipher, new SettingsStore(db, seal))
  const ring = {
    get: async (name: string) => anchors.get(name),
    set: async (name: string, value: Buffer) => void anchors.set(name, value),
  }
  return SealedTables.open({ db, key, file: file(), anchors: ring, edited: narrowing.edited })
}

async function restart(): Promise<void> {
  await tables.stop()
  db.close()
  db = openDatabase(file())
  tables = await opened()
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-narrowing-'))
  db = openDatabase(file())
  anchors.clear()
  cipher = await DataKeys.open(join(folder, 'keys.json'), randomBytes(32))
  tables = await opened()
  const app = 'cl_1' as ClientId
  const now = Date.now() as EpochMs
  const later = (now + 3_600_000) as EpochMs
  new QuotaStore(db, seal).set({ holder: 'client', name: 'editor', measure: 'calls', per: 'hour', most: 10 })
  new SettingsStore(db, seal).change({ config: { 'limits.callsPerMinute': 5 } })
  new FilterSettingsStore(db, seal).save({ policies: { files: 'strict' }, actions: [] })
  new OwnWordStore(db, seal, cipher).put({
    id: 'w1',
    name: 'project',
    kind: 'word',
    value: 'Bluebird',
    severity: 'warning',
    call: 'block',
    reply: 'redact',
  })
  new ClientStore(db, seal).save({
    id: app,
    name: 'editor',
    workspace: 'default' as WorkspaceName,
    state: 'suspended',
    pairedAt: now,
  })
  new TokenFamilyStore(db, seal).save({
    id: 'f1',
    clientId: app,
    credentialId: 'f1',
    generation: 2,
    state: 'revoked',
    beganAt: now,
    expiresAt: later,
  })
  new CellStore(db, seal).save({ server: 'files' as ServerName, status: 'revoked' } as never, {})
  new GrantStore(db, seal).add({ effect: 'deny', scope: 'rule', client: '*', tool: '*', origin: 'person' }, now)
  await tables.settled()
})
afterEach(async () => {
  await tables.stop()
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const edits: [string, string][] = [
  ['use_quota', 'UPDATE use_quota SET most = 1000000'],
  ['setting', `UPDATE setting SET value = '{}' WHERE key = 'config'`],
  ['filter_settings', `UPDATE filter_settings SET value = '{"policies":{},"actions":[]}'`],
  ['filter_word', `UPDATE filter_word SET content = 'x' || content`],
  ['client', `UPDATE client SET state = 'paired'`],
  ['token_family', `UPDATE token_family SET state = 'live'`],
  ['cell', `UPDATE cell SET record = replace(record, 'revoked', 'active')`],
  ['grants', `UPDATE grants SET tool = 'other__*'`],
]

it.each(edits)(
  'finds an edited row of %s in use and at the next start, until what is left is taken for right',
  async (table, sql) => {
    expect(tables.isSound()).toBe(true)
    const theirs = openDatabase(file())
    theirs.exec(sql)
    theirs.close()
    expect(tables.isSound()).toBe(false)
    expect(tables.faults.map((fault) => fault.table)).toEqual([table])
    await restart()
    expect(tables.faults.map((fault) => fault.table)).toEqual([table])
    new NarrowingTables(db, seal, cipher, new SettingsStore(db, seal)).dropEdited()
    tables.adoptAtStop()
    await restart()
    expect(tables.isSound()).toBe(true)
    if (table === 'filter_settings') expect(new FilterSettingsStore(db, seal).load()).toEqual(strictest)
  },
)
