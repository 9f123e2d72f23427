import type { z } from 'zod'
import type { verification } from '../../shared/contract/audit.ts'
import { type Entry, noHash, type ReadLine, readLine } from './entry.ts'
import { ErasedEntries, type Ranges, rangesOf } from './erased.ts'
import { type Head, headFault, type KeptHeads } from './head.ts'
import type { RawLine } from './journal-reader.ts'

export type Verification = z.output<typeof verification>
export type Fault = NonNullable<Verification['firstFault']>

interface Chain {
  readonly checked: number
  readonly firstSeq: number
  readonly lastSeq: number
  /** Hashes of the entries that were asked for, and of the last. */
  readonly hashes: ReadonlyMap<number, string>
  /** Entries whose contents are not there any more. */
  readonly tombstones: Ranges
  readonly erased: ErasedEntries
  readonly fault?: Fault
}

/** Which part of a log is read. */
export interface Window {
  /** The first entry; it is believed to follow the one its `prev` names. The very first without it. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/**
 * Reads a journal and names the first entry that is not as it was written: flipped, dropped, reordered, inserted, erased
 * without the log saying so, or cut off before the last anchor.
 *
 * @param upTo entries written while this runs are left for the next time, but for the first: nothing else may stand there
 */
export async function verifyJournal(
  lines: AsyncIterable<RawLine>,
  kept: KeptHeads,
  upTo = Number.POSITIVE_INFINITY,
): Promise<Verification> {
  const wanted = [kept.anchor?.seq, kept.head?.seq].filter((seq) => seq !== undefined)
  const chain = await verifyChain(lines, { upTo, wanted })
  const fault = chain.fault ?? uncovered(chain) ?? headFault(kept, chain.lastSeq, (seq) => chain.hashes.get(seq))
  const notAnchored = Math.max(0, chain.lastSeq - (kept.anchor?.seq ?? 0))
  return verdict(chain, fault, notAnchored, intact(chain.lastSeq, notAnchored))
}

/**
 * A part of the journal, from the entry before it on.
 *
 * @param lines from that entry on, or from the very beginning
 * @param erased what entries after the part say was erased
 */
export async function verifyWindow(
  lines: AsyncIterable<RawLine>,
  window: { readonly from: number; readonly to: number },
  kept: KeptHeads,
  erased: Ranges,
): Promise<Verification> {
  const wanted = [kept.anchor?.seq, kept.head?.seq].filter((seq) => seq !== undefined)
  const chain = await verifyChain(lines, { upTo: window.to, wanted, anyBeginning: true })
  chain.erased.add(erased)
  const missing =
    chain.lastSeq < window.to ? fault(chain.lastSeq + 1, `entry ${chain.lastSeq + 1} is missing`) : undefined
  const found = chain.fault ?? missing ?? uncovered(chain) ?? rewritten(chain, kept)
  const notAnchored = Math.max(0, window.to - Math.max(window.from - 1, kept.anchor?.seq ?? 0))
  return verdict(chain, found, notAnchored, `Entries ${window.from} to ${window.to} are intact.`)
}

/** The kept heads say what single entries were; those that lie in the part must be those. */
function rewritten(chain: Chain, { anchor, head }: KeptHeads): Fault | undefined {
  const wrong = [anchor, head].find((one) => one && chain.hashes.has(one.seq) && chain.hashes.get(one.seq) !== one.hash)
  return wrong && fault(wrong.seq, `entry ${wrong.seq} is not the one that was anchored: the chain was rewritten`)
}

/** A signed head as an export carries it, checked by whoever has the public key. */
export interface CheckedHead {
  readonly head?: Head
  /** Why it proves nothing. */
  readonly problem?: string
}

/** An exported log, away from its keychain: the chain, and the head that was signed when it was exported. It may begin anywhere. */
export async function verifyExport(lines: AsyncIterable<RawLine>, signed?: () => CheckedHead): Promise<Verification> {
  const chain = await verifyChain(lines, { upTo: Number.POSITIVE_INFINITY, wanted: [], anyBeginning: true })
  const { head, problem } = signed?.() ?? {}
  const found = chain.fault ?? signedFault(chain, head, problem) ?? uncovered(chain)
  const proved = head === undefined ? `${chain.checked}` : '0'
  const said = `The chain of ${chain.checked} entries is intact${head ? `, and signed up to entry ${head.seq}` : '; nobody signed its end'}.`
  return verdict(chain, found, Number(proved), said)
}

function signedFault(chain: Chain, head: Head | undefined, problem: string | undefined): Fault | undefined {
  if (problem) return fault(chain.lastSeq, problem)
  if (!head) return undefined
  if (head.seq > chain.lastSeq)
    return fault(chain.lastSeq + 1, `entries ${chain.lastSeq + 1} to ${head.seq} are missing`)
  if (head.seq < chain.lastSeq) return fault(head.seq + 1, `entries after ${head.seq} were added after it was signed`)
  const same = chain.hashes.get(head.seq) === head.hash
  return same ? undefined : fault(head.seq, `entry ${head.seq} is not the one that was signed: the chain was rewritten`)
}

function verdict(chain: Chain, found: Fault | undefined, notAnchored: number, sound: string): Verification {
  const tombstones = chain.tombstones.reduce((sum, [first, last]) => sum + last - first + 1, 0)
  const erased =
    tombstones === 0
      ? ''
      : ` The contents of ${tombstones === 1 ? 'one' : tombstones} of them were erased, as the log says.`
  return {
    valid: found === undefined,
    checked: chain.checked,
    ...(found ? { firstFault: found } : {}),
    notAnchored,
    tombstones,
    sentence: found ? `Not intact: ${found.problem}.` : `${sound}${erased}`,
  }
}

function uncovered({ erased, tombstones }: Chain): Fault | undefined {
  const seq = erased.firstMissing(tombstones)
  return seq === undefined
    ? undefined
    : fault(seq, `the contents of entry ${seq} were erased, and no entry says that Gatehouse did it`)
}

interface ChainOptions {
  readonly upTo: number
  /** Entries whose hash is needed. */
  readonly wanted: readonly number[]
  readonly anyBeginning?: boolean
}

async function verifyChain(lines: AsyncIterable<RawLine>, options: ChainOptions): Promise<Chain> {
  const { upTo, wanted, anyBeginning = false } = options
  const hashes = new Map<number, string>()
  const tombstones: number[] = []
  const erased = new ErasedEntries()
  let [seq, hash, checked, firstSeq] = [0, noHash, 0, 0]
  let reported: Fault | undefined
  const end = (found?: Fault): Chain => {
    hashes.set(seq, hash)
    const first = reported ?? found
    return {
      checked,
      firstSeq,
      lastSeq: seq,
      hashes,
      tombstones: rangesOf(tombstones),
      erased,
      ...(first ? { fault: first } : {}),
    }
  }
  for await (const line of lines) {
    if (seq > upTo || (seq === upTo && (anyBeginning || !line.whole))) break // being written at this moment
    const found: ReadLine | { problem: string } = line.whole
      ? readLine(line.bytes)
      : { problem: 'is not whole: its line has no end' }
    if ('problem' in found) return end(fault(seq + 1, `entry ${seq + 1} ${found.problem}`))
    if (anyBeginning && checked === 0) {
      seq = found.entry.seq - 1
      hash = found.entry.prev
      firstSeq = found.entry.seq
    }
    const broken = breakOf(found.entry, seq, hash)
    if (broken) return end(broken)
    seq = found.entry.seq
    hash = found.hash
    checked += 1
    if (wanted.includes(seq)) hashes.set(seq, hash)
    if (found.erased.length > 0) tombstones.push(seq)
    if (found.entry.erased) erased.add(found.entry.erased)
    if (found.entry.faultAt !== undefined) reported ??= fault(found.entry.faultAt, found.entry.summary)
  }
  return end()
}

function breakOf(entry: Pick<Entry, 'seq' | 'prev'>, seq: number, hash: string): Fault | undefined {
  const expected = seq + 1
  if (entry.seq > expected) {
    const last = entry.seq - 1
    const which = last === expected ? `entry ${expected} is` : `entries ${expected} to ${last} are`
    return fault(expected, `${which} missing or out of order`)
  }
  if (entry.seq < expected)
    return fault(expected, `entry ${entry.seq} stands a second time where entry ${expected} belongs`)
  if (entry.prev !== hash) return fault(expected, `entry ${expected} does not follow the one before it`)
  return undefined
}

const fault = (seq: number, problem: string): Fault => ({ seq, problem })

function intact(last: number, notAnchored: number): string {
  if (last === 0) return 'The audit log is empty.'
  if (notAnchored === 0) return `Intact up to entry ${last}.`
  return `Intact up to entry ${last - notAnchored}, ${notAnchored} newer not yet anchored.`
}
