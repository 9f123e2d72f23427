import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Format, ServerPlace } from './config-format.ts'
import { indentAt, lineEnd, lineStart, lineStop, nextLine, type Splice, spliced } from './splice.ts'

/** YAML 1.2: entries under a key by name, or in a list. */
export const yamlFormat: Format = {
  read: (text) => {
    const value: unknown = documentOf(text)?.toJS() ?? {}
    if (typeof value !== 'object' || Array.isArray(value)) throw new Error('it does not hold a table')
    return value as JsonObject
  },
  put: (text, place, name, entry) => {
    const root = rootOf(text)
    const pair = root && pairOf(root, place.key)
    if (!root || !pair) return atTheEnd(text, root, place, name, entry)
    const held = heldBy(pair)
    if (!held) return spliced(text, [afterKey(text, pair, place, name, entry)])
    const item = itemOf(held, name)
    if (held.flow) return spliced(text, [inFlow(held, item, name, entry)])
    if (item) return spliced(text, [inPlace(text, held, item, name, entry)])
    return spliced(text, [afterLast(text, held, name, entry)])
  },
  drop: (text, place, name) => {
    const root = rootOf(text)
    const pair = root && pairOf(root, place.key)
    const held = pair && heldBy(pair)
    const item = held && itemOf(held, name)
    if (!held || !item) return text
    return spliced(text, [held.flow ? outOfFlow(held, item) : linesOf(text, item)])
  },
}

type Held = YAMLMap | YAMLSeq
type Span = readonly [number, number]

function documentOf(text: string): Document.Parsed | undefined {
  const all = parseAllDocuments(text, { keepSourceTokens: true, uniqueKeys: true })
  if (!Array.isArray(all) || all.length === 0) return undefined
  if (all.length > 1) throw new Error('it holds more than one document')
  const [document] = all
  const [first] = document?.errors ?? []
  if (first) throw new Error(first.message.split('\n')[0])
  return document
}

function rootOf(text: string): YAMLMap | undefined {
  const contents = documentOf(text)?.contents
  if (contents === null || contents === undefined) return undefined
  if (isScalar(contents) && contents.value === null) return undefined
  if (!isMap(contents)) throw new Error('it does not hold a table')
  return contents
}

const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)

/** What stands under the key; undefined when that is nothing. */
function heldBy(pair: Pair): Held | undefined {
  const { value } = pair
  if (isMap(value) || isSeq(value)) return value
  if (isAlias(value)) throw new Error('its servers are given by an alias')
  return undefined
}

/** The key of a member or the item of a list, with all that belongs to it. */
interface Item {
  readonly span: Span
  readonly index: number
}

function itemOf(held: Held, name: string): Item | undefined {
  const index = isSeq(held)
    ? held.items.findIndex((item) => isMap(item) && item.get('name') === name)
    : held.items.findIndex((pair) => isScalar(pair.key) && String(pair.key.value) === name)
  if (index < 0) return undefined
  return { index, span: spanOf(held, index) }
}

function spanOf(held: Held, index: number): Span {
  const item = held.items[index]
  if (isSeq(held)) return rangeOf(item)
  const pair = item as Pair
  const [start, keyEnd] = rangeOf(pair.key)
  return [start, pair.value ? rangeOf(pair.value)[1] : keyEnd]
}

/** From its first character to the end of its value. */
function rangeOf(node: unknown): Span {
  const range = (node as { readonly range?: readonly number[] | null } | null)?.range
  const [start, end] = range ?? []
  if (start === undefined || end === undefined) throw new Error('a part of it has no place')
  return [start, end]
}

function atTheEnd(
  text: string,
  root: YAMLMap | undefined,
  place: ServerPlace,
  name: string,
  entry: JsonObject,
): string {
  const eol = lineEnd(text)
  if (root?.flow) {
    const value = place.as === 'list' ? [entry] : { [name]: entry }
    return spliced(text, [inFlow(root, undefined, place.key, value as unknown as JsonObject)])
  }
  const gap = text === '' || text.endsWith('\n') ? '' : eol
  const lines = [`${key(place.key)}:`, ...itemLines(place.as, name, entry).map((line) => `  ${line}`)]
  return `${text}${gap}${lines.join(eol)}${eol}`
}

/** `key:` with nothing after it. */
function afterKey(text: string, pair: Pair, place: ServerPlace, name: string, entry: JsonObject): Splice {
  const [start] = rangeOf(pair.key)
  const at = lineStop(text, start)
  const indent = `${indentAt(text, start)}  `
  return { start: at, end: at, text: block(text, itemLines(place.as, name, entry), indent) }
}

/** A new last member, on lines of its own. */
function afterLast(text: string, held: Held, name: string, entry: JsonObject): Splice {
  const [first] = spanOf(held, 0)
  const [, end] = spanOf(held, held.items.length - 1)
  const at = endOfLines(text, end)
  const written = block(text, itemLines(isSeq(held) ? 'list' : 'map', name, entry), indentOf(text, held, first))
  return { start: at, end: at, text: written }
}

/** The white space before a member, or before the dash of an item. */
function indentOf(text: string, held: Held, first: number): string {
  const before = text.slice(lineStart(text, first), first)
  const indent = isSeq(held) ? before.replace(/-[ \t]*$/, '') : before
  if (/\S/.test(indent)) throw new Error('its servers begin on the line of their key')
  return indent
}

function inPlace(text: string, held: Held, item: Item, name: string, entry: JsonObject): Splice {
  const [start, end] = item.span
  const indent = indentOf(text, held, start)
  const lines = itemLines(isSeq(held) ? 'list' : 'map', name, entry)
  const written = lines.map((line) => `${indent}${line}`).join(lineEnd(text))
  return { start: lineStart(text, start), end: endOfLines(text, end), text: written }
}

/** A value’s end lies behind its line feed when it is a block; else the rest of its line (a comment) goes with it. */
function endOfLines(text: string, end: number): number {
  const last = end > 0 && text[end - 1] === '\n' ? end - 1 : end
  return last < end ? (text[last - 1] === '\r' ? last - 1 : last) : lineStop(text, end)
}

const block = (text: string, lines: readonly string[], indent: string) =>
  lines.map((line) => `${lineEnd(text)}${indent}${line}`).join('')

function linesOf(text: string, { span: [start, end] }: Item): Splice {
  return { start: lineStart(text, start), end: nextLine(text, endOfLines(text, end)), text: '' }
}

function inFlow(held: Held, item: Item | undefined, name: string, entry: JsonObject): Splice {
  const written = isSeq(held) ? JSON.stringify(entry) : `${JSON.stringify(name)}: ${JSON.stringify(entry)}`
  if (item) return { start: item.span[0], end: item.span[1], text: written }
  const last = held.items.length - 1
  const at = last < 0 ? rangeOf(held)[0] + 1 : spanOf(held, last)[1]
  return { start: at, end: at, text: last < 0 ? written : `, ${written}` }
}

function outOfFlow(held: Held, { index, span }: Item): Splice {
  if (index + 1 < held.items.length) return { start: span[0], end: spanOf(held, index + 1)[0], text: '' }
  return { start: index > 0 ? spanOf(held, index - 1)[1] : span[0], end: span[1], text: '' }
}

function itemLines(as: ServerPlace['as'], name: string, entry: JsonObject): string[] {
  const members = Object.entries(entry).map(([member, value]) => `${key(member)}: ${JSON.stringify(value)}`)
  if (as === 'map') return [`${key(name)}:`, ...members.map((line) => `  ${line}`)]
  return members.map((line, at) => `${at === 0 ? '-' : ' '} ${line}`)
}

const key = (name: string) => (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) ? name : JSON.stringify(name))
