import type { z } from 'zod'
import type { verification } from '../../shared/contract/audit.ts'
import { noHash, readLine } from './entry.ts'
import { headFault, type KeptHeads } from './head.ts'
import type { RawLine } from './journal-reader.ts'

export type Verification = z.output<typeof verification>
export type Fault = NonNullable<Verification['firstFault']>

interface Chain {
  readonly checked: number
  readonly lastSeq: number
  /** Hashes of the entries that were asked for. */
  readonly hashes: ReadonlyMap<number, string>
  readonly fault?: Fault
}

/**
 * Reads the whole journal and names the first entry that is not as it was written: flipped, dropped, reordered,
 * inserted, or cut off before the last anchor.
 *
 * @param upTo entries written while this runs are left for the next time, but for the first: nothing else may stand there
 */
export async function verifyJournal(
  lines: AsyncIterable<RawLine>,
  kept: KeptHeads,
  upTo = Number.POSITIVE_INFINITY,
): Promise<Verification> {
  const wanted = [kept.anchor?.seq, kept.head?.seq].filter((seq) => seq !== undefined)
  const chain = await verifyChain(lines, upTo, wanted)
  const fault = chain.fault ?? headFault(kept, chain.lastSeq, (seq) => chain.hashes.get(seq))
  const anchored = kept.anchor?.seq ?? 0
  const notAnchored = Math.max(0, chain.lastSeq - anchored)
  return {
    valid: fault === undefined,
    checked: chain.checked,
    ...(fault ? { firstFault: fault } : {}),
    notAnchored,
    sentence: fault ? `Not intact: ${fault.problem}.` : intact(chain.lastSeq, notAnchored),
  }
}

/** An exported journal, away from its keychain: the chain alone. It may begin anywhere. */
export async function verifyExport(lines: AsyncIterable<RawLine>): Promise<Verification> {
  const chain = await verifyChain(lines, Number.POSITIVE_INFINITY, [], true)
  const { fault } = chain
  return {
    valid: fault === undefined,
    checked: chain.checked,
    ...(fault ? { firstFault: fault } : {}),
    notAnchored: chain.checked,
    sentence: fault ? `Not intact: ${fault.problem}.` : `The chain of ${chain.checked} entries is intact.`,
  }
}

async function verifyChain(
  lines: AsyncIterable<RawLine>,
  upTo: number,
  wanted: readonly number[],
  anyBeginning = false,
): Promise<Chain> {
  const hashes = new Map<number, string>()
  let seq = 0
  let hash = noHash
  let checked = 0
  let reported: Fault | undefined
  for await (const line of lines) {
    if (seq > upTo || (seq === upTo && !line.whole)) break // being written at this moment
    const found = line.whole ? readLine(line.bytes) : { problem: 'is not whole: its line has no end' }
    if ('problem' in found)
      return { checked, lastSeq: seq, hashes, fault: reported ?? fault(seq + 1, `entry ${seq + 1} ${found.problem}`) }
    if (anyBeginning && checked === 0) {
      seq = found.entry.seq - 1
      hash = found.entry.prev
    }
    const broken = breakOf(found.entry, seq, hash)
    if (broken) return { checked, lastSeq: seq, hashes, fault: reported ?? broken }
    seq = found.entry.seq
    hash = found.hash
    checked += 1
    if (wanted.includes(seq)) hashes.set(seq, hash)
    if (found.entry.faultAt !== undefined) reported ??= fault(found.entry.faultAt, found.entry.summary)
  }
  return { checked, lastSeq: seq, hashes, ...(reported ? { fault: reported } : {}) }
}

function breakOf(entry: { seq: number; prev: string }, seq: number, hash: string): Fault | undefined {
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
