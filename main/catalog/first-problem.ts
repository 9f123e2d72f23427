import type { ErrorObject } from 'ajv'
import type { Json, JsonObject } from '../../shared/domain/json.ts'

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

/** The first problem in one plain sentence: “path: a text is needed, a number was given”. */
export function firstProblem(errors: readonly ErrorObject[], value: JsonObject): string {
  const error = errors.find(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf') ?? errors[0]
  if (error === undefined) return 'arguments: they do not fit'
  return `${placeOf(error)}: ${sentence(error, at(value, error.instancePath))}`
}

function placeOf(error: ErrorObject): string {
  const path = pointer(error.instancePath)
  const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>
  const named = missingProperty ?? additionalProperty
  const parts = named === undefined ? path : [...path, named]
  return parts.length === 0 ? 'arguments' : parts.join('.').slice(0, 200)
}

function sentence(error: ErrorObject, found: Json | undefined): string {
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'type':
      return `${oneOf(params.type)} is needed, ${kindOf(found)} was given`
    case 'required':
      return 'this is missing'
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'this is not expected here'
    case 'enum':
      return `one of ${listed(params.allowedValues)} is needed`
    case 'const':
      return `only ${shown(params.allowedValue)} is possible`
    case 'pattern':
      return `this does not have the expected form (${shown(params.pattern)})`
    case 'format':
      return `this is not a valid ${String(params.format)}`
    case 'anyOf':
      return 'this fits none of the possible forms'
    case 'oneOf':
      return params.passingSchemas
        ? 'this fits more than one of the possible forms'
        : 'this fits none of the possible forms'
    default:
      return `this ${error.message ?? 'does not fit'}`
  }
}

const oneOf = (type: unknown) =>
  (Array.isArray(type) ? type : [type]).map((name) => kinds[String(name)] ?? String(name)).join(' or ')

function kindOf(value: Json | undefined): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return kinds[typeof value] ?? 'nothing'
}

const shown = (value: unknown) => (JSON.stringify(value) ?? '').slice(0, 120)
const listed = (values: unknown) => (Array.isArray(values) ? values : []).slice(0, 20).map(shown).join(', ')

const pointer = (path: string) =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

function at(value: Json, path: string): Json | undefined {
  let found: Json | undefined = value
  for (const part of pointer(path)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined
    found = (found as { readonly [key: string]: Json })[part]
  }
  return found
}
