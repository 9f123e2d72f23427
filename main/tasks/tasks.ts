/**
 * Calls that AI apps follow as tasks: durable records, who may see them, how many and how long they are kept. One is on
 * disk before its client hears of it, and gone when its time is over.
 *
 * It refuses to show a task to any client but its own, to keep more than a client may, and to run anything: the gateway
 * does, through the kernel.
 */
import { type ClientId, type EpochMs, newId } from '../../shared/domain/ids.ts'
import { isOver, type TaskContent, type TaskError, type TaskRecord } from './task.ts'
import type { TaskStore } from './task-store.ts'

export interface TaskLimits {
  /** Milliseconds from its beginning after which a task is forgotten, ended or not. */
  readonly keptMs: number
  /** Tasks of one client that are not over. */
  readonly openPerClient: number
  /** Tasks of one client in all. */
  readonly keptPerClient: number
  /** Bytes on disk for one client, arguments and results together. */
  readonly bytesPerClient: number
}

const defaults: TaskLimits = {
  keptMs: 24 * 3600_000,
  openPerClient: 32,
  keptPerClient: 1_000,
  bytesPerClient: 256 * 1024 * 1024,
}

export interface TasksParts {
  readonly store: TaskStore
  readonly onChange: (task: TaskRecord) => void
  readonly now?: () => EpochMs
  readonly limits?: Partial<TaskLimits>
}

export type NewTask = Pick<TaskRecord, 'clientId' | 'client' | 'entry' | 'state' | 'phase' | 'content'> & {
  /** Milliseconds the client wants it to be kept; never longer than the limit. */
  readonly ttlMs?: number
}

export type Ending =
  | {
      readonly state: 'completed'
      readonly result: NonNullable<TaskContent['result']>
      readonly statusMessage?: string
    }
  | { readonly state: 'failed'; readonly error: TaskError; readonly statusMessage?: string }
  | { readonly state: 'cancelled'; readonly statusMessage?: string }

const sweepMs = 60_000
const shortestMs = 1_000

export class Tasks {
  readonly #open = new Map<string, TaskRecord>()
  readonly #now: () => EpochMs
  readonly #limits: TaskLimits
  readonly #listeners = new Set<(task: TaskRecord) => void>()
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly parts: TasksParts) {
    this.#now = parts.now ?? (() => Date.now() as EpochMs)
    this.#limits = { ...defaults, ...parts.limits }
  }

  /** @returns the tasks that were not over when the app ended, oldest first */
  start(): readonly TaskRecord[] {
    this.sweep()
    this.#timer = setInterval(() => this.sweep(), sweepMs).unref()
    const found = this.parts.store.open()
    for (const record of found) this.#open.set(record.id, record)
    return found
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#listeners.clear()
  }

  /** Told whenever a task was written. @returns the way to stop */
  onChanged(listener: (task: TaskRecord) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get keptMs(): number {
    return this.#limits.keptMs
  }

  /** Whether this client may have one more. */
  hasRoom(client: ClientId): boolean {
    const open = [...this.#open.values()].filter(({ clientId }) => clientId === client).length
    const kept = this.parts.store.kept(client)
    const { openPerClient, keptPerClient, bytesPerClient } = this.#limits
    return open < openPerClient && kept.count < keptPerClient && kept.bytes < bytesPerClient
  }

  /** On disk when it returns. @throws what the database throws */
  create({ ttlMs, ...facts }: NewTask): TaskRecord {
    const now = this.#now()
    const keptMs = Math.min(Math.max(Math.trunc(ttlMs ?? this.#limits.keptMs), shortestMs), this.#limits.keptMs)
    const times = { createdAt: now, updatedAt: now, expiresAt: (now + keptMs) as EpochMs }
    return this.#keep({ ...facts, id: newId('task'), ...times })
  }

  /** Writes down what changed; an ended task stays as it ended. */
  change(id: string, facts: Partial<Pick<TaskRecord, 'state' | 'phase'>>, content: Partial<TaskContent> = {}): void {
    const record = this.#open.get(id)
    if (record) this.#keep({ ...record, ...facts, updatedAt: this.#now(), content: { ...record.content, ...content } })
  }

  /** The first ending stands. What the call was made from is forgotten with it. @returns false when it was over already */
  finish(id: string, { state, statusMessage, ...answer }: Ending): boolean {
    const record = this.#open.get(id)
    if (!record) return false
    const { sessionId, door } = record.content
    const content = { sessionId, door, ...answer, ...(statusMessage === undefined ? {} : { statusMessage }) }
    this.#keep({ ...record, state, phase: 'over', updatedAt: this.#now(), content })
    return true
  }

  /** A client's own task; undefined for every other, and for one whose time is over. */
  of(client: ClientId, id: string): TaskRecord | undefined {
    const record = this.find(id)
    return record?.clientId === client ? record : undefined
  }

  /** For the person. */
  find(id: string): TaskRecord | undefined {
    const record = this.#open.get(id) ?? this.parts.store.get(id)
    return record && record.expiresAt > this.#now() ? record : undefined
  }

  /** Newest first. */
  listOf = (client: ClientId): TaskRecord[] =>
    this.parts.store.ofClient(client, this.#limits.keptPerClient).filter(({ expiresAt }) => expiresAt > this.#now())
  list = (limit: number): TaskRecord[] =>
    this.parts.store.latest(limit).filter(({ expiresAt }) => expiresAt > this.#now())

  page = (after: number, limit: number) => this.parts.store.page(after, limit)

  /** What an ended task was asked and what it answered goes; whoever asks for it reads `said`. @returns false while it runs */
  blank(record: TaskRecord, said: string): boolean {
    if (!isOver(record) || this.#open.has(record.id)) return false
    const { sessionId, door } = record.content
    const result = { content: [{ type: 'text', text: said }], isError: true }
    const answer = record.state === 'completed' ? { result } : { statusMessage: said }
    this.parts.store.save({ ...record, content: { sessionId, door, ...answer } })
    return true
  }

  /** Forgets what is past its time. */
  sweep(): void {
    const now = this.#now()
    for (const [id, { expiresAt }] of this.#open) if (expiresAt <= now) this.#open.delete(id)
    this.parts.store.forget(now)
  }

  #keep(record: TaskRecord): TaskRecord {
    this.parts.store.save(record)
    if (isOver(record)) this.#open.delete(record.id)
    else this.#open.set(record.id, record)
    this.parts.onChange(record)
    for (const tell of [...this.#listeners]) tell(record)
    return record
  }
}
