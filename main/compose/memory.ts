import { join } from 'node:path'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { EmbedderChoice } from '../../shared/domain/memory.ts'
import { Memory } from '../memory/memory.ts'
import { type EmbedderSettings, errorOf, type MemoryEvent } from '../memory/worker-messages.ts'
import type { Foundation } from './foundation.ts'

/** The memory of all workspaces, and what the person hears of it. */
export function buildMemory(base: Foundation, distDir: string): Memory {
  return new Memory({
    embedder: embedderOf(base),
    folder: base.paths.memory,
    script: join(distDir, 'memory-worker.js'),
    readerScript: join(distDir, 'memory-file-reader.js'),
    onEvent: (event) => tell(base, event),
  })
}

/** Kept among the secrets, under this name. */
const [keyOwner, keyName] = ['gatehouse' as ServerName, 'MEMORY_EMBEDDER_KEY']

export function embedderOf({ settings, credentials }: Foundation): EmbedderSettings {
  const key = credentials.kept(keyOwner, keyName)
  return { choice: settings.current.memoryEmbedder, ...(key === undefined ? {} : { key }) }
}

/** A key belongs to the address it was given with: another address without one has none. */
export async function changeEmbedder(
  base: Foundation,
  memory: Memory,
  choice: EmbedderChoice,
  key: string | undefined,
): Promise<void> {
  const before = base.settings.current.memoryEmbedder
  const sameAddress = choice.kind !== 'built-in' && before.kind !== 'built-in' && before.url === choice.url
  if (key !== undefined) await base.credentials.set(keyOwner, keyName, key)
  else if (!sameAddress) await base.credentials.remove(keyOwner, keyName)
  base.settings.change({ memoryEmbedder: choice })
  await memory.chooseEmbedder(embedderOf(base))
}

/** Off unless the person allowed it. */
export const mayLearnFrom = ({ settings }: Foundation, client: string): boolean =>
  settings.current.memoryLearning.includes(client)

function tell({ events, log, notice }: Foundation, event: MemoryEvent): void {
  const { workspace } = event
  if (event.kind === 'written') events.emit('memory.changed', { workspace, write: event.write })
  else if (event.kind === 'embedding') events.emit('memory.embedding', { ...event })
  else if (event.kind === 'importing') events.emit('memory.importing', { ...event })
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
