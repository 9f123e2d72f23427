import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../../../shared/domain/json.ts'
import { jsonFormat } from './json-format.ts'
import { tomlFormat } from './toml-format.ts'
import { yamlFormat } from './yaml-format.ts'

export type FormatName = 'json' | 'toml' | 'yaml'

/** Where an app keeps its servers inside its file: under a key each by name, or in a list of entries with a `name`. */
export interface ServerPlace {
  /** The members that lead to the table with the key, which is there; JSON only. */
  readonly within?: readonly string[]
  readonly key: string
  readonly as: 'map' | 'list'
}

/** One way to write a configuration. Texts have no byte order mark. Each throws an Error whose message says what is wrong. */
export interface Format {
  /** The whole text as data; an empty text is an empty table. */
  read(text: string): JsonObject
  /** The text with an entry set; nothing else is touched. */
  put(text: string, place: ServerPlace, name: string, entry: JsonObject): string
  /** The text without an entry that is there; nothing else is touched. */
  drop(text: string, place: ServerPlace, name: string): string
}

export const formats: Readonly<Record<FormatName, Format>> = { json: jsonFormat, toml: tomlFormat, yaml: yamlFormat }

/** What the entries of a text are, by name. @throws Error when it cannot be read, or what is in the place is no table or list */
export function entriesIn(format: Format, text: string, place: ServerPlace): Map<string, JsonObject> {
  return entriesOf(format.read(text), place)
}

/**
 * The text with an entry set, and proof that nothing else changed: what was written is read again.
 * @throws Error when the file cannot be read or cannot be changed without touching anything else
 */
export function withEntry(format: Format, text: string, place: ServerPlace, name: string, entry: JsonObject): string {
  const entries = entriesIn(format, text, place)
  const wanted = new Map([...entries, [name, entry]])
  return proven(format, text, format.put(text, place, name, entry), place, wanted)
}

/** The text without an entry; as it is when there is none. @throws Error as `withEntry` */
export function withoutEntry(format: Format, text: string, place: ServerPlace, name: string): string {
  const wanted = entriesIn(format, text, place)
  if (!wanted.delete(name)) return text
  return proven(format, text, format.drop(text, place, name), place, wanted)
}

function proven(
  format: Format,
  before: string,
  after: string,
  place: ServerPlace,
  wanted: ReadonlyMap<string, JsonObject>,
): string {
  const now = format.read(after)
  if (
    !isDeepStrictEqual(allBut(format.read(before), place), allBut(now, place)) ||
    !isDeepStrictEqual(entriesOf(now, place), wanted)
  )
    throw new Error('it is written in a way that cannot be changed without touching more than the one entry')
  return after
}

/** What is not the app's servers. */
function allBut(whole: JsonObject, { key, within: [next, ...within] = [], as }: ServerPlace): JsonObject {
  const { [next ?? key]: held, ...others } = whole
  if (next === undefined) return others
  return { ...others, [next]: isTable(held) ? allBut(held, { key, within, as }) : (held as never) }
}

function holderOf(whole: JsonObject, within: readonly string[] = []): JsonObject {
  return within.reduce((table, name) => {
    const inner = Object.hasOwn(table, name) ? table[name] : undefined
    if (!isTable(inner)) throw new Error(`it has no “${name}” any more`)
    return inner
  }, whole)
}

/** What the entries of a parsed text are, by name. @throws Error when what is in the place is no table or list */
export function entriesOf(whole: JsonObject, { key, as, within }: ServerPlace): Map<string, JsonObject> {
  const found = holderOf(whole, within)[key]
  if (found === undefined || found === null) return new Map()
  const items = as === 'list' ? listed(found, key) : named(found, key)
  const entries = new Map<string, JsonObject>()
  for (const [name, entry] of items) {
    if (entries.has(name)) throw new Error(`“${key}” has two entries called “${name}”`)
    entries.set(name, entry)
  }
  return entries
}

function named(found: unknown, key: string): [string, JsonObject][] {
  if (!isTable(found)) throw new Error(`“${key}” is not a table of servers`)
  return Object.entries(found).map(([name, entry]) => [name, isTable(entry) ? entry : { value: entry as never }])
}

function listed(found: unknown, key: string): [string, JsonObject][] {
  if (!Array.isArray(found)) throw new Error(`“${key}” is not a list of servers`)
  return found.map((entry: unknown, at) => {
    if (!isTable(entry)) return [`#${at}`, { value: entry as never }]
    return [typeof entry.name === 'string' ? entry.name : `#${at}`, entry]
  })
}

export const isTable = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
