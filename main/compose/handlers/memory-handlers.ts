import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Caller } from '../../../shared/contract/define.ts'
import type { WorkspaceName } from '../../../shared/domain/ids.ts'
import type {
  ConceptChanges,
  ConceptDraft,
  Provenance,
  Question,
  RecallFilter,
  RelationDraft,
} from '../../../shared/domain/memory.ts'
import { given } from '../../memory/given.ts'
import type { Memory } from '../../memory/memory.ts'
import type { Areas } from '../areas.ts'
import { type Note, noted } from './recorded.ts'

/** The memory as the person uses it: what they write carries no label, and each change is recorded without its contents. */
export function memoryHandlers(memory: Memory, { workspaces }: Areas, note: Note): GatehouseHandlers['memory'] {
  const of = (workspace: WorkspaceName) => memory.in(workspaces.need(workspace))
  const recorded = <T>({ description }: Caller, action: string, said: string, work: () => Promise<T>): Promise<T> =>
    noted(note, [description, `memory.${action}`, said], work)
  return {
    overview: ({ workspace }) => of(workspace).overview(),
    recall: ({ workspace, filter, ...question }) =>
      of(workspace).recall({
        ...given<Question>(question),
        ...(filter ? { filter: given<RecallFilter>(filter) } : {}),
      }),
    concept: async ({ workspace, of: ref }) => {
      const concept = await of(workspace).concept(ref)
      return concept ? { concept } : {}
    },
    subgraph: ({ workspace, names, depth, budget, asOf }) => of(workspace).subgraph(names, depth, budget, asOf),
    history: async ({ workspace, ...query }) => ({ writes: await of(workspace).history(given(query)) }),
    add: ({ workspace, ...draft }, caller) =>
      recorded(caller, 'add', 'A concept was added to the memory', () =>
        of(workspace).addConcept(given<ConceptDraft>(draft), person(caller)),
      ),
    update: ({ workspace, of: ref, ...changes }, caller) =>
      recorded(caller, 'update', 'A concept in the memory was changed', async () => ({
        concept: await of(workspace).updateConcept(ref, given<ConceptChanges>(changes), person(caller)),
      })),
    relate: ({ workspace, ...draft }, caller) =>
      recorded(caller, 'relate', 'Two concepts in the memory were related', async () => ({
        relation: await of(workspace).relateConcepts(given<RelationDraft>(draft), person(caller)),
      })),
    forget: ({ workspace, of: refs }, caller) =>
      recorded(caller, 'forget', `Concepts in the memory were forgotten: ${refs.length}`, async () => ({
        write: await of(workspace).forget(refs, person(caller)),
      })),
    undo: ({ workspace, write }, caller) =>
      recorded(caller, 'undo', `A change of the memory (${write}) was undone`, async () => ({
        write: await of(workspace).undo(write, person(caller)),
      })),
    erase: ({ workspace, what }, caller) =>
      recorded(caller, 'erase', `Memory was erased in the workspace “${workspace}”`, async () => ({
        erased: await of(workspace).erase(
          typeof what === 'object' && 'client' in what ? { client: what.client as never } : what,
        ),
      })),
  }
}

const person = ({ carrier }: Caller): Provenance =>
  carrier === 'cli'
    ? { client: 'cli', clientName: 'command line', labels: [] }
    : { client: 'window', clientName: 'window', labels: [] }
