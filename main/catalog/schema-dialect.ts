import type { Json, JsonObject } from '../../shared/domain/json.ts'

export type Dialect = '2020-12' | '2019-09' | 'draft-07' | 'draft-06' | 'draft-04'

/** Marks every reference, so that following them can be counted. */
export const stepKeyword = 'x-gatehouse-step'

const dialects: readonly (readonly [string, Dialect])[] = [
  ['2020-12', '2020-12'],
  ['2019-09', '2019-09'],
  ['draft-07', 'draft-07'],
  ['draft-06', 'draft-06'],
  ['draft-04', 'draft-04'],
]

/**
 * @returns undefined when the schema does not say
 * @throws Error for a dialect nobody here knows
 */
export function dialectOf(schema: JsonObject): Dialect | undefined {
  const told = schema.$schema
  if (typeof told !== 'string') return undefined
  const known = dialects.find(([part]) => told.includes(part))
  if (known === undefined) throw new Error(`it is written in ${told.slice(0, 100)}, which is not known here`)
  return known[1]
}

/** Values that look like schemas and are none. */
const data = new Set(['const', 'enum', 'default', 'examples', 'example'])
const deepest = 200

/** A copy for Ajv: references marked, old dialects in the words of draft-07, nothing that could reach a prototype. */
export function prepared(schema: JsonObject, dialect: Dialect): JsonObject {
  return copied(schema, dialect, 0, false) as JsonObject
}

function copied(value: Json, dialect: Dialect, depth: number, names: boolean): Json {
  if (typeof value !== 'object' || value === null) return value
  if (depth > deepest) throw new Error(`it is nested deeper than ${deepest} levels`)
  if (Array.isArray(value)) return value.map((item: Json) => copied(item, dialect, depth + 1, false))
  const source = value as JsonObject
  const out: Record<string, Json> = {}
  for (const [key, member] of Object.entries(source)) {
    if (key === '__proto__' || (key === '$schema' && !names)) continue
    const isData = !names && data.has(key)
    out[key] = isData ? member : copied(member, dialect, depth + 1, !names && holdsNames.has(key))
  }
  if (names) return out
  if (dialect === 'draft-04') modernise(out)
  if (isReference(out)) out[stepKeyword] = true
  return out
}

/** Keywords whose members are named by the author, not by JSON Schema. */
const holdsNames = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
])

const isReference = (schema: Record<string, Json>) =>
  ['$ref', '$dynamicRef', '$recursiveRef'].some((key) => typeof schema[key] === 'string')

/** @see JSON Schema draft-06 release notes: `id` became `$id`, the exclusive limits became numbers */
function modernise(schema: Record<string, Json>): void {
  if (typeof schema.id === 'string' && schema.$id === undefined) {
    schema.$id = schema.id
    delete schema.id
  }
  for (const [limit, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    const bound = schema[limit]
    if (schema[exclusive] === true && typeof bound === 'number') {
      schema[exclusive] = bound
      delete schema[limit]
    } else if (typeof schema[exclusive] === 'boolean') delete schema[exclusive]
  }
}
