import { createHash } from 'node:crypto'
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import type { JsonObject } from '../../shared/domain/json.ts'

/** Entries in one page of a list. Many clients never ask for a second page, so it is generous. */
export const pageSize = 1000
/** Cursors a client may make up for one list; there are no more pages than this of the most entries a server may have. */
const mostKeptPages = 100
const cursorPattern = /^p([0-9]{1,9})((?:\.[0-9a-f]{16}){1,5})$/
/** Which entries a cursor names, counted from the end of its page: a whole server may go in between. */
const markedBack = [1, 2, 8, 32, 128]

export interface ListShape {
  /** The result's member that holds the entries. */
  readonly member: string
  /** The entries' member that tells them apart. */
  readonly key: 'name' | 'uri' | 'uriTemplate'
}

const results = new WeakMap<readonly JsonObject[], Map<unknown, JsonObject>>()

/**
 * The result of a list request. The same object as long as the list is the same, so that its JSON is made once.
 * @throws ProtocolError −32602 for a cursor no list ever gave out
 */
export function listResult(all: readonly JsonObject[], cursor: unknown, { member, key }: ListShape): JsonObject {
  const known = results.get(all) ?? new Map<unknown, JsonObject>()
  results.set(all, known)
  const present = known.get(cursor)
  if (present) return present
  const { items, ...rest } = page(all, cursor, key)
  const made: JsonObject = Object.freeze({ [member]: items, ...rest })
  if (known.size < mostKeptPages) known.set(cursor, made)
  return made
}

/**
 * One page of a list and the opaque cursor of the next. A cursor names entries at the end of its page, so that what is
 * added or taken away in between hides nothing of the rest; something is repeated only when the very last entry is gone.
 *
 * @param key the member that tells entries of this list apart
 * @throws ProtocolError −32602 for a cursor no list ever gave out
 */
export function page(
  all: readonly JsonObject[],
  cursor: unknown,
  key: ListShape['key'] = 'name',
  size = pageSize,
): { items: readonly JsonObject[]; nextCursor?: string } {
  const start = cursor === undefined ? 0 : startAfter(cursor, all, key)
  if (start === 0 && all.length <= size) return { items: all }
  const end = start + size
  const items = all.slice(start, end)
  if (end >= all.length) return { items }
  const marks = markedBack.flatMap((back) => {
    const marked = items.at(-back)
    return marked === undefined ? [] : [markOf(marked, key)]
  })
  return { items, nextCursor: Buffer.from(`p${end}.${marks.join('.')}`).toString('base64url') }
}

function startAfter(cursor: unknown, all: readonly JsonObject[], key: string): number {
  const match =
    typeof cursor === 'string' ? cursorPattern.exec(Buffer.from(cursor, 'base64url').toString('latin1')) : null
  if (!match) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid cursor')
  const end = Number(match[1])
  const marks = match[2]?.slice(1).split('.') ?? []
  const last = all[end - 1]
  if (last !== undefined && markOf(last, key) === marks[0]) return end
  const places = new Map(all.map((one, place) => [markOf(one, key), place]))
  const present = marks.map((mark) => places.get(mark)).find((place) => place !== undefined)
  return present === undefined ? 0 : present + 1
}

const markOf = (one: JsonObject, key: string) =>
  createHash('sha256').update(String(one[key])).digest('hex').slice(0, 16)
