import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Audit, type AuditOptions, openAudit } from '../../main/audit/audit.ts'
import type { ReceivedCall } from '../../main/audit/call-entry.ts'
import { newTrail } from '../../main/audit/call-trail.ts'
import { DataKeys } from '../../main/store/data-keys.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import type { Reply, TrailFacts } from '../../shared/domain/call.ts'
import { type ClientId, type EpochMs, newId } from '../../shared/domain/ids.ts'

/** A log in a folder of its own, with a keychain in memory. */
export interface AuditFixture {
  readonly home: string
  readonly folder: string
  readonly anchors: Map<string, Buffer>
  open(options?: Partial<AuditOptions>): Promise<Audit>
  database(): Database
  remove(): void
}

export function anAuditFolder(): AuditFixture {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-audit-'))
  const folder = join(home, 'audit')
  const anchors = new Map<string, Buffer>()
  const wrapping = randomBytes(32)
  const signing = generateKeyPairSync('ed25519').privateKey
  const databases: Database[] = []
  const database = () => {
    const db = openDatabase(join(home, 'gatehouse.db'))
    databases.push(db)
    return db
  }
  return {
    home,
    folder,
    anchors,
    database,
    open: async (options = {}) => {
      const cipher = await DataKeys.open(join(home, 'data-keys.json'), wrapping)
      const ring = {
        get: async (name: string) => anchors.get(name),
        set: async (name: string, value: Buffer) => void anchors.set(name, value),
      }
      return openAudit({ folder, db: database(), keys: { cipher, signing, anchors: ring }, ...options })
    },
    remove: () => {
      for (const db of databases) db.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export const answer: Reply = { kind: 'result', result: { content: [{ type: 'text', text: 'done' }] } }

/** A call as a door hands it in, and what the stages would note of it. */
export function aCall(facts: TrailFacts = {}, overrides: Partial<ReceivedCall> = {}): ReceivedCall {
  const trail = newTrail()
  const call: ReceivedCall = {
    callId: newId('call'),
    receivedAt: Date.now() as EpochMs,
    startedMs: performance.now(),
    door: 'bridge',
    credential: { clientId: 'cl_editor' as ClientId, sessionId: newId('session') },
    method: 'tools/call',
    target: 'filesystem__write_file',
    arguments: { path: 'notes.md' },
    trail,
    ...overrides,
  }
  if (Object.keys(facts).length > 0) trail.note(facts)
  return call
}
