import { isDeepStrictEqual } from 'node:util'
import type { RecallFilter } from '../../../shared/domain/memory.ts'
import type { HistoryStore } from '../history-store.ts'
import { type ConceptRow, labelBits } from '../rows.ts'

/** @returns whether a concept meets everything the filter names */
export function filterOf(filter: RecallFilter, history: HistoryStore): (row: ConceptRow) => boolean {
  const { types, sources, clients, minConfidence } = filter
  const without = labelBits(filter.withoutLabels ?? [])
  const attributes = Object.entries(filter.attributes ?? {})
  const [createdFrom, createdTo] = [filter.createdFrom ?? -Infinity, filter.createdTo ?? Infinity]
  const [updatedFrom, updatedTo] = [filter.updatedFrom ?? -Infinity, filter.updatedTo ?? Infinity]
  return (row) =>
    (!types || types.includes(row.type)) &&
    (!sources || sources.includes(row.source)) &&
    (row.labels & without) === 0 &&
    row.confidence >= (minConfidence ?? 0) &&
    within(row.created_at, createdFrom, createdTo) &&
    within(row.updated_at, updatedFrom, updatedTo) &&
    (!clients ||
      [row.created_by, row.updated_by].some((write) => clients.includes(history.provenance(write).client))) &&
    (attributes.length === 0 || hasAttributes(row, attributes))
}

const within = (at: number, from: number, to: number) => at >= from && at <= to

function hasAttributes(row: ConceptRow, wanted: readonly (readonly [string, unknown])[]): boolean {
  const present = JSON.parse(row.attributes) as Record<string, unknown>
  return wanted.every(([name, value]) => Object.hasOwn(present, name) && isDeepStrictEqual(present[name], value))
}
