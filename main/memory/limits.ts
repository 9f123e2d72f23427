import type {
  ConceptChanges,
  ConceptDraft,
  Entity,
  Link,
  MemoryLimits,
  RelationDraft,
} from '../../shared/domain/memory.ts'
import { memoryLimit } from '../../shared/errors.ts'
import type { Counts } from './graph-write.ts'
import type { ConceptTexts } from './text-index.ts'

/** Everything that is refused because it is too much or too long. @throws memory.limit */
export function roomFor(counts: Counts, limits: MemoryLimits, sizeBytes: number): void {
  if (sizeBytes > limits.bytes) throw memoryLimit('bytes', limits.bytes)
  if (counts.concepts > limits.concepts) throw memoryLimit('concepts', limits.concepts)
  if (counts.relations > limits.relations) throw memoryLimit('relations', limits.relations)
}

export function checkItems(items: readonly unknown[], limits: MemoryLimits): void {
  if (items.length > limits.itemsPerWrite) throw memoryLimit('itemsPerWrite', limits.itemsPerWrite)
}

export function checkName(name: string, limits: MemoryLimits): void {
  if (name.length > limits.nameChars) throw memoryLimit('nameChars', limits.nameChars)
}

export function checkTexts(texts: readonly string[], limits: MemoryLimits): void {
  if (texts.length > limits.observationsPerConcept)
    throw memoryLimit('observationsPerConcept', limits.observationsPerConcept)
  if (texts.some((text) => text.length > limits.textChars)) throw memoryLimit('textChars', limits.textChars)
}

export function checkEntities(entities: readonly Entity[], limits: MemoryLimits): void {
  checkItems(entities, limits)
  for (const { name, entityType, observations } of entities) {
    checkName(name, limits)
    checkName(entityType, limits)
    checkTexts(observations, limits)
  }
}

export function checkLinks(links: readonly Link[], limits: MemoryLimits): void {
  checkItems(links, limits)
  for (const { from, to, relationType } of links) for (const name of [from, to, relationType]) checkName(name, limits)
}

export function checkConcept(draft: ConceptDraft | ConceptChanges, limits: MemoryLimits): void {
  for (const name of [draft.name, draft.type, draft.source]) checkName(name ?? '', limits)
  checkTexts([...(draft.observations ?? [])], limits)
  checkTexts([draft.description ?? ''], limits)
  checkAttributes(draft.attributes, limits)
}

export function checkRelation(draft: RelationDraft, limits: MemoryLimits): void {
  for (const name of [draft.from, draft.to, draft.type]) checkName(name, limits)
  checkAttributes(draft.attributes, limits)
}

/** Said little by little, too: what is known of a concept is indexed as a whole. */
export function checkConceptSize(texts: ConceptTexts, limits: MemoryLimits): void {
  const { name, type, description, attributes, observations } = texts
  let chars = name.length + type.length + description.length + attributes.length
  for (const { length } of observations) chars += length
  if (chars > limits.conceptChars) throw memoryLimit('conceptChars', limits.conceptChars)
}

function checkAttributes(attributes: object | undefined, limits: MemoryLimits): void {
  if (isDeeper(attributes, limits.attributesDepth)) throw memoryLimit('attributesDepth', limits.attributesDepth)
  if (JSON.stringify(attributes ?? {}).length > limits.attributesChars)
    throw memoryLimit('attributesChars', limits.attributesChars)
}

const isDeeper = (value: unknown, most: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (most === 0 || Object.values(value).some((one) => isDeeper(one, most - 1)))
