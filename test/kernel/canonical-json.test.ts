import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { Json } from '../../shared/domain/json.ts'

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}

it('is the text RFC 8785 asks for, whether members came in order or not', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.boolean(), (value, inOrder) => {
      const given = (inOrder ? sorted(value) : value) as Json
      expect(canonicalJson(given)).toBe(canonicalize(given))
    }),
  )
})

it('refuses what JSON cannot carry, also among members in order', () => {
  for (const value of [{ a: Number.NaN }, { a: 'half \ud800' }, { '\ud800': 1 }, undefined])
    expect(() => canonicalJson(value as unknown as Json)).toThrow()
})

it('leaves out what is undefined, as JSON does', () => {
  expect(canonicalJson({ a: undefined, b: 1 } as unknown as Json)).toBe('{"b":1}')
})
