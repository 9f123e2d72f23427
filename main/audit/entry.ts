import { type Boxes, type BoxName, boxNames, type Committed, sha256 } from './contents.ts'
import type { Ranges } from './erased.ts'

/*
 * One line of the journal: the entry's canonical text (RFC 8785) with two members added at its end,
 *   …,"hash":"HEX","boxes":{"contents":"BOX"}}
 * `hash` is SHA-256 over the canonical text alone, which covers the box by its sum.
 */

export type Severity = 'info' | 'notice' | 'warning' | 'critical'
/** What is readable without keys: names, decisions and one plain sentence; never a value. */
export interface EntryFields {
  readonly action: string
  /** By the action; entries of the first version lack it. */
  readonly category?: string
  readonly severity: Severity
  readonly summary: string
  readonly decision?: string
  readonly client?: string
  readonly clientId?: string
  readonly session?: string
  readonly workspace?: string
  readonly door?: string
  readonly server?: string
  readonly tool?: string
  readonly pin?: string
  readonly rule?: string
  /** Of a call that asks. */
  readonly risk?: string
  readonly approval?: string
  readonly labels?: readonly string[]
  readonly callId?: string
  /** The number of the entry written before the effect; the arguments are there. */
  readonly intent?: number
  readonly durationMs?: number
  readonly code?: string
  /** Of the log line with the details of something unexpected. */
  readonly reference?: string
  /** Of a fault found when the journal was opened: the first entry it concerns. */
  readonly faultAt?: number
  /** Entries whose contents were erased from here on, as pairs of first and last. */
  readonly erased?: Ranges
}

export interface Entry extends EntryFields, Committed {
  readonly version: 1
  readonly seq: number
  /** Milliseconds since 1970, UTC. */
  readonly time: number
  /** Hash of the entry before; 64 zeros before the first. */
  readonly prev: string
}

export const noHash = '0'.repeat(64)
const hashMark = ',"hash":"'
const boxesMark = ',"boxes":{'

/** What follows a line's text, around its box. */
export const boxStart = `${boxesMark}"contents":"`
export const boxEnd = '"}}\n'
export const hashPart = (hash: string): string => `${hashMark}${hash}"`

/** RFC 8785 text of an entry: its members are known, so they are named here in its order and not sorted for each one. */
export function canonicalText(entry: Entry): string {
  const inOrder: { readonly [M in keyof Required<Entry>]: Entry[M] | undefined } = {
    action: entry.action,
    approval: entry.approval,
    arguments: entry.arguments,
    callId: entry.callId,
    category: entry.category,
    client: entry.client,
    clientId: entry.clientId,
    code: entry.code,
    contents: entry.contents,
    decision: entry.decision,
    door: entry.door,
    durationMs: entry.durationMs,
    erased: entry.erased,
    faultAt: entry.faultAt,
    intent: entry.intent,
    labels: entry.labels,
    pin: entry.pin,
    prev: entry.prev,
    reference: entry.reference,
    result: entry.result,
    risk: entry.risk,
    rule: entry.rule,
    seq: entry.seq,
    server: entry.server,
    session: entry.session,
    severity: entry.severity,
    summary: entry.summary,
    time: entry.time,
    tool: entry.tool,
    version: entry.version,
    workspace: entry.workspace,
  }
  return JSON.stringify(inOrder)
}

export interface ReadLine {
  readonly entry: Entry
  readonly hash: string
  readonly boxes: Boxes
  /** Those whose box was overwritten: right only when a later entry says so. */
  readonly erased: readonly BoxName[]
}

/** Takes a box's place, byte for byte, when it is erased. No box begins with it. */
export const erasedMark = '#'

/**
 * Reads a line back, byte for byte as it was written.
 *
 * @param line without its line end
 * @returns the problem, in words that follow “entry N …”, when it was changed
 */
export function readLine(line: Buffer): ReadLine | { readonly problem: string } {
  const cut = line.indexOf(hashMark)
  const rest = cut < 0 ? undefined : readTail(line, cut)
  if (!rest) return { problem: 'cannot be read: its line was changed' }
  const body = Buffer.concat([line.subarray(0, cut), closing])
  if (sha256(body) !== rest.hash) return { problem: 'was changed: its hash does not fit' }
  const entry = parsed(body)
  if (!entry) return { problem: 'cannot be read: it is not an entry' }
  const erased: BoxName[] = []
  const boxes: Boxes = {}
  for (const field of boxNames) {
    const box = rest.boxes[field]
    if (box && entry[field] && box.toString('latin1', 0, 1) === erasedMark) erased.push(field)
    else if ((box && sha256(box)) !== entry[field]?.sum)
      return { problem: `was changed: its encrypted ${field} are not those that were written` }
    else if (box) boxes[field] = box
  }
  return { entry, hash: rest.hash, boxes, erased }
}

/** The hash and the boxes at a line's end; undefined when it has any other form than the one that is written. */
function readTail(line: Buffer, cut: number): { hash: string; boxes: Boxes } | undefined {
  let at = cut
  const follows = (text: string) => {
    const is = line.toString('latin1', at, at + text.length) === text
    if (is) at += text.length
    return is
  }
  const upToQuote = () => {
    const end = line.indexOf('"', at)
    const found = end < 0 ? undefined : line.subarray(at, end)
    if (found) at = end + 1
    return found
  }
  const hash = follows(hashMark) ? upToQuote()?.toString('latin1') : undefined
  if (hash === undefined) return undefined
  const boxes: Boxes = {}
  const box = (field: BoxName) => {
    const found = follows(`"${field}":"`) ? upToQuote() : undefined
    if (found) boxes[field] = found
    return found !== undefined
  }
  const boxed = follows(boxesMark)
  const sound = !boxed || box('contents') || (box('arguments') ? !follows(',') || box('result') : box('result'))
  const ended = sound && follows(boxed ? '}}' : '}') && at === line.length
  return ended ? { hash, boxes } : undefined
}

/** A fitting hash is no proof of a sound entry: whoever rewrites a line can hash it as well. */
function parsed(body: Buffer): Entry | undefined {
  try {
    const found = JSON.parse(body.toString()) as Partial<Entry>
    const sound = Number.isSafeInteger(found.seq) && typeof found.prev === 'string' && typeof found.action === 'string'
    return sound ? (found as Entry) : undefined
  } catch {
    return undefined
  }
}

const closing = Buffer.from('}')
