import { setImmediate as nextTurn } from 'node:timers/promises'
import type { GraphDocument, Imported, ImportMode, ImportProgress, Provenance } from '../../shared/domain/memory.ts'
import { memoryImportCancelled } from '../../shared/errors.ts'
import { openBeside } from '../store/database.ts'
import { Graph, type GraphParts, type LongWrite } from './graph.ts'
import { Transfer } from './transfer.ts'

/** Something to import, portion by portion: first the concepts, then the relations. */
export interface DocumentSource {
  readonly size: number
  /** @returns undefined when there is no more; rejects when there is, and it cannot be had */
  next(): Promise<GraphDocument | undefined>
  /** What is waited for rejects. */
  close(): void
}
export interface ImportOrder {
  readonly mode: ImportMode
  readonly by: Provenance
  readonly tell: (progress: ImportProgress) => void
}

const clearedAtOnce = 200
const toldEveryMs = 100

/**
 * Everything of a document as one write that can be undone, or nothing. `merge` adds to what is known; `replace` takes that away
 * first. Labels of the document stay; what the import’s own session had read comes to them.
 *
 * One transaction on a connection of its own, a slice at a time: questions get in between and see what was there before. Killed
 * in the middle, it never was.
 *
 * @throws memory.limit, memory.import-cancelled, what the source throws
 */
export async function importDocument(
  parts: GraphParts,
  source: DocumentSource,
  order: ImportOrder,
  signal: AbortSignal,
): Promise<Imported> {
  const graph = new Graph({ ...parts, db: openBeside(parts.db), remote: () => undefined, beside: true })
  const closed = () => source.close()
  signal.addEventListener('abort', closed)
  try {
    const write = graph.long('import', order.by)
    try {
      const done = await written(graph, write, source, order, signal)
      const id = write.keep()
      return { ...done, ...(id === undefined ? {} : { write: id }) }
    } catch (error) {
      write.drop()
      throw error
    }
  } finally {
    signal.removeEventListener('abort', closed)
    source.close()
    graph.db.close()
  }
}

async function written(
  graph: Graph,
  write: LongWrite,
  source: DocumentSource,
  { mode, tell }: ImportOrder,
  signal: AbortSignal,
): Promise<Omit<Imported, 'write'>> {
  const transfer = new Transfer(graph)
  const done = { concepts: 0, relations: 0, merged: 0 }
  let [at, toldAt, left] = [0, Number.NEGATIVE_INFINITY, mode === 'replace']
  const turn = async () => {
    if (performance.now() - toldAt >= toldEveryMs) {
      toldAt = performance.now()
      tell({ phase: 'writing', done: at, total: source.size })
    }
    await nextTurn()
    if (signal.aborted) throw memoryImportCancelled()
  }
  while (left) {
    write.slice((slice) => {
      left = transfer.clearSome(slice, clearedAtOnce)
    })
    await turn()
  }
  for (let part = await source.next(); part !== undefined; part = await source.next()) {
    const portion = part
    write.slice((slice) => {
      const more = transfer.take(portion, slice)
      done.concepts += more.concepts
      done.relations += more.relations
      done.merged += more.merged
    })
    at += portion.concepts.length + portion.relations.length
    await turn()
  }
  return done
}
