import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Provenance, WriteId } from '../../shared/domain/memory.ts'
import { appStopping } from '../../shared/errors.ts'
import { openBeside } from '../store/database.ts'
import { Graph, type GraphParts } from './graph.ts'
import { History } from './history.ts'

/**
 * Takes a large write back on a connection of its own, a slice at a time: questions get in between and see what was there
 * before. Stopped in the middle, it never was.
 *
 * @throws memory.no-write, memory.undone, memory.changed-since, app.stopping
 */
export async function undoBeside(
  parts: GraphParts,
  write: WriteId,
  by: Provenance,
  signal: AbortSignal,
): Promise<WriteId> {
  const graph = new Graph({ ...parts, db: openBeside(parts.db), remote: () => undefined, beside: true })
  try {
    return await new History(graph).undoInSlices(write, by, async () => {
      await nextTurn()
      if (signal.aborted) throw appStopping()
    })
  } finally {
    graph.db.close()
  }
}
