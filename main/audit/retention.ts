import type { AuditIndex } from './audit-index.ts'
import type { CallRecord } from './call-entry.ts'
import { eraseContents } from './erase-contents.ts'
import { rangesOf } from './erased.ts'
import type { Place } from './journal.ts'
import type { ReclaimSegments } from './reclaim-segments.ts'

export interface RetentionDays {
  /** Days contents are kept. */
  readonly days: number
  /** Days contents with personal data are kept, where that is less. */
  readonly piiDays: number
}

/** As many as one entry names. */
const atOnce = 1000
const dayMs = 24 * 3600 * 1000
/** Calls go on meanwhile. */
const othersTurn = () => new Promise((turn) => setImmediate(turn))

/**
 * Erases contents of old entries, or of named ones. The log says first what is erased, so that a missing content nobody
 * spoke of is found to be somebody else’s doing; a kill in between is made good by the next run.
 */
export class Retention {
  constructor(
    private readonly folder: string,
    private readonly index: AuditIndex,
    private readonly reclaim: Pick<ReclaimSegments, 'erased'>,
    private readonly write: (record: CallRecord) => void,
  ) {}

  /** @returns how many entries lost their contents. @throws audit.unwritable */
  async eraseOld({ days, piiDays }: RetentionDays, now: number): Promise<number> {
    const limits = { before: now - days * dayMs, piiBefore: now - Math.min(days, piiDays) * dayMs }
    let count = 0
    for (;;) {
      const places = this.index.erasable(limits, atOnce)
      if (places.length === 0) return count
      count += this.#erase(places, `older than ${days} days, or ${Math.min(days, piiDays)} with personal data`)
      await othersTurn()
    }
  }

  /** @param why follows “The contents of N entries were erased: …”. @throws audit.unwritable */
  async eraseEntries(seqs: readonly number[], why: string): Promise<number> {
    let count = 0
    const ascending = [...new Set(seqs)].sort((a, b) => a - b)
    for (let at = 0; at < ascending.length; at += atOnce) {
      const places = ascending.slice(at, at + atOnce).flatMap((seq) => this.index.place(seq) ?? [])
      if (places.length > 0) count += this.#erase(places, why)
      await othersTurn()
    }
    return count
  }

  #erase(places: readonly (Place & { readonly seq: number })[], why: string): number {
    const seqs = places.map(({ seq }) => seq)
    const summary = `The contents of ${places.length === 1 ? 'one entry' : `${places.length} entries`} were erased: ${why}`
    this.write({ fields: { action: 'audit.erase', severity: 'notice', summary, erased: rangesOf(seqs) }, contents: {} })
    this.reclaim.erased()
    const count = eraseContents(this.folder, places)
    this.index.markErased(seqs)
    return count
  }
}
