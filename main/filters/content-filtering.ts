import type { Reply } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { Direction, FoundBy } from '../../shared/domain/filters.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { filterBlocked } from '../../shared/errors.ts'
import { classification } from './classification.ts'
import type { Finding } from './content/content-filter.ts'
import type { ContentScan } from './content/content-scan.ts'
import { walkContents } from './content/content-walk.ts'
import type { CallFilter, FilteredReply, ReplyFilter } from './filter.ts'
import type { FilterCounts } from './filter-counts.ts'
import type { FilterRules } from './filter-rules.ts'
import { leftOut, withNotice } from './notice-to-model.ts'
import type { OwnWords } from './own-words.ts'

/** Secrets of one answer that are remembered (as hashes, by flow/), and the longest. */
const mostSecrets = 50
const longestSecret = 4_096

interface Looked {
  readonly value: Json
  readonly found: ReadonlySet<FoundBy>
  readonly warned: ReadonlySet<FoundBy>
  readonly blocked: FoundBy | undefined
  /** Still in the value. */
  readonly secrets: readonly string[]
}

/** All content filters on a whole call or answer: every text is visited once. */
export class ContentFiltering {
  constructor(
    private readonly scan: ContentScan,
    private readonly rules: FilterRules,
    private readonly counts: FilterCounts,
    private readonly own: Pick<OwnWords, 'count'>,
  ) {}

  /** @throws filters.blocked naming the filter, never what it found */
  readonly calls: CallFilter = {
    name: 'content',
    inspect: ({ server, entry, arguments: given }) => {
      this.counts.looked('call')
      const { value, found, blocked } = this.#look(given, 'call', server.name)
      if (blocked !== undefined) throw filterBlocked(entry.name, blocked, 'your settings do not let this leave')
      const labels = classification(this.scan.filters, found)
      return { ...(value === given ? {} : { arguments: value as JsonObject }), labels }
    },
  }

  readonly replies: ReplyFilter = {
    name: 'content',
    apply: ({ server, entry, reply, way }) => {
      this.counts.looked('reply')
      const given = (reply.kind === 'result' ? reply.result : reply.error) as unknown as Json
      const looked = this.#look(given, 'reply', server.name, way === 'told')
      if (looked.found.size === 0) return undefined
      const labels = classification(this.scan.filters, looked.found)
      const { blocked, secrets } = looked
      if (blocked !== undefined) return { reply: leftOut(entry, blocked, way), labels }
      return { reply: this.#answer(reply, given, looked, entry, way), labels, secrets }
    },
  }

  #answer(reply: Reply, given: Json, { value, warned }: Looked, entry: CatalogEntry, way: FilteredReply['way']): Reply {
    if (reply.kind === 'error')
      return value === given ? reply : { kind: 'error', error: value as unknown as typeof reply.error }
    const result = withNotice(value as JsonObject, entry, warned, way)
    return result === given ? reply : { kind: 'result', result }
  }

  #look(given: Json, direction: Direction, server: string, told = false): Looked {
    const actions = this.rules.actionsFor(server)[direction]
    const found = new Set<FoundBy>()
    const warned = new Set<FoundBy>()
    const secrets: string[] = []
    let blocked: FoundBy | undefined
    const value = walkContents(given, this.scan, (text, findings) => {
      const removed: Finding[] = []
      for (const finding of findings) {
        const set = finding.word ? finding.word[direction] : actions[finding.filter]
        const action = told && set === 'block' ? 'redact' : set
        found.add(finding.filter)
        this.counts.add(finding.filter, direction, action)
        if (finding.word) this.own.count(finding.word, direction)
        if (action === 'warn') warned.add(finding.filter)
        if (action === 'block') blocked ??= finding.filter
        if (action === 'redact') removed.push(finding)
        else if (isSecret(finding) && secrets.length < mostSecrets)
          secrets.push(text.slice(finding.start, Math.min(finding.end, finding.start + longestSecret)))
      }
      return removed.length === 0 ? text : without(text, removed)
    })
    return { value, found, warned, blocked, secrets }
  }
}

const isSecret = ({ filter }: Finding) => filter === 'secret-token' || filter === 'named-secret'

export const removedMark = (filter: FoundBy): string => `[${filter} removed by Gatehouse]`

/** Overlapping findings are removed together, under the name of the first. */
function without(text: string, removed: readonly Finding[]): string {
  let out = ''
  let done = 0
  for (const { filter, start, end } of removed) {
    if (start >= done) out += text.slice(done, start) + removedMark(filter)
    done = Math.max(done, end)
  }
  return out + text.slice(done)
}
