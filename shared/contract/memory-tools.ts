import { z } from 'zod'

/*
 * What the bundled memory server offers: names and shapes, for its face (its own process) and for the engine behind it. The
 * first nine are those of `@modelcontextprotocol/server-memory`, word for word.
 */
const entity = z.object({
  name: z.string().describe('The name of the entity'),
  entityType: z.string().describe('The type of the entity'),
  observations: z.array(z.string()).describe('An array of observation contents associated with the entity'),
})
const link = z.object({
  from: z.string().describe('The name of the entity where the relation starts'),
  to: z.string().describe('The name of the entity where the relation ends'),
  relationType: z.string().describe('The type of the relation'),
})
const graph = z.object({ entities: z.array(entity), relations: z.array(link) })
const done = z.object({ success: z.boolean(), message: z.string() })

const name = z.string().min(1).max(1_000)
const attributes = z.record(z.string(), z.unknown())
const share = z.number().min(0).max(1)
const conceptShown = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  description: z.string(),
  attributes,
  observations: z.array(z.string()),
  confidence: z.number(),
  source: z.string(),
  updatedAt: z.string(),
  labels: z.array(z.string()),
})
const relationShown = z.object({
  from: z.string(),
  to: z.string(),
  type: z.string(),
  weight: z.number(),
  confidence: z.number(),
  inferred: z.boolean(),
})
export type ConceptShown = z.output<typeof conceptShown>
export type RelationShown = z.output<typeof relationShown>

const pastTask = { turn: z.number(), at: z.string(), goals: z.array(z.string()), task: z.string().optional() }
const contextShown = z.object({
  goals: z.array(z.string()),
  task: z.string().optional(),
  tags: z.array(z.string()),
  turn: z.number(),
  history: z.array(z.object(pastTask)),
  labels: z.array(z.string()),
})
export type ContextShown = z.output<typeof contextShown>

const said = {
  description: z.string().optional(),
  attributes: attributes.optional().describe('Further facts by name'),
  observations: z.array(z.string()).optional().describe('Single facts, one sentence each'),
  confidence: share.optional().describe('How sure it is, 0 to 1'),
  source: z.string().max(1_000).optional().describe('Where it comes from, in your words'),
}

export interface MemoryTool {
  readonly title: string
  readonly description: string
  readonly input: z.ZodObject
  readonly output: z.ZodObject
  /** What it does to the memory. */
  readonly does: 'read' | 'write' | 'delete'
  readonly idempotent: boolean
}
const tool = <I extends z.ZodObject, O extends z.ZodObject>(of: {
  readonly title: string
  readonly description: string
  readonly input: I
  readonly output: O
  readonly does: MemoryTool['does']
  readonly idempotent?: boolean
}) => ({ idempotent: of.does !== 'write', ...of })

export const memoryTools = {
  create_entities: tool({
    title: 'Create Entities',
    description: 'Create multiple new entities in the knowledge graph',
    input: z.object({ entities: z.array(entity) }),
    output: z.object({ entities: z.array(entity) }),
    does: 'write',
  }),
  create_relations: tool({
    title: 'Create Relations',
    description:
      'Create multiple new relations between entities in the knowledge graph. Relations should be in active voice',
    input: z.object({ relations: z.array(link) }),
    output: z.object({ relations: z.array(link) }),
    does: 'write',
  }),
  add_observations: tool({
    title: 'Add Observations',
    description: 'Add new observations to existing entities in the knowledge graph',
    input: z.object({
      observations: z.array(
        z.object({
          entityName: z.string().describe('The name of the entity to add the observations to'),
          contents: z.array(z.string()).describe('An array of observation contents to add'),
        }),
      ),
    }),
    output: z.object({
      results: z.array(z.object({ entityName: z.string(), addedObservations: z.array(z.string()) })),
    }),
    does: 'write',
  }),
  delete_entities: tool({
    title: 'Delete Entities',
    description: 'Delete multiple entities and their associated relations from the knowledge graph',
    input: z.object({ entityNames: z.array(z.string()).describe('An array of entity names to delete') }),
    output: done,
    does: 'delete',
  }),
  delete_observations: tool({
    title: 'Delete Observations',
    description: 'Delete specific observations from entities in the knowledge graph',
    input: z.object({
      deletions: z.array(
        z.object({
          entityName: z.string().describe('The name of the entity containing the observations'),
          observations: z.array(z.string()).describe('An array of observations to delete'),
        }),
      ),
    }),
    output: done,
    does: 'delete',
  }),
  delete_relations: tool({
    title: 'Delete Relations',
    description: 'Delete multiple relations from the knowledge graph',
    input: z.object({ relations: z.array(link).describe('An array of relations to delete') }),
    output: done,
    does: 'delete',
  }),
  read_graph: tool({
    title: 'Read Graph',
    description: 'Read the entire knowledge graph',
    input: z.object({}),
    output: graph,
    does: 'read',
  }),
  search_nodes: tool({
    title: 'Search Nodes',
    description: 'Search for nodes in the knowledge graph based on a query',
    input: z.object({
      query: z.string().describe('The search query to match against entity names, types, and observation content'),
    }),
    output: graph,
    does: 'read',
  }),
  open_nodes: tool({
    title: 'Open Nodes',
    description: 'Open specific nodes in the knowledge graph by their names',
    input: z.object({ names: z.array(z.string()).describe('An array of entity names to retrieve') }),
    output: graph,
    does: 'read',
  }),
  add_concept: tool({
    title: 'Add Concept',
    description: 'Remember something new. Relations to similar concepts are found by themselves.',
    input: z.object({ name, type: name.describe('What kind of thing it is: person, project, preference …'), ...said }),
    output: z.object({ concept: conceptShown, related: z.array(relationShown) }),
    does: 'write',
  }),
  query_concepts: tool({
    title: 'Query Concepts',
    description: 'Recall what is known about a question asked in plain words, best first, with what surrounds it.',
    input: z.object({
      query: z.string().min(1).max(10_000),
      limit: z.number().int().min(1).max(100).optional().describe('How many at most; 10 unless told'),
      types: z.array(name).optional().describe('Only concepts of these types'),
      minConfidence: share.optional(),
      trustedOnly: z.boolean().optional().describe('Leave out what was written after reading from outside'),
      depth: z.number().int().min(0).max(4).optional().describe('Steps into the graph around what was found'),
      budget: z.number().int().min(1).max(200).optional().describe('How many concepts around it at most'),
      asOf: z.iso.datetime({ offset: true }).optional().describe('What was known at this time'),
    }),
    output: z.object({
      found: z.array(z.object({ ...conceptShown.shape, score: z.number(), reasons: z.array(z.string()) })),
      around: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() })),
      relations: z.array(relationShown),
    }),
    does: 'read',
  }),
  relate_concepts: tool({
    title: 'Relate Concepts',
    description: 'Remember how two known concepts are related. Done again, it takes the new weight.',
    input: z.object({
      from: name,
      to: name,
      type: name.describe('In active voice: works on, likes, is part of …'),
      weight: share.optional().describe('How strongly, 0 to 1'),
      confidence: share.optional(),
      attributes: attributes.optional(),
    }),
    output: z.object({ relation: relationShown }),
    does: 'write',
    idempotent: true,
  }),
  update_concept: tool({
    title: 'Update Concept',
    description:
      'Change what is known of a concept. Observations given take the place of those there; an attribute of null is taken away.',
    input: z.object({ concept: name.describe('Its name now'), name: name.optional(), type: name.optional(), ...said }),
    output: z.object({ concept: conceptShown }),
    does: 'write',
    idempotent: true,
  }),
  learn: tool({
    title: 'Learn',
    description:
      'Learn from what the user said: names, facts, preferences and relations in it are remembered. Only where the user switched learning on for this app.',
    input: z.object({
      said: z.string().min(1).max(100_000).describe('What the user said, word for word'),
      answered: z.string().max(100_000).optional().describe('What you answered'),
    }),
    output: z.object({
      added: z.array(z.string()),
      reinforced: z.array(z.string()),
      relations: z.array(link),
    }),
    does: 'write',
  }),
  set_context: tool({
    title: 'Set Context',
    description:
      'Say what this session is about: goals, task, tags. Recall ranks higher what overlaps with the goals. What is given takes the place of what was there.',
    input: z.object({
      goals: z.array(z.string().min(1)).optional().describe('What the user wants, in plain words'),
      task: z.string().optional().describe('What is being done now; empty for none'),
      tags: z.array(z.string().min(1)).optional(),
      turn: z.number().int().min(0).max(1_000_000).optional().describe('How many exchanges there were'),
    }),
    output: z.object({ context: contextShown }),
    does: 'write',
    idempotent: true,
  }),
  get_context: tool({
    title: 'Get Context',
    description:
      'What this session is about, and a summary of what it recalled: to go on with after your own context was cut.',
    input: z.object({
      maxChars: z.number().int().min(100).max(20_000).optional().describe('Of summary and facts; 2000 unless told'),
    }),
    output: z.object({
      context: contextShown.optional(),
      summary: z.string(),
      entities: z.array(z.object({ name: z.string(), type: z.string() })),
      facts: z.array(z.string()),
      ratio: z.number().describe('Characters of summary and facts for each of all that is known of what was recalled'),
    }),
    does: 'read',
  }),
  consolidate: tool({
    title: 'Consolidate',
    description: 'Merge duplicates, let go of what faded, strengthen what belongs together. The user can undo it.',
    input: z.object({}),
    output: z.object({
      merged: z.number(),
      prunedConcepts: z.number(),
      prunedRelations: z.number(),
      strengthened: z.number(),
      durationMs: z.number(),
      sizeBytes: z.number(),
    }),
    does: 'delete',
  }),
  forget: tool({
    title: 'Forget',
    description: 'Forget concepts with their relations. The user can undo it.',
    input: z.object({ names: z.array(name).min(1).max(1_000) }),
    output: z.object({ forgotten: z.number() }),
    does: 'delete',
  }),
} as const satisfies Record<string, MemoryTool>
export type MemoryToolName = keyof typeof memoryTools

export const graphUri = 'memory://graph'
export const conceptUri = 'memory://concept/'

/** What the face is told when something was written: concepts by their ids; `more`: others too. */
export const memoryChange = z.object({ concepts: z.array(z.string()), more: z.boolean() })

/** What the engine answers: the structured result of a tool or the content of a resource, and the labels of what stands in it. */
export const memoryAnswer = z.object({ result: z.record(z.string(), z.unknown()), labels: z.array(z.string()) })
