import type { Json, JsonObject } from '../../shared/domain/json.ts'

/**
 * Arguments without the members that are null and need not be given: many models write null for “not given”, and
 * 2026-07-28 treats the two alike. Only for checking; what is sent keeps them.
 *
 * @returns `value` itself when there is none
 */
export function withoutOptionalNulls(schema: Json | undefined, value: JsonObject): JsonObject {
  const { required } = isObject(schema) ? schema : {}
  const needed = new Set(Array.isArray(required) ? required : [])
  const kept = Object.entries(value).filter(([name, member]) => member !== null || needed.has(name))
  return kept.length === Object.keys(value).length ? value : Object.fromEntries(kept)
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
