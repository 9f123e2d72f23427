import { stat } from 'node:fs/promises'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import type { Imported, ImportMode, ImportProgress, MemoryFormat, Provenance } from '../../shared/domain/memory.ts'
import { type GatehouseError, inputInvalid, memoryImportCancelled, memoryUnavailable } from '../../shared/errors.ts'
import type { FileToRead, FromReader } from './files/file-reader.ts'
import { outsideArchive } from './outside-archive.ts'
import { errorOf, type MemoryEvent } from './worker-messages.ts'

const mostFileBytes = 256 * 1024 * 1024

export interface FileImport {
  readonly file: string
  readonly format: MemoryFormat
  readonly mode: ImportMode
}
export interface ImportsParts {
  /** `files/file-reader.ts`, or its bundle. */
  readonly script: string
  readonly execArgv?: readonly string[]
  readonly tell: (event: MemoryEvent) => void
  /** Has the memory’s thread write what comes through the port. */
  readonly write: (order: {
    readonly workspace: WorkspaceName
    readonly port: MessagePort
    readonly size: number
    readonly mode: ImportMode
    readonly by: Provenance
  }) => Promise<Imported>
}

/**
 * Files on their way into memories. One thread reads, the memory’s own writes; here is only who waits, and who may cancel. A
 * file comes in as a whole or not at all.
 */
export class Imports {
  readonly #running = new Map<AbortController, WorkspaceName>()

  constructor(private readonly parts: ImportsParts) {}

  /**
   * What a file says of its own labels is kept; those of `by` come to them.
   * @param gone whoever asked for it is gone, so it is cancelled
   * @throws memory.bad-file, memory.limit, memory.import-cancelled, input.invalid
   */
  async import(workspace: WorkspaceName, what: FileImport, by: Provenance, gone?: AbortSignal): Promise<Imported> {
    const cancel = new AbortController()
    this.#running.set(cancel, workspace)
    const tell = (progress: ImportProgress) => this.parts.tell({ kind: 'importing', workspace, ...progress })
    const signal = gone ? AbortSignal.any([gone, cancel.signal]) : cancel.signal
    try {
      await checkFile(what.file)
      return await this.#import(workspace, what, by, signal, tell)
    } finally {
      this.#running.delete(cancel)
      this.parts.tell({ kind: 'importing', workspace, phase: 'ended', done: 0, total: 0 })
    }
  }

  /** @returns whether there was one that could still be cancelled */
  cancel(workspace: WorkspaceName): boolean {
    const due = [...this.#running].filter(([, whose]) => whose === workspace)
    for (const [running] of due) running.abort()
    return due.length > 0
  }

  stop(): void {
    for (const running of this.#running.keys()) running.abort()
  }

  async #import(
    workspace: WorkspaceName,
    { file, format, mode }: FileImport,
    by: Provenance,
    signal: AbortSignal,
    tell: (progress: ImportProgress) => void,
  ): Promise<Imported> {
    if (signal.aborted) throw memoryImportCancelled()
    const { port1: port, port2: readersPort } = new MessageChannel()
    const { script, execArgv } = this.parts
    const reader = new Worker(outsideArchive(script), {
      workerData: { file, format, port: readersPort } satisfies FileToRead,
      transferList: [readersPort],
      ...(execArgv ? { execArgv: [...execArgv] } : {}),
    })
    const end = () => void reader.terminate()
    signal.addEventListener('abort', end)
    try {
      const size = await sizeRead(reader, tell)
      return await this.parts.write({ workspace, port, size, mode, by })
    } catch (error) {
      throw signal.aborted ? memoryImportCancelled() : error
    } finally {
      signal.removeEventListener('abort', end)
      end()
    }
  }
}

/** @throws input.invalid */
async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw inputInvalid(`There is no file “${file}”.`)
  if (found.size > mostFileBytes) throw inputInvalid(`The file is larger than ${mostFileBytes / 1024 ** 2} MB.`)
}

/** @returns how much it is, when all of it is read and nothing is wrong with it */
function sizeRead(reader: Worker, tell: (progress: ImportProgress) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    reader.on('message', (message: FromReader) => {
      if ('progress' in message) tell(message.progress)
      else if ('size' in message) resolve(message.size)
      else reject(errorOf(message.failure))
    })
    reader.on('error', (error) => reject(readerFailed(error)))
    reader.on('exit', () => reject(memoryImportCancelled()))
  })
}

const readerFailed = (error: Error & { readonly code?: unknown }): GatehouseError =>
  error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? inputInvalid('The file is too large to be read with the memory there is. Import it in parts.')
    : memoryUnavailable(error.message, error)
