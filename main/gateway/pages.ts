import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import type { JsonObject } from '../../shared/domain/json.ts'

/** Entries in one page of a list. Many clients never ask for a second page, so it is generous. */
export const pageSize = 1000
const cursorPattern = /^p([0-9]{1,9})$/

/**
 * One page of a list and the opaque cursor of the next.
 * @throws ProtocolError −32602 for a cursor this list never gave out
 */
export function page(
  all: readonly JsonObject[],
  cursor: unknown,
  size = pageSize,
): { items: readonly JsonObject[]; nextCursor?: string } {
  const start = cursor === undefined ? 0 : offsetOf(cursor, all.length)
  if (start === 0 && all.length <= size) return { items: all }
  const end = start + size
  const items = all.slice(start, end)
  return end < all.length ? { items, nextCursor: Buffer.from(`p${end}`).toString('base64url') } : { items }
}

function offsetOf(cursor: unknown, length: number): number {
  const match =
    typeof cursor === 'string' ? cursorPattern.exec(Buffer.from(cursor, 'base64url').toString('latin1')) : null
  const offset = match ? Number(match[1]) : Number.NaN
  if (!(offset <= length)) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid cursor')
  return offset
}
