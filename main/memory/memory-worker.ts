import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import type { Imported, ImportProgress, Provenance } from '../../shared/domain/memory.ts'
import { openDatabase } from '../store/database.ts'
import { choiceNamed, nameOf, remoteEmbedder } from './embedders/remote.ts'
import { Engine } from './engine.ts'
import { portionsFrom } from './files/portion-port.ts'
import { memoryMigrations } from './memory-schema.ts'
import { type FromWorker, failureOf, type ToWorker, type WorkerSettings } from './worker-messages.ts'
import type { MemoryReads } from './workspace-memory.ts'

/*
 * The thread that owns the memory’s databases: one file a workspace, opened when it is first asked for. What it is told in
 * order it does in order, but for what waits (an embedder that is reached over HTTP, the next slice of long work).
 */
const settings = workerData as WorkerSettings
let { embedder } = settings
const open = new Map<WorkspaceName, Engine>()
const port =
  parentPort ??
  (() => {
    throw new Error('not a thread')
  })()
/** What the memory does by itself. */
const itself: Provenance = { client: 'gatehouse', clientName: 'Gatehouse', labels: [] }
const tell = (message: FromWorker) => port.postMessage(message)
const fileOf = (workspace: WorkspaceName) => join(settings.folder, `${workspace}.db`)

let askedAt = Date.now()
const { idleMs, everyMs } = settings.tidying
setInterval(
  () => {
    if (Date.now() - askedAt < idleMs) return
    for (const engine of open.values())
      if (!engine.importing && Date.now() - engine.consolidatedAt >= everyMs)
        void engine.consolidate(itself).catch(() => {})
  },
  Math.min(idleMs, 60_000),
)

port.on('message', (message: ToWorker) => {
  askedAt = Date.now()
  void answer(message).then(
    (result) => tell({ id: message.id, result }),
    (error) => tell({ id: message.id, failure: failureOf(error) }),
  )
})

async function answer(message: ToWorker): Promise<unknown> {
  if ('method' in message) {
    const engine = opened(message.workspace)
    if (!Object.hasOwn(whileImporting, message.method)) while (engine.importing) await engine.importing
    return (engine[message.method] as (...given: readonly unknown[]) => unknown)(...message.given)
  }
  if ('port' in message) return imported(message)
  if ('copy' in message) return opened(message.copy).copy(`${fileOf(message.copy)}.copy`)
  if ('close' in message) return close(message.close, message.remove)
  if ('embedder' in message) {
    embedder = message.embedder
    for (const engine of open.values()) engine.embedderChosen()
    return undefined
  }
  for (const workspace of [...open.keys()]) await close(workspace, false)
  return undefined
}

/** What only reads; everything else waits for the end of an import. */
const whileImporting: Readonly<Record<Exclude<keyof MemoryReads, 'check'> | 'portion', true>> = {
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
  context: true,
  recallWindow: true,
  portion: true,
}

function imported({ workspace, port, size, mode, by }: Extract<ToWorker, { port: unknown }>): Promise<Imported> {
  const tellOf = (progress: ImportProgress) => tell({ event: { kind: 'importing', workspace, ...progress } })
  return opened(workspace).importFrom(portionsFrom(port, size), { mode, by, tell: tellOf })
}

/** A key is for the address it was given with. */
function keyFor(url: string): string | undefined {
  const { choice, key } = embedder
  return choice.kind !== 'built-in' && choice.url === url ? key : undefined
}

function opened(workspace: WorkspaceName) {
  const known = open.get(workspace)
  if (known) return known
  const file = fileOf(workspace)
  const unclean = existsSync(`${file}-wal`)
  const db = openDatabase(file, memoryMigrations, ({ file: away, problem }) =>
    tell({ event: { kind: 'set-aside', workspace, file: away, problem } }),
  )
  const engine = new Engine({
    db,
    limits: settings.limits,
    now: Date.now,
    onWrite: (write) => tell({ event: { kind: 'written', workspace, write } }),
    remote: (name) => {
      const choice = choiceNamed(name)
      return choice && remoteEmbedder(choice, keyFor(choice.url))
    },
    wanted: () => nameOf(embedder.choice),
    onProgress: (progress) => tell({ event: { kind: 'embedding', workspace, ...progress } }),
    onEmbedderProblem: (error) => tell({ event: { kind: 'embedder-problem', workspace, problem: failureOf(error) } }),
  })
  const faults = unclean ? engine.check() : []
  if (faults.length > 0) tell({ event: { kind: 'faults', workspace, faults } })
  open.set(workspace, engine)
  return engine
}

async function close(workspace: WorkspaceName, remove: boolean): Promise<void> {
  const engine = open.get(workspace)
  open.delete(workspace)
  await engine?.close()
  if (remove) for (const end of ['', '-wal', '-shm']) rmSync(fileOf(workspace) + end, { force: true })
}
