import { isAbsolute } from 'node:path'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Caller } from '../../../shared/contract/define.ts'
import type { Client } from '../../../shared/domain/call.ts'
import type { SessionId, WorkspaceName } from '../../../shared/domain/ids.ts'
import type {
  ConceptChanges,
  ConceptDraft,
  ListQuery,
  PictureQuery,
  Provenance,
  Question,
  RecallFilter,
  RelationDraft,
} from '../../../shared/domain/memory.ts'
import type { ContextChanges, WindowRule } from '../../../shared/domain/session-context.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { choiceNamed } from '../../memory/embedders/remote.ts'
import { exportMemory } from '../../memory/files/export.ts'
import { given } from '../../memory/given.ts'
import type { Memory } from '../../memory/memory.ts'
import type { Areas } from '../areas.ts'
import type { Foundation } from '../foundation.ts'
import { changeEmbedder, embedderOf, mayLearnFrom } from '../memory.ts'
import { refuseSecrets } from '../refuse-secrets.ts'
import { type Note, noted } from './recorded.ts'

/** The memory as the person uses it: what they write carries no label, and each change is recorded without its contents. */
export function memoryHandlers(
  base: Foundation,
  memory: Memory,
  { workspaces, clients, sessions }: Areas,
  note: Note,
): GatehouseHandlers['memory'] {
  const of = (workspace: WorkspaceName) => memory.in(workspaces.need(workspace))
  const recorded = <T>({ description }: Caller, action: string, said: string, work: () => Promise<T>): Promise<T> =>
    noted(note, [description, `memory.${action}`, said], work)
  const clientNamed = (name: string): Client => {
    const client = clients.named(name)
    if (!client) throw inputInvalid(`There is no client called “${name}”.`)
    return client
  }
  const { settings } = base
  const ofSession = (id: SessionId) => {
    const session = sessions.get(id)
    if (!session) throw inputInvalid('This session has ended, or there never was one of this id.')
    return of(session.workspace)
  }
  return {
    overview: ({ workspace }) => of(workspace).overview(),
    recall: ({ workspace, filter, ...question }) =>
      of(workspace).recall({
        ...given<Question>(question),
        ...(filter ? { filter: given<RecallFilter>(filter) } : {}),
      }),
    list: ({ workspace, filter, ...query }) =>
      of(workspace).list({ ...given<ListQuery>(query), ...(filter ? { filter: given<RecallFilter>(filter) } : {}) }),
    facets: ({ workspace }) => of(workspace).facets(),
    picture: ({ workspace, ...query }) => of(workspace).picture(given<PictureQuery>(query)),
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
    reinforce: ({ workspace, of: refs }, caller) =>
      recorded(caller, 'reinforce', `Concepts in the memory were reinforced: ${refs.length}`, async () => ({
        write: await of(workspace).reinforce(refs, person(caller)),
      })),
    merge: ({ workspace, kept, gone }, caller) =>
      recorded(caller, 'merge', 'Two concepts in the memory were merged', async () => ({
        write: await of(workspace).merge(kept, gone, person(caller)),
      })),
    forgetRelation: ({ workspace, from, to, type }, caller) =>
      recorded(caller, 'forget', 'A relation in the memory was forgotten', async () => ({
        write: await of(workspace).unrelate({ from, to, relationType: type }, person(caller)),
      })),
    forget: ({ workspace, of: refs }, caller) =>
      recorded(caller, 'forget', `Concepts in the memory were forgotten: ${refs.length}`, async () => ({
        write: await of(workspace).forget(refs, person(caller)),
      })),
    undo: ({ workspace, write }, caller) =>
      recorded(caller, 'undo', `A change of the memory (${write}) was undone`, async () => ({
        write: await of(workspace).undo(write, person(caller)),
      })),
    consolidate: ({ workspace }, caller) =>
      recorded(caller, 'consolidate', 'The memory was consolidated', () => of(workspace).consolidate(person(caller))),
    context: async ({ session, maxChars }) => {
      const context = await ofSession(session).context(session)
      const window = await ofSession(session).recallWindow(session, maxChars)
      return { ...(context ? { context } : {}), window }
    },
    setContext: ({ session, ...changes }, caller) =>
      recorded(caller, 'context', `What the session ${session} is about was set`, async () => {
        refuseSecrets(base, changes)
        return { context: await ofSession(session).setContext(session, given<ContextChanges>(changes), person(caller)) }
      }),
    clearContext: ({ session }, caller) =>
      recorded(caller, 'context', `What the session ${session} is about was forgotten`, () =>
        ofSession(session).clearContext(session),
      ),
    windowRule: () => settings.current.memoryWindow,
    setWindowRule: (change, caller) => {
      const rule = { ...settings.current.memoryWindow, ...given<Partial<WindowRule>>(change) }
      const said = `A session holds ${rule.most} concepts of what it recalled (${rule.eviction})`
      return recorded(caller, 'window', said, async () => {
        settings.change({ memoryWindow: rule })
        return rule
      })
    },
    embedder: () => {
      const { choice, key } = embedderOf(base)
      return { choice, hasKey: key !== undefined }
    },
    setEmbedder: ({ choice, key }, { description }) => {
      const said = `The memory’s vectors are made by ${choice.kind === 'built-in' ? 'Gatehouse itself' : choice.url}`
      return noted(note, [description, 'memory.embedder', said, 'warning'], () =>
        changeEmbedder(base, memory, choice, key),
      )
    },
    cancelEmbedding: ({ workspace }, caller) =>
      recorded(caller, 'embedder', 'Making new vectors was cancelled', async () => {
        const { name } = (await of(workspace).overview()).embedder
        await changeEmbedder(base, memory, choiceNamed(name) ?? { kind: 'built-in' }, undefined)
        return { embedder: await of(workspace).cancelEmbedding() }
      }),
    learning: () => ({
      clients: clients
        .list()
        .filter(({ id }) => mayLearnFrom(base, id))
        .map(({ name }) => name),
    }),
    setLearning: ({ client: name, on }, { description }) => {
      const { id } = clientNamed(name)
      const others = settings.current.memoryLearning.filter((one) => one !== id)
      const said = `The memory ${on ? 'may learn' : 'learns nothing'} from “${name}”`
      return noted(note, [description, 'memory.learning', said, on ? 'warning' : 'notice'], () =>
        settings.change({ memoryLearning: on ? [...others, id] : others }),
      )
    },
    export: ({ workspace, file, format }, { description }) =>
      noted(note, [description, 'memory.export', `The memory of “${workspace}” was written to ${file}`], async () => ({
        file,
        sizeBytes: await exportMemory(of(workspace), absolute(file), format),
      })),
    import: ({ workspace, file, trusted, ...how }, caller) =>
      recorded(caller, 'import', `The memory of “${workspace}” was ${imported[how.mode]} ${file}`, () =>
        memory.importFile(
          workspaces.need(workspace),
          { ...how, file: absolute(file) },
          { ...person(caller), labels: trusted ? [] : ['untrusted'] },
          caller.carrier === 'cli' ? caller.signal : undefined,
        ),
      ),
    cancelImport: ({ workspace }) => ({ cancelled: memory.cancelImport(workspaces.need(workspace)) }),
    erase: ({ workspace, what }, caller) =>
      recorded(caller, 'erase', `Memory was erased in the workspace “${workspace}”`, async () => {
        const erased = await of(workspace).erase(
          typeof what === 'object' && 'client' in what ? { client: what.client as never } : what,
        )
        base.events.emit('memory.changed', { workspace, write: 'wr_0' }) // no write tells of it any more
        return { erased }
      }),
  }
}

const imported = { merge: 'added to from', replace: 'replaced by' } as const

/** @throws input.invalid */
function absolute(file: string): string {
  if (!isAbsolute(file)) throw inputInvalid('Name the file by its whole path.')
  return file
}

const person = ({ carrier }: Caller): Provenance =>
  carrier === 'cli'
    ? { client: 'cli', clientName: 'command line', labels: [] }
    : { client: 'window', clientName: 'window', labels: [] }
