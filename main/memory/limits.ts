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

/** Everything that is refused because it is too much or too long. @throws memory.limit */
export function roomFor(counts: Counts, limits: MemoryLimits): void {
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

function checkAttributes(attributes: object | undefined, limits: MemoryLimits): void {
  if (JSON.stringify(attributes ?? {}).length > limits.attributesChars)
    throw memoryLimit('attributesChars', limits.attributesChars)
}
