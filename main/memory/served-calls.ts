import type { z } from 'zod'
import {
  type ConceptShown,
  type ContextShown,
  conceptUri,
  graphUri,
  type MemoryToolName,
  memoryTools,
  type RelationShown,
} from '../../shared/contract/memory-tools.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { ContentLabel } from '../../shared/domain/flow.ts'
import type { EpochMs, SessionId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type {
  Concept,
  ConceptChanges,
  ConceptDraft,
  ConceptId,
  GraphQuestion,
  Provenance,
  Question,
  Relation,
} from '../../shared/domain/memory.ts'
import {
  type ContextChanges,
  type SessionContext,
  usualWindow,
  type WindowRule,
} from '../../shared/domain/session-context.ts'
import { argumentsInvalid, memoryUnknown } from '../../shared/errors.ts'
import { given } from './given.ts'
import { isOnlyLearned } from './learning/learned-source.ts'
import { questionAbout } from './learning/model-extraction.ts'
import type { WorkspaceMemory } from './workspace-memory.ts'

/** What the memory answers a call, and the labels of everything in it that others may have written. */
export interface Served {
  readonly result: object
  readonly labels: readonly ContentLabel[]
}
type ServedCall = Pick<CallFacts, 'method' | 'entry' | 'arguments'>
type Tools = {
  readonly [K in MemoryToolName]: (
    memory: WorkspaceMemory,
    given: z.output<(typeof memoryTools)[K]['input']>,
    by: Provenance,
    more: { readonly found: unknown; readonly window: WindowRule },
  ) => Promise<Served>
}

/**
 * Does for an AI app what its call says. The call was judged; nothing but it says what happens here.
 * @param more `found`: what the server’s process found out for it, as trusted as that process, not at all; `window`: how much
 *   of what it recalled a session holds
 * @throws memory.…, arguments.invalid
 */
export async function served(
  memory: WorkspaceMemory,
  call: ServedCall,
  by: Provenance,
  { found, window = usualWindow }: { readonly found?: unknown; readonly window?: WindowRule } = {},
): Promise<Served> {
  const { ownName } = call.entry
  if (call.method === 'resources/read') return read(memory, ownName)
  if (call.method !== 'tools/call' || !Object.hasOwn(tools, ownName)) throw argumentsInvalid(ownName, 'no such tool')
  const name = ownName as MemoryToolName
  const parsed = memoryTools[name].input.safeParse(call.arguments)
  if (!parsed.success) throw argumentsInvalid(ownName, parsed.error.issues[0]?.message ?? '')
  return (tools[name] as Tools['forget'])(memory, parsed.data as never, by, { found, window })
}

/** What a call’s client can be asked before it is done: of `learn`, what its model finds in what was said. */
export function questionBefore({ entry, arguments: given }: ServedCall): JsonObject | undefined {
  const parsed = entry.ownName === 'learn' ? memoryTools.learn.input.safeParse(given) : undefined
  return parsed?.success ? questionAbout(parsed.data.said) : undefined
}

const own = (result: object): Served => ({ result, labels: [] })
const done = (what: string): Served => own({ success: true, message: `${what} deleted successfully` })

const tools: Tools = {
  create_entities: async (memory, { entities }, by) => own({ entities: await memory.createEntities(entities, by) }),
  create_relations: async (memory, { relations }, by) =>
    own({ relations: await memory.createRelations(relations, by) }),
  add_observations: async (memory, { observations }, by) =>
    own({ results: await memory.addObservations(observations, by) }),
  delete_entities: async (memory, { entityNames }, by) => {
    await memory.deleteEntities(entityNames, by)
    return done('Entities')
  },
  delete_observations: async (memory, { deletions }, by) => {
    await memory.deleteObservations(deletions, by)
    return done('Observations')
  },
  delete_relations: async (memory, { relations }, by) => {
    await memory.deleteRelations(relations, by)
    return done('Relations')
  },
  read_graph: (memory) => graph(memory, 'all'),
  search_nodes: (memory, { query }) => graph(memory, { search: query }),
  open_nodes: (memory, { names }) => graph(memory, { names }),
  add_concept: async (memory, draft, by) => {
    refuseOwnSource('add_concept', draft.source)
    const { concept, related } = await memory.addConcept(given<ConceptDraft>(draft as never), by)
    const others = related.flatMap(({ from, to }) => [from, to]).filter((name) => name !== concept.name)
    const labels = await labelsOf(memory, others)
    return {
      result: { concept: shown(concept), related: related.map(shownRelation) },
      labels: union(concept.labels, ...related.map((one) => one.labels), labels),
    }
  },
  query_concepts: async (memory, { query, trustedOnly, types, minConfidence, asOf, ...more }, by, { window }) => {
    const filter = given({ types, minConfidence, withoutLabels: trustedOnly ? (['untrusted'] as const) : undefined })
    const session = by.session === undefined ? undefined : { id: by.session, window }
    const question = { text: query, filter, session, ...more, asOf: asOf === undefined ? undefined : Date.parse(asOf) }
    const { found, graph: around } = await memory.recall(given<Question>(question as never))
    const concepts = [...found.map(({ concept }) => concept), ...around.concepts]
    const hit = new Set(found.map(({ concept }) => concept.name))
    return {
      result: {
        found: found.map(({ concept, score, reasons }) => ({ ...shown(concept), score, reasons })),
        around: around.concepts
          .filter(({ name }) => !hit.has(name))
          .map(({ name, type, description }) => ({ name, type, description })),
        relations: around.relations.map(shownRelation),
      },
      labels: union(...concepts.map(({ labels }) => labels), ...around.relations.map(({ labels }) => labels)),
    }
  },
  relate_concepts: async (memory, draft, by) => {
    const relation = await memory.relateConcepts(given(draft as never), by)
    return { result: { relation: shownRelation(relation) }, labels: relation.labels }
  },
  update_concept: async (memory, { concept: name, ...changes }, by) => {
    refuseOwnSource('update_concept', changes.source)
    const concept = await memory.updateConcept({ name }, given<ConceptChanges>(changes as never), by)
    return { result: { concept: shown(concept) }, labels: concept.labels }
  },
  learn: async (memory, interaction, by, { found }) => {
    const { added, reinforced, relations } = await memory.learn(given(interaction as never), by, found)
    return { result: { added, reinforced, relations }, labels: await labelsOf(memory, [...added, ...reinforced]) }
  },
  set_context: async (memory, changes, by) => {
    const context = await memory.setContext(sessionOf(by), given<ContextChanges>(changes), by)
    return { result: { context: shownContext(context) }, labels: context.labels }
  },
  get_context: async (memory, { maxChars = 2_000 }, by) => {
    const context = await memory.context(sessionOf(by))
    const { compressed } = await memory.recallWindow(sessionOf(by), maxChars)
    const { labels, ...short } = compressed
    return {
      result: { ...(context ? { context: shownContext(context) } : {}), ...short },
      labels: union(labels, context?.labels ?? []),
    }
  },
  /** Numbers only: names may be anybody's. */
  consolidate: async (memory, _nothing, by) => {
    const { merged, write: _write, ...figures } = await memory.consolidate(by)
    return own({ merged: merged.length, ...figures })
  },
  forget: async (memory, { names }, by) => {
    await memory.forget(
      names.map((name) => ({ name })),
      by,
    )
    return own({ forgotten: names.length })
  },
}

/** What is said to be only learned may fade: an app must not have what was told fade. */
function refuseOwnSource(tool: MemoryToolName, source: string | undefined): void {
  if (isOnlyLearned(source ?? ''))
    throw argumentsInvalid(tool, `“${source}” is the memory’s own word; name another source`)
}

async function graph(memory: WorkspaceMemory, question: GraphQuestion): Promise<Served> {
  const { graph: result, labels } = await memory.labelled(question)
  return { result, labels }
}

/** `memory://graph` as `read_graph` answers, `memory://concept/ID` with its relations. */
async function read(memory: WorkspaceMemory, uri: string): Promise<Served> {
  if (uri === graphUri) return graph(memory, 'all')
  const id = uri.startsWith(conceptUri) ? uri.slice(conceptUri.length) : ''
  const concept = /^co_[1-9][0-9]{0,15}$/.test(id) ? await memory.concept({ id: id as ConceptId }) : undefined
  if (concept === undefined) throw memoryUnknown(id)
  const { concepts, relations } = await memory.subgraph([concept.name], 1, 100)
  const touching = relations.filter(({ from, to }) => from === concept.name || to === concept.name)
  return {
    result: { concept: shown(concept), relations: touching.map(shownRelation) },
    labels: union(concept.labels, ...[...concepts, ...touching].map(({ labels }) => labels)),
  }
}

async function labelsOf(memory: WorkspaceMemory, names: readonly string[]): Promise<readonly ContentLabel[]> {
  return names.length === 0 ? [] : (await memory.labelled({ names })).labels
}

const union = (...all: readonly (readonly ContentLabel[])[]): ContentLabel[] => [...new Set(all.flat())]

const shown = (concept: Concept): ConceptShown => ({
  id: concept.id,
  name: concept.name,
  type: concept.type,
  description: concept.description,
  attributes: concept.attributes as JsonObject as Record<string, unknown>,
  observations: concept.observations.map(({ text }) => text),
  confidence: concept.confidence,
  source: concept.source,
  updatedAt: at(concept.updatedAt),
  labels: [...concept.labels],
})
const shownRelation = ({ from, to, type, weight, confidence, inferred }: Relation): RelationShown => ({
  from,
  to,
  type,
  weight,
  confidence,
  inferred,
})
const shownContext = ({ goals, task, tags, turn, history, labels }: SessionContext): ContextShown => ({
  goals: [...goals],
  ...(task === undefined ? {} : { task }),
  tags: [...tags],
  turn,
  history: history.map((past) => ({ ...past, goals: [...past.goals], at: at(past.at) })),
  labels: [...labels],
})

function sessionOf({ session }: Provenance): SessionId {
  if (session === undefined) throw argumentsInvalid('context', 'there is no session')
  return session
}

const at = (time: EpochMs): string => new Date(time).toISOString()
