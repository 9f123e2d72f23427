import { Catalog } from '../../main/catalog/catalog.ts'
import { PinStore } from '../../main/catalog/pin-store.ts'
import { ViewStore } from '../../main/catalog/view-store.ts'
import { Views } from '../../main/catalog/views.ts'
import { pathsIn } from '../../main/config/paths.ts'
import { masterKeys } from '../../main/credentials/master-keys.ts'
import { vaultRing } from '../../main/credentials/vault-ring.ts'
import type { Database } from '../../main/store/database.ts'
import { type RowSeal, rowSeal } from '../../main/store/row-seal.ts'
import { SealedTables } from '../../main/store/sealed-tables.ts'
import { openStore } from '../../main/store/store.ts'
import { ServerStore } from '../../main/supervisor/server-store.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { type CorpusServer, corpus } from '../catalog/tool-corpus.ts'
import type { GatehouseUnderTest } from './gatehouse-under-test.ts'

const configOf = (name: string): ServerConfig => ({
  name: name as ServerName,
  workspace: defaultWorkspace,
  origin: { kind: 'command', command: process.execPath, args: ['-e', 'process.exit(1)'] },
  sandbox: 2,
  allowedPaths: [],
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: false,
  shared: false,
  enabled: true,
  addedAt: Date.now() as EpochMs,
})

/** In the order given: the catalog's own must not depend on it. */
export function fill(db: Database, seal: RowSeal, servers: readonly CorpusServer[]): Catalog {
  const store = new ServerStore(db, seal)
  const catalog = new Catalog(new PinStore(db, seal), store, new Views(new ViewStore(db, seal)))
  for (const { name, tools } of servers) {
    store.add(configOf(name))
    const entries = tools.map((definition) => ({ kind: 'tool' as const, definition }))
    catalog.offer(name as ServerName, { entries }, true)
  }
  return catalog
}

/** A hundred servers with 1 500 tools, written by the app's own stores while it is stopped. */
export async function seed(gatehouse: GatehouseUnderTest): Promise<void> {
  const paths = pathsIn(gatehouse.home)
  const store = openStore(paths)
  const ring = await vaultRing(paths.vault, gatehouse.environment.GATEHOUSE_VAULT_PASSPHRASE)
  const { rows } = await masterKeys(ring, false)
  const tables = await SealedTables.open({ db: store.db, key: rows, file: paths.database, anchors: ring })
  fill(store.db, rowSeal(rows), corpus)
  await tables.stop()
  store.close()
}
