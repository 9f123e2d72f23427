import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type MessagePort, Worker } from 'node:worker_threads'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import { type MemoryLimits, memoryLimits } from '../../shared/domain/memory.ts'
import { appStopping, memoryUnavailable } from '../../shared/errors.ts'
import { Imports } from './imports.ts'
import { outsideArchive } from './outside-archive.ts'
import {
  type EmbedderSettings,
  type EngineMethod,
  errorOf,
  type FromWorker,
  type MemoryEvent,
  type Tidying,
  type ToWorker,
  type WorkerSettings,
} from './worker-messages.ts'
import type { WorkspaceMemory } from './workspace-memory.ts'

export interface MemoryParts {
  /** Made when it is missing, private to the user. */
  readonly folder: string
  /** `memory-worker.ts`, or its bundle. */
  readonly script: string
  /** `files/file-reader.ts`, or its bundle. */
  readonly readerScript: string
  /** What Node needs to run them; for scripts in TypeScript. */
  readonly execArgv?: readonly string[]
  readonly limits?: MemoryLimits
  /** The built-in one unless told. */
  readonly embedder?: EmbedderSettings
  /** After five minutes without a question, once a day, unless told. */
  readonly tidying?: Tidying
  readonly onEvent: (event: MemoryEvent) => void
}

const usualTidying: Tidying = { idleMs: 5 * 60_000, everyMs: 24 * 3600_000 }

interface Waiting {
  readonly done: (result: never) => void
  readonly failed: (error: Error) => void
}

const methodNames: Readonly<Record<EngineMethod, true>> = {
  readGraph: true,
  searchNodes: true,
  openNodes: true,
  labelled: true,
  concept: true,
  recall: true,
  subgraph: true,
  history: true,
  overview: true,
  list: true,
  facets: true,
  picture: true,
  check: true,
  createEntities: true,
  createRelations: true,
  addObservations: true,
  deleteEntities: true,
  deleteObservations: true,
  deleteRelations: true,
  addConcept: true,
  updateConcept: true,
  relateConcepts: true,
  reinforce: true,
  forget: true,
  merge: true,
  unrelate: true,
  undo: true,
  erase: true,
  portion: true,
  learn: true,
  consolidate: true,
  embedded: true,
  cancelEmbedding: true,
  context: true,
  recallWindow: true,
  setContext: true,
  clearContext: true,
  mentions: true,
  eraseMentions: true,
  rectifyMentions: true,
}
const methods = Object.keys(methodNames) as EngineMethod[]

/**
 * What AI apps are to remember, a graph for each workspace. The databases belong to a thread, which starts with the first
 * question; here are only messages. What this folder refuses to do: decide who may ask (the kernel did), reach from one
 * workspace into another, or forget where something came from.
 */
export class Memory {
  #worker: Worker | undefined
  #last = 0
  #stopped = false
  readonly #waiting = new Map<number, Waiting>()
  readonly #workspaces = new Map<WorkspaceName, WorkspaceMemory>()

  readonly #imports: Imports
  #embedder: EmbedderSettings

  constructor(private readonly parts: MemoryParts) {
    this.#embedder = parts.embedder ?? { choice: { kind: 'built-in' } }
    this.#imports = new Imports({
      script: parts.readerScript,
      ...(parts.execArgv ? { execArgv: parts.execArgv } : {}),
      tell: parts.onEvent,
      write: (order) => this.#ask((id) => ({ id, ...order }), [order.port]),
    })
  }

  /** @throws (from its methods) memory.unavailable when the thread or the file cannot be had, app.stopping */
  in(workspace: WorkspaceName): WorkspaceMemory {
    const known = this.#workspaces.get(workspace)
    if (known) return known
    const made = Object.fromEntries(
      methods.map((method) => [
        method,
        (...given: readonly unknown[]) => this.#ask((id) => ({ id, workspace, method, given })),
      ]),
    ) as unknown as WorkspaceMemory
    this.#workspaces.set(workspace, made)
    return made
  }

  /** Off this thread; questions are answered meanwhile, other writes wait. @throws as `Imports.import`, and as `in` */
  importFile: Imports['import'] = (...given) => this.#imports.import(...given)
  cancelImport = (workspace: WorkspaceName): boolean => this.#imports.cancel(workspace)

  /** Vectors are made anew in the background; recall uses the old ones until all are there. */
  async chooseEmbedder(embedder: EmbedderSettings): Promise<void> {
    this.#embedder = embedder
    if (this.#worker) await this.#ask((id) => ({ id, embedder }))
  }

  /** Those that something was ever kept for. */
  workspaces(): WorkspaceName[] {
    if (!existsSync(this.parts.folder)) return []
    const files = readdirSync(this.parts.folder).filter((name) => name.endsWith('.db'))
    return files.map((name) => name.slice(0, -'.db'.length) as WorkspaceName)
  }

  fileOf = (workspace: WorkspaceName): string => join(this.parts.folder, `${workspace}.db`)

  /** The workspace’s database as bytes, without the vectors, which are made again where it is opened. */
  copyOf = async (workspace: WorkspaceName): Promise<Buffer> =>
    Buffer.from(await this.#ask<Uint8Array>((id) => ({ id, copy: workspace })))

  /** Everything of a workspace, from the disk. */
  async remove(workspace: WorkspaceName): Promise<void> {
    if (existsSync(this.fileOf(workspace))) await this.#ask((id) => ({ id, close: workspace, remove: true }))
  }

  async stop(): Promise<void> {
    this.#imports.stop()
    if (this.#worker) await this.#ask((id) => ({ id, stop: true }))
    this.#stopped = true
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
    this.#fail(appStopping())
  }

  #ask<T>(message: (id: number) => ToWorker, transfer: readonly MessagePort[] = []): Promise<T> {
    return new Promise<T>((done, failed) => {
      if (this.#stopped) throw appStopping()
      const worker = this.#started()
      const id = ++this.#last
      this.#waiting.set(id, { done: done as Waiting['done'], failed })
      try {
        worker.postMessage(message(id), transfer)
      } catch (error) {
        this.#waiting.delete(id)
        throw error
      }
    })
  }

  #started(): Worker {
    if (this.#worker) return this.#worker
    const { folder, script, execArgv, limits = memoryLimits, tidying = usualTidying } = this.parts
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const worker = new Worker(outsideArchive(script), {
      workerData: { folder, limits, embedder: this.#embedder, tidying } satisfies WorkerSettings,
      ...(execArgv ? { execArgv: [...execArgv] } : {}),
    })
    worker.on('message', (message: FromWorker) => this.#heard(message))
    worker.on('error', (error) => this.#ended(worker, error.message))
    worker.on('exit', (code) => this.#ended(worker, `its thread ended with ${code}`))
    this.#worker = worker
    return worker
  }

  #heard(message: FromWorker): void {
    if ('event' in message) {
      this.parts.onEvent(message.event)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if ('failure' in message) waiting?.failed(errorOf(message.failure))
    else waiting?.done(message.result as never)
  }

  /** The next question starts another. */
  #ended(worker: Worker, problem: string): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#fail(memoryUnavailable(problem))
  }

  #fail(error: Error): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { failed } of waiting) failed(error)
  }
}
