import { z } from 'zod'
import { contentLabels } from '../domain/flow.ts'
import { type CallId, type ClientId, defaultWorkspace, type SessionId } from '../domain/ids.ts'
import type { JsonObject } from '../domain/json.ts'
import { type ConceptId, memoryFormats, type RelationId, type WriteId, writeActs } from '../domain/memory.ts'
import { contextLimits, evictions } from '../domain/session-context.ts'
import { call, event } from './define.ts'
import { epochMs, json, sessionId, workspaceName } from './shapes.ts'

const idOf = <T extends string>(kind: string) =>
  z
    .string()
    .regex(new RegExp(`^${kind}_[1-9][0-9]{0,15}$`))
    .transform((value) => value as T)
const conceptId = idOf<ConceptId>('co')
const relationId = idOf<RelationId>('re')
const writeId = idOf<WriteId>('wr')
const list = <T extends z.ZodType>(of: T) => z.array(of).readonly()
const attributes = z.record(z.string(), json) as unknown as z.ZodType<JsonObject, JsonObject>
const share = z.number().min(0).max(1)
const labels = list(z.enum(contentLabels))
const name = z.string().max(1_000)

export const provenance = z.object({
  client: z.string().transform((value) => value as ClientId | 'window' | 'cli' | 'gatehouse'),
  clientName: z.string(),
  session: z
    .string()
    .transform((value) => value as SessionId)
    .optional(),
  call: z
    .string()
    .transform((value) => value as CallId)
    .optional(),
  labels,
})
export const concept = z.object({
  id: conceptId,
  name: z.string(),
  type: z.string(),
  description: z.string(),
  attributes,
  observations: list(z.object({ text: z.string(), at: epochMs, by: provenance })),
  confidence: z.number(),
  source: z.string(),
  createdAt: epochMs,
  updatedAt: epochMs,
  createdBy: provenance,
  updatedBy: provenance,
  labels,
  accessCount: z.number().int(),
  accessedAt: epochMs.optional(),
  strength: z.number(),
})
export const relation = z.object({
  id: relationId,
  from: z.string(),
  to: z.string(),
  type: z.string(),
  weight: z.number(),
  confidence: z.number(),
  inferred: z.boolean(),
  attributes,
  createdAt: epochMs,
  createdBy: provenance,
  labels,
})
const subgraph = z.object({ concepts: list(concept), relations: list(relation), cut: z.boolean() })
const parts = z.object({
  vector: z.number(),
  text: z.number(),
  graph: z.number(),
  recency: z.number(),
  reinforcement: z.number(),
  confidence: z.number(),
  /** Only where the session has goals. */
  goals: z.number().optional(),
})
const recall = z.object({
  found: list(
    z.object({ concept, score: z.number(), parts, reasons: list(z.enum(Object.keys(parts.shape) as PartName[])) }),
  ),
  graph: subgraph,
  tookMs: z.number(),
  asOf: epochMs.optional(),
  cached: z.literal(true).optional(),
  embedder: z.string().optional(),
})
type PartName = keyof typeof parts.shape
const counted = { value: z.string(), count: z.number().int() }
const facet = list(z.object(counted))
const picture = z.object({
  nodes: list(
    concept.pick({ id: true, name: true, type: true, labels: true, confidence: true, createdAt: true }).extend({
      client: z.string(),
    }),
  ),
  edges: list(
    relation
      .pick({ id: true, type: true, weight: true, inferred: true, labels: true })
      .extend({ from: conceptId, to: conceptId }),
  ),
  total: z.number().int(),
})
const write = z.object({
  id: writeId,
  at: epochMs,
  act: z.enum(writeActs),
  by: provenance,
  changes: list(
    z.object({
      what: z.enum(['concept', 'relation']),
      id: z.union([conceptId, relationId]),
      name: z.string(),
      kind: z.enum(['added', 'changed', 'removed']),
    }),
  ),
  changeCount: z.number().int(),
  undoneBy: writeId.optional(),
  undoes: writeId.optional(),
})
const overview = z.object({
  concepts: z.number().int(),
  relations: z.number().int(),
  observations: z.number().int(),
  writes: z.number().int(),
  sizeBytes: z.number().int(),
  embedder: z.object({ name: z.string(), dimension: z.number().int() }),
  embedding: z.object({ name: z.string(), done: z.number().int(), total: z.number().int() }).optional(),
  vectorIndex: z.union([
    z.object({ kind: z.literal('sqlite-vec') }),
    z.object({ kind: z.literal('scan'), problem: z.string() }),
  ]),
})

const here = ['127.0.0.1', 'localhost', '[::1]']
/** Encrypted, or never leaves this computer. */
function isPrivateOnTheWay(url: string): boolean {
  return !URL.canParse(url) || new URL(url).protocol === 'https:' || here.includes(new URL(url).hostname)
}
const address = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((value) => !/[\s@]/.test(value), 'An address without spaces, name and password.')
  .refine(isPrivateOnTheWay, 'What is remembered goes there: https is needed, or a model on this computer.')
const model = z.string().min(1).max(200)
export const embedderChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('built-in') }),
  z.object({ kind: z.literal('ollama'), url: address, model }),
  z.object({ kind: z.literal('openai'), url: address, model }),
])
export const windowRule = z.object({ eviction: z.enum(evictions), most: z.number().int().min(1).max(200) })
const pastTask = { turn: z.number().int(), at: epochMs, goals: list(z.string()), task: z.string().optional() }
const sessionContext = z.object({
  session: sessionId,
  goals: list(z.string()),
  task: z.string().optional(),
  tags: list(z.string()),
  turn: z.number().int(),
  history: list(z.object(pastTask)),
  labels,
  setBy: z.string(),
  updatedAt: epochMs,
})
const recallWindow = z.object({
  held: list(z.object({ concept, uses: z.number().int(), importance: z.number() })),
  compressed: z.object({
    summary: z.string(),
    entities: list(z.object({ name: z.string(), type: z.string() })),
    facts: list(z.string()),
    ratio: z.number(),
    labels,
  }),
})
const consolidation = z.object({
  write: writeId.optional(),
  merged: list(z.object({ kept: z.string(), gone: z.string(), similarity: z.number() })),
  prunedConcepts: z.number().int(),
  prunedRelations: z.number().int(),
  strengthened: z.number().int(),
  durationMs: z.number(),
  sizeBytes: z.number().int(),
})

const file = z.string().min(1).max(4_096)
const format = z.enum(memoryFormats)

const filter = z.object({
  types: z.array(name).optional(),
  attributes: z.record(z.string(), json).optional(),
  sources: z.array(name).optional(),
  /** Brought in or last changed by one of these, by their ids. */
  clients: z
    .array(
      z
        .string()
        .max(200)
        .transform((value) => value as ClientId),
    )
    .optional(),
  withoutLabels: z.array(z.enum(contentLabels)).optional(),
  createdFrom: epochMs.optional(),
  createdTo: epochMs.optional(),
  updatedFrom: epochMs.optional(),
  updatedTo: epochMs.optional(),
  minConfidence: share.optional(),
})
const inWorkspace = { workspace: workspaceName.default(defaultWorkspace) }
const ref = z.union([z.object({ id: conceptId }), z.object({ name })])
const said = {
  description: z.string().optional(),
  attributes: attributes.optional(),
  observations: z.array(z.string()).optional(),
  confidence: share.optional(),
  source: name.optional(),
}

/** The memory graph of a workspace, as the window and the command line use it. */
export const memory = {
  overview: call(z.object(inWorkspace), overview, { verb: 'status' }),
  recall: call(
    z.object({
      ...inWorkspace,
      text: z.string().max(10_000),
      limit: z.number().int().min(1).max(100).optional(),
      filter: filter.optional(),
      depth: z.number().int().min(0).max(4).optional(),
      budget: z.number().int().min(1).max(1_000).optional(),
      asOf: epochMs.optional(),
      /** The person only looks: nothing becomes stronger by it. */
      lookOnly: z.boolean().optional(),
    }),
    recall,
    { verb: 'contents' },
  ),
  /** Without a question: the one that changed last first. A filtered page may be short and still have a `next`. */
  list: call(
    z.object({
      ...inWorkspace,
      limit: z.number().int().min(1).max(200).default(50),
      from: z.string().max(40).optional(),
      filter: filter.optional(),
    }),
    z.object({ concepts: list(concept), next: z.string().optional() }),
    { verb: 'contents' },
  ),
  /** What can be filtered by, with how often it occurs. */
  facets: call(
    z.object(inWorkspace),
    z.object({ types: facet, sources: facet, clients: list(z.object({ ...counted, name: z.string() })) }),
    { verb: 'contents' },
  ),
  /** The graph to be drawn, a portion at a time in the order of `list`; relations stand with the concept they leave. */
  picture: call(
    z.object({
      ...inWorkspace,
      skip: z.number().int().min(0).max(1_000_000).default(0),
      limit: z.number().int().min(1).max(1_000).default(1_000),
      asOf: epochMs.optional(),
    }),
    picture,
    { verb: 'contents' },
  ),
  concept: call(z.object({ ...inWorkspace, of: ref }), z.object({ concept: concept.optional() }), { verb: 'contents' }),
  subgraph: call(
    z.object({
      ...inWorkspace,
      names: z.array(name).max(1_000),
      depth: z.number().int().min(0).max(4).default(2),
      budget: z.number().int().min(1).max(1_000).default(50),
      asOf: epochMs.optional(),
    }),
    subgraph,
    { verb: 'contents' },
  ),
  history: call(
    z.object({
      ...inWorkspace,
      of: ref.optional(),
      before: writeId.optional(),
      limit: z.number().int().min(1).max(1_000).default(50),
    }),
    z.object({ writes: list(write) }),
    { verb: 'contents' },
  ),
  add: call(z.object({ ...inWorkspace, name, type: name, ...said }), z.object({ concept, related: list(relation) }), {
    verb: 'changes',
  }),
  update: call(
    z.object({ ...inWorkspace, of: ref, name: name.optional(), type: name.optional(), ...said }),
    z.object({ concept }),
    { verb: 'changes' },
  ),
  relate: call(
    z.object({
      ...inWorkspace,
      from: name,
      to: name,
      type: name,
      weight: share.optional(),
      confidence: share.optional(),
      attributes: attributes.optional(),
    }),
    z.object({ relation }),
    { verb: 'changes' },
  ),
  /** They were of use: they rank higher and fade later; can be undone. */
  reinforce: call(z.object({ ...inWorkspace, of: z.array(ref).min(1).max(1_000) }), z.object({ write: writeId }), {
    verb: 'changes',
  }),
  /** Everything said of one becomes said of the other, which is gone then; can be undone. */
  merge: call(z.object({ ...inWorkspace, kept: ref, gone: ref }), z.object({ write: writeId }), { verb: 'changes' }),
  /** Its ends stay; can be undone. */
  forgetRelation: call(z.object({ ...inWorkspace, from: name, to: name, type: name }), z.object({ write: writeId }), {
    verb: 'changes',
  }),
  /** Can be undone. */
  forget: call(z.object({ ...inWorkspace, of: z.array(ref).min(1).max(1_000) }), z.object({ write: writeId }), {
    verb: 'changes',
  }),
  undo: call(z.object({ ...inWorkspace, write: writeId }), z.object({ write: writeId }), { verb: 'changes' }),
  /** With its history and every trace; cannot be undone. */
  erase: call(
    z.object({
      ...inWorkspace,
      what: z.union([z.literal('all'), z.object({ client: z.string() }), z.object({ concepts: z.array(ref).min(1) })]),
    }),
    z.object({ erased: z.number().int() }),
    { verb: 'changes' },
  ),
  /** Merges duplicates, prunes what faded, strengthens what is used together; can be undone. */
  consolidate: call(z.object(inWorkspace), consolidation, { verb: 'changes' }),
  /** What an open session is about, and what it recalled. */
  context: call(
    z.object({ session: sessionId, maxChars: z.number().int().min(100).max(20_000).default(2_000) }),
    z.object({ context: sessionContext.optional(), window: recallWindow }),
    { verb: 'contents' },
  ),
  /** What is named takes the place of what was there. Servers get it that ask for it and may. */
  setContext: call(
    z.object({
      session: sessionId,
      goals: z.array(z.string().min(1)).max(contextLimits.goals).optional(),
      task: z.string().optional(),
      tags: z.array(z.string().min(1)).max(contextLimits.tags).optional(),
      turn: z.number().int().min(0).max(1_000_000).optional(),
    }),
    z.object({ context: sessionContext }),
    { verb: 'changes' },
  ),
  /** With what it recalled. */
  clearContext: call(z.object({ session: sessionId }), z.void(), { verb: 'changes' }),
  windowRule: call(z.void(), windowRule, { verb: 'status' }),
  /** Counts from each session’s next recall. */
  setWindowRule: call(windowRule.partial(), windowRule, { verb: 'changes' }),
  embedder: call(z.void(), z.object({ choice: embedderChoice, hasKey: z.boolean() }), { verb: 'status' }),
  /** Of all workspaces. Texts of concepts and questions go to the address; the key only there. */
  setEmbedder: call(z.object({ choice: embedderChoice, key: z.string().min(1).max(4_096).optional() }), z.void(), {
    verb: 'changes',
    widens: true,
  }),
  /** Stays with the vectors recall uses in this workspace. */
  cancelEmbedding: call(z.object(inWorkspace), z.object({ embedder: z.string() }), { verb: 'changes' }),
  /** Names of the apps the memory may learn from. */
  learning: call(z.void(), z.object({ clients: z.array(z.string()) }), { verb: 'status' }),
  setLearning: call(z.object({ client: z.string(), on: z.boolean() }), z.void(), { verb: 'changes', widens: true }),
  /** To a new file on this computer, for this user only. */
  export: call(
    z.object({ ...inWorkspace, file, format }),
    z.object({ file: z.string(), sizeBytes: z.number().int() }),
    {
      verb: 'contents',
    },
  ),
  /** As a whole or not at all; can be undone. What was not written by the person counts as read from outside, unless they trust it. */
  import: call(
    z.object({ ...inWorkspace, file, format, mode: z.enum(['merge', 'replace']), trusted: z.boolean() }),
    z.object({
      concepts: z.number().int(),
      relations: z.number().int(),
      merged: z.number().int(),
      write: writeId.optional(),
    }),
    { verb: 'changes' },
  ),
  /** Nothing of the file is there then. It takes nothing away, so it needs no confirmation. */
  cancelImport: call(z.object(inWorkspace), z.object({ cancelled: z.boolean() }), { verb: 'status' }),
  /** How far an import is: characters of the file, then concepts and relations; the total is 0 while it is not known. */
  importing: event(
    z.object({
      workspace: z.string(),
      phase: z.enum(['reading', 'writing', 'ended']),
      done: z.number().int(),
      total: z.number().int(),
    }),
  ),
  /** Something was written, by whomever. */
  changed: event(z.object({ workspace: z.string(), write: z.string() })),
  /** How far the vectors of another embedder are; recall uses them when they are complete. */
  embedding: event(
    z.object({
      workspace: z.string(),
      embedder: z.string(),
      done: z.number().int(),
      total: z.number().int(),
      complete: z.boolean(),
    }),
  ),
} as const
