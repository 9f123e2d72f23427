/**
 * What is looked for in arguments and answers. A filter finds (paths, URLs, commands, labels), changes, or blocks; it
 * never decides whether a call is allowed: that is judged afterwards, on what the filters left. Filters run in the order
 * of `default-filters.ts`; one that throws refuses the call.
 */
import type { PathFact, Reply } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ContentScan } from './content/content-scan.ts'
import type { CallFilter, FilteredCall, FilteredReply, ReplyFilter } from './filter.ts'
import type { FilterCounts } from './filter-counts.ts'
import type { FilterRules } from './filter-rules.ts'
import type { OwnWords } from './own-words.ts'

export interface CallOutcome {
  readonly arguments: JsonObject
  readonly changed: boolean
  readonly labels: readonly string[]
  readonly paths: readonly PathFact[]
  readonly urls: readonly string[]
  readonly commands: readonly string[]
}

export interface FilterContents {
  readonly scan: ContentScan
  readonly rules: FilterRules
  readonly counts: FilterCounts
  readonly own: OwnWords
}

export class Filters {
  constructor(
    private readonly forCalls: readonly CallFilter[],
    private readonly forReplies: readonly ReplyFilter[],
    /** What looks at contents: its list, settings and counts. */
    readonly contents: FilterContents,
  ) {}

  /** @throws filters.blocked */
  call({ server, entry, arguments: given }: FilteredCall): CallOutcome {
    let current = given
    const labels: string[] = []
    const paths: PathFact[] = []
    const urls: string[] = []
    const commands: string[] = []
    for (const filter of this.forCalls) {
      const found = filter.inspect({ server, entry, arguments: current })
      current = found.arguments ?? current
      labels.push(...(found.labels ?? []))
      paths.push(...(found.paths ?? []))
      urls.push(...(found.urls ?? []))
      commands.push(...(found.commands ?? []))
    }
    return { arguments: current, changed: current !== given, labels, paths, urls, commands }
  }

  /** @throws filters.blocked when an answer cannot be passed on in any form */
  reply({ reply: given, ...about }: FilteredReply): {
    readonly reply: Reply
    readonly labels: readonly string[]
    readonly secrets: readonly string[]
  } {
    let current = given
    const labels: string[] = []
    const secrets: string[] = []
    for (const filter of this.forReplies) {
      const outcome = filter.apply({ ...about, reply: current })
      if (outcome === undefined) continue
      current = outcome.reply
      labels.push(...outcome.labels)
      secrets.push(...(outcome.secrets ?? []))
    }
    return { reply: current, labels, secrets }
  }
}
