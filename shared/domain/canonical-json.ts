import canonicalize from 'canonicalize'
import type { Json } from './json.ts'

/**
 * RFC 8785 canonical JSON: what hashes, pins and approvals are made from.
 * @throws TypeError for values JSON cannot carry (NaN, undefined at the top, BigInt)
 */
export function canonicalJson(value: Json): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}
