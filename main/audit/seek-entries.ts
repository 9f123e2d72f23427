import type { EpochMs } from '../../shared/domain/ids.ts'
import type { Seek } from '../../shared/domain/subject.ts'
import type { FieldCipher } from '../store/data-keys.ts'
import { type ContentField, openContents } from './contents.ts'
import { type Entry, readLine } from './entry.ts'
import type { RawLine } from './journal-reader.ts'

/** An entry that names the person. */
export interface SoughtEntry {
  readonly seq: number
  readonly at: EpochMs
  readonly action: string
  readonly client?: string
  readonly tool?: string
  /** What of it: `sentence` also means a name in it. What belongs to the same call as such contents is `call`. */
  readonly part: ContentField | 'call' | 'sentence'
  readonly excerpt: string
}

/** Milliseconds of work before others get their turn. */
const turnMs = 10

/**
 * Entries whose encrypted contents, or whose sentence, name a person. Of a call that is two entries (before its effect and
 * after it) both count when one does: they tell of the same thing.
 * Contents that cannot be opened are passed over.
 */
export async function seekEntries(
  lines: AsyncIterable<RawLine>,
  cipher: FieldCipher,
  seek: Seek,
): Promise<readonly SoughtEntry[]> {
  const found = new Map<number, SoughtEntry>()
  const begun = new Map<number, Entry>()
  let turnEnds = performance.now() + turnMs
  for await (const { bytes } of lines) {
    if (performance.now() > turnEnds) {
      await new Promise((turn) => setImmediate(turn))
      turnEnds = performance.now() + turnMs
    }
    const line = readLine(bytes)
    if ('problem' in line) continue // verify() names it
    const { entry } = line
    if (entry.action === 'intent') begun.set(entry.seq, entry)
    const sought = inContents(line, cipher, seek) ?? inSentence(entry, seek)
    if (sought) found.set(entry.seq, sought)
    if (entry.intent !== undefined) pair(found, entry, begun.get(entry.intent))
    if (entry.intent !== undefined) begun.delete(entry.intent)
  }
  return [...found.values()].sort((a, b) => a.seq - b.seq)
}

/** What names the person only in what the chain covers in the clear cannot be erased; whatever else does can be. */
export const isErasable = ({ part }: SoughtEntry): boolean => part !== 'sentence'

function pair(found: Map<number, SoughtEntry>, after: Entry, before: Entry | undefined): void {
  if (before === undefined) return
  const [first, second] = [found.get(before.seq), found.get(after.seq)]
  const isCall = [first, second].some((one) => one && isErasable(one))
  if (!isCall) return
  if (!first || !isErasable(first)) found.set(before.seq, { ...soughtOf(before), part: 'call', excerpt: '' })
  if (!second || !isErasable(second)) found.set(after.seq, { ...soughtOf(after), part: 'call', excerpt: '' })
}

function inContents(
  { entry, boxes }: Exclude<ReturnType<typeof readLine>, { problem: string }>,
  cipher: FieldCipher,
  seek: Seek,
): SoughtEntry | undefined {
  if (Object.keys(boxes).length === 0) return undefined
  try {
    for (const [field, { text }] of Object.entries(openContents(entry, boxes, cipher))) {
      const excerpt = seek(text)
      if (excerpt !== undefined) return { ...soughtOf(entry), part: field as ContentField, excerpt }
    }
  } catch {
    // contents whose key is gone tell nothing to anybody; verify() names those that were changed
  }
  return undefined
}

function inSentence(entry: Entry, seek: Seek): SoughtEntry | undefined {
  for (const text of [entry.summary, entry.client, entry.tool, entry.server, entry.workspace]) {
    const excerpt = text === undefined ? undefined : seek(text)
    if (excerpt !== undefined) return { ...soughtOf(entry), part: 'sentence', excerpt }
  }
  return undefined
}

const soughtOf = ({ seq, time, action, client, tool }: Entry) => ({
  seq,
  at: time as EpochMs,
  action,
  ...(client === undefined ? {} : { client }),
  ...(tool === undefined ? {} : { tool }),
})

/** How many entries hold what kind of personal data, as the filters found it. */
export async function countLabels(lines: AsyncIterable<RawLine>): Promise<PersonalCounts> {
  const kinds = new Map<string, number>()
  let [entries, erased, personal] = [0, 0, 0]
  for await (const { bytes } of lines) {
    const line = readLine(bytes)
    if ('problem' in line) continue
    const labels = line.entry.labels ?? []
    entries += 1
    if (line.erased.length > 0) erased += 1
    if (!labels.includes('pii') || line.erased.length > 0) continue
    personal += 1
    for (const label of labels) if (!classes.has(label)) kinds.set(label, (kinds.get(label) ?? 0) + 1)
  }
  return { entries, erased, personal, kinds: Object.fromEntries(kinds) }
}

export interface PersonalCounts {
  readonly entries: number
  /** Those whose contents were erased. */
  readonly erased: number
  /** Those that still have contents in which personal data was found. */
  readonly personal: number
  readonly kinds: Readonly<Record<string, number>>
}

/** Labels that say how long and why something is kept, not what it is. */
const classes: ReadonlySet<string> = new Set(['pii', 'pii-sensitive', 'keep-2-years', 'basis-own-use'])
