import type { Reply } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { Json } from '../../shared/domain/json.ts'
import { filterBlocked } from '../../shared/errors.ts'
import type { FilteredReply, ReplyFilter } from './filter.ts'
import type { FilterCounts } from './filter-counts.ts'

export const defaultLargestReplyBytes = 25 * 1024 * 1024
const deepest = 512

/** An answer above the cap is replaced by a note that says so; what cannot carry a note is refused. */
export const cappedSize = (largestBytes: number, counts: FilterCounts): ReplyFilter => ({
  name: 'answer size',
  apply: ({ entry, reply, way }) => {
    const value = (reply.kind === 'result' ? reply.result : reply.error) as unknown as Json
    const characters = textLength(value, entry, 1)
    // One character is at most 3 bytes of UTF-8 (6 when escaped), so most answers need no exact measure.
    if (characters * 6 <= largestBytes) return undefined
    const bytes = Buffer.byteLength(JSON.stringify(value))
    if (bytes <= largestBytes) return undefined
    counts.add('answer-size', 'reply', 'block')
    return { reply: noted(entry, bytes, largestBytes, way), labels: ['too-large'] }
  },
})

function noted(entry: CatalogEntry, bytes: number, largestBytes: number, way: FilteredReply['way']): Reply {
  const problem = `the answer has ${megabytes(bytes)}, more than the ${megabytes(largestBytes)} that are passed on. Ask for less at once`
  if (entry.kind !== 'tool' || way !== undefined) throw filterBlocked(entry.name, 'answer size', problem)
  const text = `Gatehouse left out the answer of ${entry.name}: ${problem}. The call itself was made.`
  return { kind: 'result', result: { content: [{ type: 'text', text }], isError: true } }
}

const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`

function textLength(value: Json, entry: CatalogEntry, depth: number): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 8
  if (depth > deepest)
    throw filterBlocked(entry.name, 'answer size', `the answer is nested deeper than ${deepest} levels`)
  let sum = 2
  if (Array.isArray(value)) {
    for (const item of value) sum += textLength(item, entry, depth + 1)
    return sum
  }
  for (const key of Object.keys(value)) {
    sum += key.length + 4 + textLength((value as { readonly [key: string]: Json })[key] as Json, entry, depth + 1)
  }
  return sum
}
