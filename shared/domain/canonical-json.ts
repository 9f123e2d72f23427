import canonicalize from 'canonicalize'
import type { Json } from './json.ts'

/**
 * RFC 8785 canonical JSON: what hashes, pins and approvals are made from.
 * @throws TypeError for values JSON cannot carry (NaN, undefined at the top, BigInt)
 */
export function canonicalJson(value: Json): string {
  const text = isInOrder(value, 0) ? JSON.stringify(value) : canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

const deepest = 16

/**
 * Of a plain value whose members are sorted already, and most calls are, JSON's own text is the canonical one: RFC 8785
 * writes texts and numbers as ECMAScript does, and only the order of members is its own.
 */
function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return value === null || typeof value === 'boolean'
  if (depth > deepest || 'toJSON' in value) return false
  if (Array.isArray(value)) return value.every((item) => isInOrder(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  let before = ''
  for (const key of Object.keys(value)) {
    if (key < before || !key.isWellFormed() || !isInOrder((value as Record<string, unknown>)[key], depth + 1))
      return false
    before = key
  }
  return true
}
