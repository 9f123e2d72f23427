import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser'
import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import type { Format } from './config-format.ts'
import { lineEnd, lineStart, lineStop, nextLine, type Splice, spliced } from './splice.ts'

/** TOML 1.0: entries as `[KEY.NAME]` tables. */
export const tomlFormat: Format = {
  read: (text) => getStaticTOMLValue(programOf(text)) as unknown as JsonObject,
  put: (text, { key }, name, entry) => {
    const held = partsOf(text, key, name)
    if (held.length > 0) return replaced(text, held, key, name, entry)
    const inline = inlineTable(text, key)
    if (inline) return spliced(text, [intoInline(text, inline, name, entry)])
    const eol = lineEnd(text)
    const gap = text === '' ? '' : text.endsWith('\n') ? eol : `${eol}${eol}`
    return `${text}${gap}${tableText(key, name, entry, eol)}${eol}`
  },
  drop: (text, { key }, name) => {
    const held = partsOf(text, key, name)
    if (held.length > 0)
      return spliced(
        text,
        held.map((part) => ownLines(text, part)),
      )
    const inline = inlineTable(text, key)
    const member = inline?.body.find((one) => keyNames(one.key)[0] === name)
    return inline && member ? spliced(text, fromInline(text, inline, member)) : text
  },
}

type Part = AST.TOMLTable | AST.TOMLKeyValue
type Range = readonly [number, number]

function programOf(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: '1.0' })
  } catch (error) {
    if (error instanceof ParseError) throw new Error(`line ${error.lineNumber}: ${error.message}`)
    throw error
  }
}

const keyNames = (key: AST.TOMLKey): string[] => key.keys.map((one) => (one.type === 'TOMLBare' ? one.name : one.value))

/** The tables and dotted keys that make up one entry, wherever they stand. */
function partsOf(text: string, key: string, name: string): Part[] {
  const isOurs = (path: readonly (string | number)[]) => path[0] === key && path[1] === name
  const top = programOf(text).body[0].body
  return top.flatMap((part): Part[] => {
    if (part.type === 'TOMLKeyValue') return isOurs(keyNames(part.key)) ? [part] : []
    if (isOurs(part.resolvedKey)) return [part]
    return part.body.filter((inside) => isOurs([...part.resolvedKey.map(String), ...keyNames(inside.key)]))
  })
}

/** `KEY = { … }` */
function inlineTable(text: string, key: string): AST.TOMLInlineTable | undefined {
  for (const part of programOf(text).body[0].body) {
    if (part.type !== 'TOMLKeyValue') continue
    const names = keyNames(part.key)
    if (names.length === 1 && names[0] === key && part.value.type === 'TOMLInlineTable') return part.value
  }
  return undefined
}

function intoInline(text: string, table: AST.TOMLInlineTable, name: string, entry: JsonObject): Splice {
  const last = table.body.at(-1)
  const at = last ? last.range[1] : table.range[0] + 1
  const written = `${bare(name)} = ${valueText(entry)}`
  const close = text[at] === '}' ? ' ' : ''
  return { start: at, end: at, text: last ? `, ${written}` : ` ${written}${close}` }
}

function fromInline(text: string, table: AST.TOMLInlineTable, member: AST.TOMLKeyValue): Splice[] {
  const at = table.body.indexOf(member)
  const after = table.body[at + 1]
  const before = table.body[at - 1]
  if (after) return [{ start: member.range[0], end: after.range[0], text: '' }]
  const start = before ? before.range[1] : member.range[0]
  const closing = text.slice(member.range[1], table.range[1] - 1)
  return [{ start, end: member.range[1] + (before ? 0 : closing.length), text: '' }]
}

/** The first part gives its place to the new entry, the others go. */
function replaced(text: string, [first, ...others]: readonly Part[], key: string, name: string, entry: JsonObject) {
  if (!first) return text
  if (first.type === 'TOMLKeyValue' || others.some((part) => part.type === 'TOMLKeyValue'))
    throw new Error(`“${name}” is written with dotted keys`)
  const [start, end] = first.range
  const splice = {
    start: lineStart(text, start),
    end: lineStop(text, end),
    text: tableText(key, name, entry, lineEnd(text)),
  }
  return spliced(text, [splice, ...others.map((part) => ownLines(text, part))])
}

/** From its first line to its last, with the empty line before it. */
function ownLines(text: string, part: { readonly range: Range }): Splice {
  const end = nextLine(text, Math.max(part.range[0], part.range[1] - 1))
  let start = lineStart(text, part.range[0])
  const before = lineStart(text, start - 1)
  if (start > 0 && text.slice(before, start).trim() === '') start = before
  return { start, end, text: '' }
}

function tableText(key: string, name: string, entry: JsonObject, eol: string): string {
  const lines = [`[${bare(key)}.${bare(name)}]`]
  for (const [member, value] of Object.entries(entry)) lines.push(`${bare(member)} = ${valueText(value)}`)
  return lines.join(eol)
}

const bare = (name: string) => (/^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name))

/** JSON’s escapes are TOML’s, but DEL has to be escaped here. */
const quoted = (text: string) => JSON.stringify(text).replaceAll('\u007f', '\\u007f')

/** @throws Error for null, which TOML does not have */
function valueText(value: Json): string {
  if (value === null) throw new Error('TOML has no null')
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value).map(([name, one]) => `${bare(name)} = ${valueText(one)}`)
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
  }
  return String(value)
}
