import { join } from 'node:path'
import { Memory } from '../memory/memory.ts'
import { errorOf, type MemoryEvent } from '../memory/worker-messages.ts'
import type { Foundation } from './foundation.ts'

/** The memory of all workspaces, and what the person hears of it. */
export function buildMemory(base: Foundation, distDir: string): Memory {
  return new Memory({
    folder: base.paths.memory,
    script: join(distDir, 'memory-worker.js'),
    onEvent: (event) => tell(base, event),
  })
}

function tell({ events, log, notice }: Foundation, event: MemoryEvent): void {
  const { workspace } = event
  if (event.kind === 'written') events.emit('memory.changed', { workspace, write: event.write })
  else if (event.kind === 'embedding') events.emit('memory.embedding', { ...event })
  else if (event.kind === 'embedder-problem')
    log.warn({ workspace, err: errorOf(event.problem) }, 'vectors could not be made')
  else if (event.kind === 'set-aside')
    notice(
      'problem',
      `The memory of the workspace “${workspace}” was damaged (${event.problem}) and was moved to ${event.file}. It began with an empty one.`,
    )
  else
    notice(
      event.faults.every(({ repaired }) => repaired) ? 'info' : 'problem',
      `The memory of the workspace “${workspace}” was checked: ${event.faults.map(faultText).join('; ')}.`,
    )
}

export const faultText = ({ problem, repaired }: { readonly problem: string; readonly repaired: boolean }): string =>
  repaired ? `${problem} (put right)` : problem
