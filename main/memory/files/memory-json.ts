import { parseTree } from 'jsonc-parser'
import { z } from 'zod'
import { contentLabels } from '../../../shared/domain/flow.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Concept, GraphDocument, Relation } from '../../../shared/domain/memory.ts'
import { memoryBadFile } from '../../../shared/errors.ts'
import { lineAt, nodeAt } from './lines.ts'

/** The version of the format this file writes; it reads no other. */
const version = 1

const share = z.number().min(0).max(1)
const attributes = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>
const labels = z.array(z.enum(contentLabels)).optional()
const concept = z.strictObject({
  name: z.string(),
  type: z.string(),
  description: z.string().optional(),
  attributes: attributes.optional(),
  observations: z.array(z.string()).optional(),
  confidence: share.optional(),
  source: z.string().optional(),
  labels,
})
const relation = z.strictObject({
  from: z.string(),
  to: z.string(),
  type: z.string(),
  weight: share.optional(),
  confidence: share.optional(),
  inferred: z.boolean().optional(),
  attributes: attributes.optional(),
  labels,
})
const file = z.strictObject({
  gatehouseMemory: z.literal(version),
  concepts: z.array(concept),
  relations: z.array(relation),
})

/** @throws memory.bad-file with line and reason */
export function readJson(text: string): GraphDocument {
  const parsed = file.safeParse(parse(text))
  if (parsed.success) return parsed.data as GraphDocument
  const [issue] = parsed.error.issues
  const node = nodeAt(parseTree(text), issue?.path ?? [])
  throw memoryBadFile(lineAt(text, node?.offset ?? 0), `${place(issue?.path)}${issue?.message ?? ''}`)
}

/** One concept or relation a line. */
export const jsonParts = {
  begin: `{\n"gatehouseMemory": ${version},\n"concepts": [`,
  between: `\n],\n"relations": [`,
  end: '\n]\n}\n',
  concept: ({ name, type, description, attributes: more, observations, confidence, source, labels: of }: Concept) =>
    JSON.stringify({
      name,
      type,
      description,
      attributes: more,
      observations: observations.map(({ text }) => text),
      confidence,
      source,
      labels: of,
    }),
  relation: ({ from, to, type, weight, confidence, inferred, attributes: more, labels: of }: Relation) =>
    JSON.stringify({ from, to, type, weight, confidence, inferred, attributes: more, labels: of }),
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const errors: { offset: number }[] = []
    parseTree(text, errors as never)
    throw memoryBadFile(lineAt(text, errors[0]?.offset ?? 0), 'this is not JSON')
  }
}

const place = (path: readonly PropertyKey[] = []): string => (path.length === 0 ? '' : `${path.join('.')}: `)
