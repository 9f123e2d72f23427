import type { Finding } from '../../../shared/domain/finding.ts'
import type { Json, JsonObject } from '../../../shared/domain/json.ts'

/** A tool that says it takes anything at all: what is sent cannot be checked against what was accepted. */
export function openSchema(definition: JsonObject): Finding[] {
  const { inputSchema } = definition
  const place = 'inputSchema'
  const open = (detail: string): Finding[] => [{ place, rule: 'takes-anything', severity: 'low', detail }]
  if (inputSchema === undefined) return open('no schema')
  if (!isObject(inputSchema)) return open(JSON.stringify(inputSchema).slice(0, 40))
  if (Object.keys(inputSchema).length === 0) return open('{}')
  const { properties, additionalProperties } = inputSchema
  const named = isObject(properties) ? Object.keys(properties).length : 0
  return named === 0 && (additionalProperties === true || emptyObject(additionalProperties))
    ? open('additionalProperties: true')
    : []
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const emptyObject = (value: Json | undefined) => isObject(value) && Object.keys(value).length === 0
