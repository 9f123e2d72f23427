import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type AskedCall, sha256 } from '../../main/approvals/approval.ts'
import { ApprovalStore } from '../../main/approvals/approval-store.ts'
import { Approvals, type ApprovalsParts, type DecisionNote, type ToRemember } from '../../main/approvals/approvals.ts'
import type { Clock } from '../../main/approvals/clock.ts'
import { filePreview } from '../../main/approvals/file-preview.ts'
import type { ReleaseAnchor } from '../../main/approvals/late-answers.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { Question } from '../../shared/contract/approvals.ts'
import type { Client, Session } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import {
  type ApprovalId,
  type ClientId,
  defaultWorkspace,
  type EntryName,
  type EpochMs,
  newId,
  type ServerName,
  type SessionId,
} from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { Verdict } from '../../shared/domain/verdict.ts'

/** Time that moves only when told to; timers fire in order. */
export class FakeClock implements Clock {
  #wall = Date.UTC(2026, 0, 1)
  #mono = 0
  #timers = new Set<{ at: number; act: () => void }>()
  now = () => this.#wall as EpochMs
  monotonicMs = () => this.#mono
  after = (ms: number, act: () => void) => {
    const timer = { at: this.#mono + ms, act }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }
  async pass(ms: number): Promise<void> {
    const end = this.#mono + ms
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#timers.delete(due)
      this.#wall += due.at - this.#mono
      this.#mono = due.at
      due.act()
      await settled()
    }
    this.#wall += end - this.#mono
    this.#mono = end
    await settled()
  }
  setWall(ms: number): void {
    this.#wall = ms
  }
}

/** Lets everything that is already resolved run. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

export const editor: Client = {
  id: 'cl_editor' as ClientId,
  name: 'Editor',
  workspace: defaultWorkspace,
  state: 'paired',
  pairedAt: 0 as EpochMs,
}
export const other: Client = { ...editor, id: 'cl_other' as ClientId, name: 'Other' }

export const aServer = (change: Partial<ServerConfig> = {}): ServerConfig => ({
  name: 'filesystem' as ServerName,
  workspace: defaultWorkspace,
  origin: { kind: 'bundled', bundle: 'filesystem' },
  sandbox: 2,
  allowedPaths: [{ path: '/docs', access: 'write' }],
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: false,
  shared: true,
  enabled: true,
  addedAt: 0 as EpochMs,
  ...change,
})

export const anEntry = (change: Partial<CatalogEntry> = {}): CatalogEntry => ({
  kind: 'tool',
  name: 'filesystem__write_file' as EntryName,
  server: 'filesystem' as ServerName,
  ownName: 'write_file',
  title: 'Write file',
  definition: {},
  pin: sha256('pin 1'),
  ...change,
})

const ask: Verdict = { effect: 'ask', rule: 'writes are asked', reasons: [], action: 'write', risk: 'medium' }

interface CallChange {
  readonly client?: Client
  readonly door?: Session['door']
  readonly session?: string
  readonly server?: ServerConfig
  readonly entry?: CatalogEntry
  readonly verdict?: Partial<Verdict>
  readonly real?: string
  readonly commands?: readonly string[]
}

/** A judged call with a peer that keeps its progress, and a way to cancel it. */
export function aCall(args: JsonObject = { path: 'notes.md', content: 'hi' }, change: CallChange = {}) {
  const client = change.client ?? editor
  const server = change.server ?? aServer()
  const entry = change.entry ?? anEntry()
  const cancel = new AbortController()
  const progress: { progress: number; message?: string }[] = []
  const call: AskedCall = {
    callId: newId('call'),
    client,
    session: {
      id: (change.session ?? 'se_1') as SessionId,
      client: client.id,
      workspace: client.workspace,
      door: change.door ?? 'bridge',
      state: 'active',
    },
    server,
    entry,
    method: 'tools/call',
    target: entry.name,
    arguments: args,
    canonical: canonicalJson(args),
    paths: [
      {
        pointer: '/path',
        given: String(args.path),
        real: change.real ?? `/docs/${String(args.path)}`,
        allowedBy: { path: '/docs', access: 'write' },
      },
    ],
    urls: [],
    commands: change.commands ?? [],
    verdict: { ...ask, ...change.verdict },
    peer: { progress: (step) => progress.push(step) },
    signal: cancel.signal,
  }
  return Object.assign(call, { cancel, sent: progress })
}

const key = randomBytes(32)
export const aCipher = {
  encrypt: (text: string) => {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, iv)
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
  },
  decrypt: (text: string) => {
    const all = Buffer.from(text, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, all.subarray(0, 12))
    decipher.setAuthTag(all.subarray(12, 28))
    return Buffer.concat([decipher.update(all.subarray(28)), decipher.final()]).toString('utf8')
  },
}

/** A keychain entry that outlives the app. */
export function anAnchor(): ReleaseAnchor & { marks: readonly string[] } {
  const anchor = {
    marks: [] as readonly string[],
    load: async () => anchor.marks,
    save: async (marks: readonly string[]) => {
      anchor.marks = marks
    },
  }
  return anchor
}

/** Approvals on a real database; `restarted()` is the app ending and starting again on the same data. */
export function aDesk(change: Partial<ApprovalsParts> = {}, kept: { db?: Database; clock?: FakeClock } = {}) {
  const db = kept.db ?? openDatabase(':memory:')
  const clock = kept.clock ?? new FakeClock()
  const anchor = change.anchor ?? anAnchor()
  const tampered: string[] = []
  const asked: Question[] = []
  const ended: { id: ApprovalId; state: string }[] = []
  const notes: DecisionNote[] = []
  const remembered: ToRemember[] = []
  const now = { server: aServer(), entry: anEntry() }
  const store = new ApprovalStore(db, rowSeal(key), aCipher, (id) => tampered.push(id))
  const approvals = new Approvals({
    store,
    present: () => now,
    preview: filePreview,
    remember: (decision) => void remembered.push(decision),
    onAsked: (question) => asked.push(question),
    onSettled: (outcome) => ended.push(outcome),
    auditNote: (note) => notes.push(note),
    clock,
    ...change,
    anchor,
  })
  return {
    approvals,
    db,
    clock,
    anchor,
    store,
    tampered,
    asked,
    ended,
    notes,
    remembered,
    now,
    /** The question that is open, once it is. */
    question: async (): Promise<Question> => {
      for (let turn = 0; turn < 100; turn++) {
        const first = approvals.pending()[0]
        if (first) return first
        await settled()
      }
      throw new Error('no question was asked')
    },
    allow: (id: ApprovalId, more: object = {}) =>
      approvals.decide({ id, decision: 'allow', scope: 'once', count: 1, ...more }, 'window'),
    deny: (id: ApprovalId, reason?: string) =>
      approvals.decide({ id, decision: 'deny', scope: 'once', count: 1, ...(reason ? { reason } : {}) }, 'window'),
    restarted: async () => {
      approvals.stop()
      const next = aDesk({ ...change, anchor }, { db, clock })
      await next.approvals.start()
      return next
    },
  }
}
