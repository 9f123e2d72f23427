import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import type { Format, ServerPlace } from './config-format.ts'
import { indentAt, lineEnd, lineStart, lineStop, nextLine, type Splice, spliced } from './splice.ts'

/** JSON, with the comments and trailing commas that editors allow in theirs. */
export const jsonFormat: Format = {
  read: (text) => (text.trim() === '' ? {} : (plain(text) ?? (dataOf(treeOf(text)) as JsonObject))),
  put: (text, place, name, entry) => {
    if (text.trim() === '') return fresh(text, place, name, entry)
    const holder = holderOf(text, place)
    const container = member(holder, place.key)
    if (!container) return added(text, holder, place.key, { [name]: entry })
    const held = place.as === 'list' ? listItem(container, name) : member(container, name)
    if (held) return spliced(text, [replacement(text, held, entry)])
    return place.as === 'list' ? appended(text, container, undefined, entry) : added(text, container, name, entry)
  },
  drop: (text, place, name) => {
    const container = member(holderOf(text, place), place.key)
    const held = container && (place.as === 'list' ? listItem(container, name) : member(container, name))
    if (!container || !held) return text
    const child = place.as === 'list' ? held : (held.parent ?? held)
    return spliced(text, removal(text, container, child))
  },
}

/** Many times faster than the tree, where nothing but JSON is in it. */
function plain(text: string): JsonObject | undefined {
  try {
    const whole: unknown = JSON.parse(text)
    return typeof whole === 'object' && whole !== null && !Array.isArray(whole) ? (whole as JsonObject) : undefined
  } catch {
    return undefined // the tree says what is wrong, or allows it
  }
}

function treeOf(text: string): Node {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first) throw new Error(`line ${lineOf(text, first.offset)}: ${printParseErrorCode(first.error)}`)
  if (root?.type !== 'object') throw new Error('it does not hold a JSON object')
  return root
}

/** The object that has the place's key. */
function holderOf(text: string, { within = [] }: ServerPlace): Node {
  return within.reduce((holder, name) => {
    const inner = member(holder, name)
    if (!inner) throw new Error(`it has no “${name}” any more`)
    return inner
  }, treeOf(text))
}

const lineOf = (text: string, offset: number) => text.slice(0, offset).split('\n').length

/** As the usual parsers read it: of two members with one name the last one counts. */
function dataOf(node: Node): Json {
  if (node.type === 'array') return (node.children ?? []).map(dataOf)
  if (node.type !== 'object') return node.value as Json
  const value: Record<string, Json> = Object.create(null)
  for (const property of node.children ?? []) {
    const [key, held] = property.children ?? []
    if (!key || !held) throw new Error('a member has no value')
    value[key.value as string] = dataOf(held)
  }
  return { ...value }
}

/** The value of the last member with this name. @throws Error when the node is not an object */
function member(node: Node, name: string): Node | undefined {
  if (node.type !== 'object') throw new Error(`“${name}” is not where it should be`)
  return node.children?.findLast((property) => property.children?.[0]?.value === name)?.children?.[1]
}

function listItem(list: Node, name: string): Node | undefined {
  return list.children?.find((item) => item.type === 'object' && member(item, 'name')?.value === name)
}

function fresh(text: string, { key, as }: ServerPlace, name: string, entry: JsonObject): string {
  const whole = { [key]: as === 'list' ? [entry] : { [name]: entry } }
  return `${JSON.stringify(whole, null, 2)}\n`.replaceAll('\n', lineEnd(text))
}

const added = (text: string, object: Node, name: string, value: JsonObject) => appended(text, object, name, value)

/** A new last member of an object, or item of a list, laid out as its neighbours are. */
function appended(text: string, holder: Node, name: string | undefined, value: JsonObject): string {
  const close = holder.offset + holder.length - 1
  const last = holder.children?.at(-1)
  const layout = layoutOf(text, holder)
  const written = `${name === undefined ? '' : `${JSON.stringify(name)}: `}${laidOut(value, layout)}`
  if (!last) {
    const inside = text.slice(holder.offset + 1, close)
    if (layout.inline) return spliced(text, [{ start: close, end: close, text: written }])
    if (/[\r\n]/.test(inside)) {
      const before = lineStart(text, close)
      const clear = text.slice(before, close).trim() === ''
      const at = clear ? before : close
      return spliced(text, [{ start: at, end: at, text: `${layout.indent}${written}${layout.eol}` }])
    }
    const closing = `${layout.eol}${indentAt(text, firstOfLine(text, holder.offset))}`
    return spliced(text, [{ start: close, end: close, text: `${layout.eol}${layout.indent}${written}${closing}` }])
  }
  const end = last.offset + last.length
  const comma = commaAfter(text, end, close)
  const first: Splice[] = comma < 0 ? [{ start: end, end, text: ',' }] : []
  const trailing = comma < 0 ? '' : ','
  if (layout.inline) {
    const at = comma < 0 ? end : comma + 1
    return spliced(text, [...first, { start: at, end: at, text: ` ${written}${trailing}` }])
  }
  const at = pastComments(text, comma < 0 ? end : comma + 1, close)
  return spliced(text, [...first, { start: at, end: at, text: `${layout.eol}${layout.indent}${written}${trailing}` }])
}

interface Layout {
  readonly inline: boolean
  readonly eol: string
  /** What a member's line begins with. */
  readonly indent: string
  /** One step further in. */
  readonly step: string
}

function layoutOf(text: string, holder: Node): Layout {
  const eol = lineEnd(text)
  const outer = indentAt(text, firstOfLine(text, holder.offset))
  const first = holder.children?.[0]
  const own = text.slice(holder.offset, holder.offset + holder.length)
  const onOneLine = holder.parent !== undefined && !/[\r\n]/.test(text.trim())
  const inline = !/[\r\n]/.test(own) && (first !== undefined || onOneLine)
  const indent =
    first && /[\r\n]/.test(text.slice(holder.offset, first.offset)) ? indentAt(text, first.offset) : undefined
  const step = indent?.startsWith(outer) && indent.length > outer.length ? indent.slice(outer.length) : usualStep(text)
  return { inline, eol, indent: indent ?? outer + step, step }
}

const firstOfLine = (text: string, place: number) =>
  lineStart(text, place) + (/^[ \t]*/.exec(text.slice(lineStart(text, place)))?.[0].length ?? 0)

/** The first indentation there is. */
const usualStep = (text: string) => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '

function laidOut(value: JsonObject, { inline, eol, indent, step }: Layout): string {
  if (inline) return JSON.stringify(value)
  return JSON.stringify(value, null, step).replaceAll('\n', `${eol}${indent}`)
}

/** Strings inside the value are escaped, so that every line feed is one between members. */
function replacement(text: string, held: Node, entry: JsonObject): Splice {
  const line = indentAt(text, firstOfLine(text, held.offset))
  const own = text.slice(held.offset, held.offset + held.length)
  const layout = { inline: !/[\r\n]/.test(own), eol: lineEnd(text), indent: line, step: usualStep(text) }
  return { start: held.offset, end: held.offset + held.length, text: laidOut(entry, layout) }
}

/** Where the comma after this place is; -1 when something else, or the end, comes first. */
function commaAfter(text: string, place: number, close: number): number {
  let at = place
  while (at < close) {
    at = pastSpace(text, at, close)
    if (text[at] === ',') return at
    const comment = commentEnd(text, at)
    if (comment < 0) return -1
    at = comment
  }
  return -1
}

const pastSpace = (text: string, place: number, close: number): number => {
  let at = place
  while (at < close && /\s/.test(text[at] ?? '')) at++
  return at
}

/** Where the comment that begins here ends; -1 when none does. */
function commentEnd(text: string, at: number): number {
  if (text.startsWith('//', at)) return lineStop(text, at)
  if (!text.startsWith('/*', at)) return -1
  return text.indexOf('*/', at + 2) + 2
}

/** Past the comments that follow on the same line: they belong to what stands before them. */
function pastComments(text: string, place: number, close: number): number {
  let end = place
  for (let at = place; at < close; ) {
    while (/[ \t]/.test(text[at] ?? '')) at++
    const comment = commentEnd(text, at)
    if (comment < 0 || /[\r\n]/.test(text.slice(at, comment))) return end
    end = comment
    at = comment
  }
  return end
}

/** A member, its comma and, where it has lines of its own, those lines. */
function removal(text: string, holder: Node, child: Node): Splice[] {
  const close = holder.offset + holder.length - 1
  const end = child.offset + child.length
  const comma = commaAfter(text, end, close)
  const children = holder.children ?? []
  const before = children[children.indexOf(child) - 1]
  const stop = comma < 0 || /[\r\n]/.test(text.slice(end, comma)) ? end : comma + 1
  const splices: Splice[] = [ownLines(text, child.offset, stop)]
  if (comma >= 0 && stop === end) splices.push({ start: comma, end: comma + 1, text: '' })
  if (comma < 0 && before) {
    const earlier = commaAfter(text, before.offset + before.length, child.offset)
    if (earlier >= 0) splices.push({ start: earlier, end: earlier + 1, text: '' })
  }
  return splices
}

/** The whole lines when nothing else stands on them, else just the piece with the space before it. */
function ownLines(text: string, start: number, end: number): Splice {
  const first = lineStart(text, start)
  const alone = text.slice(first, start).trim() === '' && text.slice(end, lineStop(text, end)).trim() === ''
  if (alone && first > 0) return { start: first, end: nextLine(text, end), text: '' }
  let from = start
  while (/[ \t]/.test(text[from - 1] ?? '')) from--
  return { start: from, end, text: '' }
}
