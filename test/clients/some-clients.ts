import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClientStore } from '../../main/clients/client-store.ts'
import { Clients, type SecretPlace, type ShownClient } from '../../main/clients/clients.ts'
import { KeyProgramStore } from '../../main/clients/key-program-store.ts'
import { SessionStore } from '../../main/sessions/session-store.ts'
import { Sessions } from '../../main/sessions/sessions.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { ClientId, EpochMs } from '../../shared/domain/ids.ts'

/** A keychain: outlives the app, out of reach of whoever edits the database. */
export function aKeychain(): SecretPlace & { readonly kept: Map<string, Buffer> } {
  const kept = new Map<string, Buffer>()
  return {
    kept,
    get: async (name) => kept.get(name),
    set: async (name, value) => void kept.set(name, value),
    delete: async (name) => kept.delete(name),
  }
}

const key = randomBytes(32)

interface Kept {
  readonly db: Database
  readonly keychain: ReturnType<typeof aKeychain>
  readonly folder: string
  readonly time: { now: number }
}

/** Clients and sessions on a real database and folder. */
export async function someClients(
  kept: Kept = {
    db: openDatabase(':memory:'),
    keychain: aKeychain(),
    folder: join(mkdtempSync(join(tmpdir(), 'gatehouse-clients-')), 'clients'),
    time: { now: 1_000_000_000_000 },
  },
) {
  const { db, keychain, folder, time } = kept
  const revoked: ClientId[] = []
  const changed: ShownClient[] = []
  const tampered: string[] = []
  const replaced: string[] = []
  const now = () => time.now as EpochMs
  const sessions = new Sessions({
    store: new SessionStore(db, rowSeal(key)),
    onChange: () => {},
    onEnded: () => {},
    now,
    sweepMs: 0,
  })
  const clients = new Clients({
    store: new ClientStore(db, rowSeal(key), (id) => tampered.push(id)),
    secrets: keychain,
    folder,
    sessions,
    onRevoked: (id) => {
      revoked.push(id)
      sessions.endClient(id)
    },
    onSuspended: (id) => sessions.endClient(id),
    onKeyIssued: (id) => new KeyProgramStore(db, rowSeal(key), (token) => tampered.push(token)).expectFirst(id),
    onKeyReplaced: (_, id) => replaced.push(id),
    onChanged: (client) => changed.push(client),
    bridgeCommand: '/home/me/.config/gatehouse/bin/gatehouse-bridge',
    now,
  })
  sessions.start()
  await clients.start()
  return {
    clients,
    sessions,
    ...kept,
    revoked,
    changed,
    tampered,
    replaced,
    seal: rowSeal(key),
    restarted: () => {
      sessions.stop()
      return someClients(kept)
    },
  }
}
