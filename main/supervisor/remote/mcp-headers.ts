import type { ExchangeMethod } from '../../../shared/domain/call.ts'
import type { CatalogEntry } from '../../../shared/domain/catalog.ts'
import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import type { Listing } from '../ports.ts'
import type { Era } from '../server-store.ts'

/** A member of a tool's arguments that also travels as the header `Mcp-Param-NAME`. */
interface Declared {
  readonly path: readonly string[]
  readonly name: string
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const mirrored = new Set(['string', 'integer', 'boolean'])

/**
 * The headers of a 2026-07-28 call, from what is really sent: filters and the person may have changed what the client
 * sent, and its own headers end at Gatehouse.
 *
 * @see MCP 2026-07-28, basic/transports, “Standard request headers” and “Custom headers from tool parameters”
 */
export function callHeaders(method: ExchangeMethod, entry: CatalogEntry, args: JsonObject): Record<string, string> {
  const named = method === 'tools/call' || method === 'prompts/get' || method === 'resources/read'
  const headers: Record<string, string> = named ? { 'mcp-name': headerValue(entry.ownName) } : {}
  if (method !== 'tools/call') return headers
  const declared = declaredHeaders(entry.definition.inputSchema)
  for (const { path, name } of declared ?? []) {
    const text = primitiveText(valueAt(args, path))
    if (text !== undefined) headers[`mcp-param-${name.toLowerCase()}`] = headerValue(text)
  }
  return headers
}

/**
 * What a schema declares with `x-mcp-header`.
 * @returns undefined when a declaration is not allowed where it stands; such a tool must not be offered
 */
export function declaredHeaders(schema: Json | undefined): readonly Declared[] | undefined {
  const found: Declared[] = []
  return collect(schema, [], true, found) ? found : undefined
}

/** Without the tools a 2026-07-28 client must not offer, because of what their schemas want in headers. */
export function withoutBadHeaders(listing: Listing, era: Era): Listing {
  if (era === 'legacy') return listing
  const { entries } = listing
  return {
    entries: entries.filter((one) => one.kind !== 'tool' || declaredHeaders(one.definition.inputSchema) !== undefined),
  }
}

/** @param reachable only `properties` lead here from the root */
function collect(node: Json | undefined, path: readonly string[], reachable: boolean, found: Declared[]): boolean {
  if (typeof node !== 'object' || node === null) return true
  if (Array.isArray(node)) return node.every((part) => collect(part, path, false, found))
  const schema = node as JsonObject
  if ('x-mcp-header' in schema && !(reachable && path.length > 0 && note(schema, path, found))) return false
  return Object.entries(schema).every(([key, child]) => {
    if (key === 'properties') return collectProperties(child, path, reachable, found)
    if (annotations.has(key)) return true
    return collect(child, path, false, found)
  })
}

function collectProperties(node: Json, path: readonly string[], reachable: boolean, found: Declared[]): boolean {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return true
  return Object.entries(node as JsonObject).every(([name, child]) => collect(child, [...path, name], reachable, found))
}

/** Members that hold values, not schemas: a text there means nothing. */
const annotations = new Set(['x-mcp-header', 'default', 'examples', 'enum', 'const'])

function note(schema: JsonObject, path: readonly string[], found: Declared[]): boolean {
  const { 'x-mcp-header': name, type } = schema
  if (typeof name !== 'string' || !token.test(name) || typeof type !== 'string' || !mirrored.has(type)) return false
  if (found.some((other) => other.name.toLowerCase() === name.toLowerCase())) return false
  found.push({ path, name })
  return true
}

function valueAt(root: Json | undefined, path: readonly string[]): Json | undefined {
  let node = root
  for (const key of path) {
    if (typeof node !== 'object' || node === null || Array.isArray(node) || !Object.hasOwn(node, key)) return undefined
    node = (node as JsonObject)[key]
  }
  return node
}

function primitiveText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value)
}

/** As it stands when a header can carry it, else as base64 in a mark. */
export function headerValue(text: string): string {
  const plain = /^[\x20-\x7e]*$/.test(text) && text === text.trim() && !/^=\?base64\?.*\?=$/.test(text)
  return plain ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`
}
