import type { Json } from '../../../shared/domain/json.ts'
import type { Finding } from './content-filter.ts'
import type { ContentScan } from './content-scan.ts'

/** What becomes of the findings of one text. @returns the text that is passed on; the same one when nothing changes */
export type Treat = (text: string, found: readonly Finding[], pointer: () => string) => string

/** Shorter integers are counters, times and prices. */
const shortestNumber = 1e9
const shortestKey = 8
const shortestText = 4

interface Place {
  readonly parent: Place | undefined
  readonly key: string | number
}

/**
 * Visits every text in a value once, keys and long numbers too, and changes only texts: what was valid JSON stays so.
 *
 * @returns the very same value when nothing was changed
 */
export function walkContents(value: Json, scan: ContentScan, treat: Treat): Json {
  return visit(value, undefined, scan, treat)
}

function visit(value: Json, place: Place | undefined, scan: ContentScan, treat: Treat): Json {
  if (typeof value === 'string') return text(value, place, scan, treat)
  if (typeof value === 'number') return number(value, place, scan, treat)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return list(value, place, scan, treat)
  return members(value as { readonly [key: string]: Json }, place, scan, treat)
}

function text(value: string, place: Place | undefined, scan: ContentScan, treat: Treat): string {
  if (value.length < shortestText && !scan.own.any) return value
  const found = place?.key === 'data' || place?.key === 'blob' ? scan.scanBlob(value) : scan.scan(value)
  return found.length === 0 ? value : treat(value, found, () => pointerOf(place))
}

/** A number cannot hold a mark, so that one to be removed becomes nought. */
function number(value: number, place: Place | undefined, scan: ContentScan, treat: Treat): number {
  if (!scan.own.any && (value < shortestNumber || !Number.isInteger(value))) return value
  const written = String(value)
  const found = scan.scan(written)
  return found.length > 0 && treat(written, found, () => pointerOf(place)) !== written ? 0 : value
}

function list(value: readonly Json[], place: Place | undefined, scan: ContentScan, treat: Treat): Json {
  let changed: Json[] | undefined
  for (let index = 0; index < value.length; index++) {
    const item = value[index] as Json
    const next = visit(item, { parent: place, key: index }, scan, treat)
    if (next === item) continue
    changed ??= [...value]
    changed[index] = next
  }
  return changed ?? value
}

function members(
  value: { readonly [key: string]: Json },
  place: Place | undefined,
  scan: ContentScan,
  treat: Treat,
): Json {
  let changed: [string, Json][] | undefined
  const keys = Object.keys(value)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string
    const item = value[key] as Json
    const here: Place = { parent: place, key }
    const name = key.length < shortestKey && !scan.own.any ? key : text(key, here, scan, treat)
    const next = visit(item, here, scan, treat)
    if (next === item && name === key) continue
    changed ??= Object.entries(value)
    changed[index] = [name, next]
  }
  return changed === undefined ? value : Object.fromEntries(changed)
}

function pointerOf(place: Place | undefined): string {
  let pointer = ''
  for (let at = place; at !== undefined; at = at.parent)
    pointer = `/${String(at.key).replaceAll('~', '~0').replaceAll('/', '~1')}${pointer}`
  return pointer
}
