import type { AuditEntry } from './live-entries.ts'

/** Entries are numbered without a gap, so any part of the whole log can be read by number. */
export const blockSize = 100
/** Blocks kept; beyond that those read longest ago are let go. */
const mostBlocks = 200

/** The whole log, newest first: what was read of it, in blocks by number. */
export interface WholeLog {
  /** Number of the newest entry that is shown. */
  readonly top: number
  readonly blocks: ReadonlyMap<number, Block>
}
interface Block {
  readonly entries: ReadonlyMap<number, AuditEntry>
  /** The newest entry there was when it was read. */
  readonly asOf: number
}

export const blockOf = (seq: number): number => Math.floor((seq - 1) / blockSize)
export const entryAt = ({ top, blocks }: WholeLog, row: number): AuditEntry | undefined =>
  blocks.get(blockOf(top - row))?.entries.get(top - row)

/** Blocks that rows from `first` up to `end` need and that were not read, or not to their end. */
export function missing({ top, blocks }: WholeLog, first: number, end: number): number[] {
  const wanted: number[] = []
  for (let block = blockOf(top - first); block >= Math.max(0, blockOf(top - end + 1)); block--) {
    const whole = Math.min(top, (block + 1) * blockSize)
    if ((blocks.get(block)?.asOf ?? -1) < whole) wanted.push(block)
  }
  return wanted
}

/** How to ask for a block. */
export const asked = (block: number) => ({ before: (block + 1) * blockSize + 1, limit: blockSize })

/** @param newest the newest entry there was when it was asked for */
export function withBlock(log: WholeLog, block: number, entries: readonly AuditEntry[], newest: number): WholeLog {
  const read: Block = { entries: new Map(entries.map((entry) => [entry.seq, entry])), asOf: newest }
  const kept = [...log.blocks].filter(([known]) => known !== block).slice(-(mostBlocks - 1))
  return { ...log, blocks: new Map([...kept, [block, read]]) }
}
