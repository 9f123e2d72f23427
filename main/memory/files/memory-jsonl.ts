import { z } from 'zod'
import type { Entity, GraphDocument, ImportedConcept, ImportedRelation, Link } from '../../../shared/domain/memory.ts'
import { memoryBadFile } from '../../../shared/errors.ts'

const entity = z.object({
  type: z.literal('entity'),
  name: z.string(),
  entityType: z.string(),
  observations: z.array(z.string()),
})
const link = z.object({ type: z.literal('relation'), from: z.string(), to: z.string(), relationType: z.string() })
const line = z.discriminatedUnion('type', [entity, link])

const toldEveryLines = 10_000

/** The file of `@modelcontextprotocol/server-memory`. @throws memory.bad-file with line and reason */
export function readJsonl(text: string, at: (done: number) => void = () => {}): GraphDocument {
  const concepts: ImportedConcept[] = []
  const relations: ImportedRelation[] = []
  let done = 0
  for (const [index, one] of text.split('\n').entries()) {
    done += one.length + 1
    if (index % toldEveryLines === 0) at(done)
    if (one.trim() === '') continue
    const item = parsed(one, index + 1)
    if (item.type === 'relation') relations.push({ from: item.from, to: item.to, type: item.relationType })
    else concepts.push({ name: item.name, type: item.entityType, observations: item.observations })
  }
  return { concepts, relations }
}

function parsed(text: string, number: number): z.output<typeof line> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw memoryBadFile(number, 'this is not JSON')
  }
  const item = line.safeParse(value)
  if (item.success) return item.data
  const [issue] = item.error.issues
  throw memoryBadFile(number, `${issue?.path.join('.')}: ${issue?.message}`)
}

/** Byte for byte as that server writes it, lines joined by `\n` without one at the end. */
export const entityLine = ({ name, entityType, observations }: Entity): string =>
  JSON.stringify({ type: 'entity', name, entityType, observations })
export const linkLine = ({ from, to, relationType }: Link): string =>
  JSON.stringify({ type: 'relation', from, to, relationType })
