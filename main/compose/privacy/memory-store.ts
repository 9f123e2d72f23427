import type { WorkspaceName } from '../../../shared/domain/ids.ts'
import type { Json } from '../../../shared/domain/json.ts'
import type { Provenance } from '../../../shared/domain/memory.ts'
import type { SubjectWords } from '../../../shared/domain/subject.ts'
import type { Memory } from '../../memory/memory.ts'
import type { FoundItem, PersonalStore } from '../../privacy/personal-store.ts'

/** Who corrects on behalf of the person whose data it is. */
const corrector: Provenance = { client: 'window', clientName: 'Gatehouse', labels: [] }

/** The memory of every workspace: concepts named for the person go whole, of others only what names them. */
export function memoryStore(memory: Memory): PersonalStore {
  /** As long as what was found is at hand. */
  const concepts = new WeakMap<FoundItem, Json>()
  return {
    name: 'memory',
    find: async ({ words }, { signal, onPercent }) => {
      const found: FoundItem[] = []
      const workspaces = memory.workspaces()
      for (const [at, workspace] of workspaces.entries()) {
        const known = new Map<string, Json>()
        for (const { kind, name, excerpt, at: since } of await memory.in(workspace).mentions(words)) {
          const ref = JSON.stringify([workspace, name])
          const concept = known.get(name) ?? (await conceptOf(memory, workspace, name))
          known.set(name, concept)
          const item = { ref, where: `${workspace} · ${name} (${kind})`, excerpt, ...(since ? { at: since } : {}) }
          found.push(item)
          concepts.set(item, concept)
        }
        signal?.throwIfAborted()
        onPercent?.(Math.floor(((at + 1) / workspaces.length) * 100))
      }
      return found
    },
    load: (item) => concepts.get(item),
    erase: async ({ words }) => {
      let count = 0
      for (const workspace of memory.workspaces()) {
        const gone = await memory.in(workspace).eraseMentions(words)
        count += gone.concepts + gone.observations + gone.relations + gone.fields + gone.history
      }
      return count
    },
  }
}

/** In every workspace. @returns the names of concepts that are right now */
export async function rectifyMemory(
  memory: Memory,
  words: SubjectWords,
  wrong: string,
  right: string,
): Promise<readonly string[]> {
  const changed: string[] = []
  for (const workspace of memory.workspaces()) {
    const done = await memory.in(workspace).rectifyMentions(words, wrong, right, corrector)
    changed.push(...done.changed)
  }
  return changed
}

async function conceptOf(memory: Memory, workspace: WorkspaceName, name: string): Promise<Json> {
  const concept = await memory.in(workspace).concept({ name })
  return (concept ?? { name }) as unknown as Json
}
