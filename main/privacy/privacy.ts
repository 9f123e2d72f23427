import type { EpochMs } from '../../shared/domain/ids.ts'
import type { Json } from '../../shared/domain/json.ts'
import type { KeptReason, PersonalStoreName, RequestKind } from '../../shared/domain/privacy.ts'
import { isSubjectWord, type SubjectWords, seekIn } from '../../shared/domain/subject.ts'
import { inputInvalid, privacyCancelled, privacyRunning } from '../../shared/errors.ts'
import type { FoundItem, PersonalStore, Subject } from './personal-store.ts'
import type { PrivacyRequest, RequestStore, RequestSummary } from './request-store.ts'

/**
 * Requests of persons about their data: what of them is kept where, a copy of it, its correction, and its erasure, looked
 * for in every place there is and looked for again afterwards.
 *
 * It refuses to keep or to record whom a request was about, to rewrite a log, and to say that something is gone before it
 * was searched for again. It knows no table but its own: places bring their own ways to find and to erase.
 */
export interface PrivacyParts {
  readonly stores: readonly PersonalStore[]
  readonly requests: RequestStore
  /** What nobody can look into: backups, databases that were moved away, packages. */
  readonly sealedAway: () => readonly Unsearched[]
  /** Corrects the memory. @returns what changed, a name each */
  readonly rectify: (words: SubjectWords, wrong: string, right: string) => Promise<readonly string[]>
  /** After something was erased: nothing of it is left in the database's own files. */
  readonly settle: () => Promise<void>
  /** What is done, as a plain sentence that names nobody. @throws audit.unwritable */
  readonly record: (action: string, summary: string, by: string) => void
  readonly now?: () => number
}

export interface Unsearched {
  readonly where: string
  readonly why: KeptReason
}

export interface StoreFinding {
  readonly store: PersonalStoreName
  readonly items: readonly FoundItem[]
}
export interface Finding {
  readonly stores: readonly StoreFinding[]
  /** Nobody can look into these. */
  readonly unsearched: readonly Unsearched[]
  /** Requests of the same person before, by id. */
  readonly before: readonly string[]
}

export interface Asked {
  readonly words: SubjectWords
  /** What the request is to be called in the list; must not name the person. */
  readonly called: string
  readonly by: string
}

export interface Followed {
  readonly signal?: AbortSignal
  readonly onProgress?: (store: PersonalStoreName, percent: number) => void
}

export interface Kept {
  readonly store: PersonalStoreName | undefined
  readonly where: string
  readonly why: KeptReason
}
export interface Erasure {
  readonly request: string
  readonly erased: readonly { readonly store: PersonalStoreName; readonly count: number }[]
  readonly kept: readonly Kept[]
  /** How many things that should be gone were found when it was looked for again; 0 is what is wanted. */
  readonly left: number
}

const actions: Readonly<Record<RequestKind, string>> = {
  access: 'was shown',
  portability: 'was exported',
  rectification: 'was corrected',
  erasure: 'was erased',
}
/** Findings kept for the export of their data, the latest ones, for so long. */
const keptFindings = 3
const keptFindingMs = 30 * 60_000
const freedPages = 'freed pages of the database'

export class Privacy {
  readonly #findings = new Map<string, { readonly finding: Finding; readonly at: number }>()
  readonly #now: () => number
  #changing = false

  constructor(private readonly parts: PrivacyParts) {
    this.#now = parts.now ?? Date.now
  }

  /** Looks in every place; no request is kept of it, but that somebody looked. @throws input.invalid, privacy.cancelled */
  async find(words: SubjectWords, by: string, followed: Followed = {}): Promise<Finding> {
    const subject = subjectOf(words)
    this.parts.record('privacy.find', 'Data of a person was looked for', by)
    return this.#find(subject, followed)
  }

  /** The same as a request that is kept. @throws input.invalid, privacy.cancelled */
  async show(
    kind: 'access' | 'portability',
    asked: Asked,
    followed: Followed = {},
  ): Promise<{ request: string; finding: Finding }> {
    return this.#requested(kind, asked, async (subject, request) => {
      const finding = await this.#find(subject, followed)
      this.#keep(request, finding)
      const found = countOf(finding)
      return { result: { request, finding }, summary: { found } }
    })
  }

  /**
   * Corrects what is known of a person. Logs are not rewritten: that it was wrong is noted by the entry of this request.
   * @returns what is right now, a name each
   * @throws input.invalid, and what the memory throws
   */
  rectify(asked: Asked, wrong: string, right: string): Promise<{ request: string; changed: readonly string[] }> {
    if (wrong.trim() === '' || wrong === right) throw inputInvalid('Say what is wrong and what is right.')
    return this.#alone(() =>
      this.#requested('rectification', asked, async (_, request) => {
        const changed = await this.parts.rectify(asked.words, wrong, right)
        return { result: { request, changed }, summary: { changed: changed.length } }
      }),
    )
  }

  /** For good, in every place, and looks again. @throws input.invalid, privacy.running, privacy.cancelled before anything is erased */
  erase(asked: Asked, followed: Followed = {}): Promise<Erasure> {
    return this.#alone(() =>
      this.#requested('erasure', asked, async (subject, request) => {
        const before = await this.#find(subject, followed)
        this.#findings.clear()
        const erased: Erasure['erased'][number][] = []
        const failed: Kept[] = []
        for (const { store, items } of before.stores) {
          const place = this.parts.stores.find(({ name }) => name === store)
          const wanted = items.filter(({ kept }) => kept === undefined)
          if (!place?.erase || wanted.length === 0) continue
          try {
            erased.push({ store, count: await place.erase(subject, wanted) })
          } catch {
            failed.push({ store, where: store, why: 'failed' })
          }
        }
        // what went is gone by now: what fails from here on is said, and takes nothing back
        await this.parts.settle().catch(() => failed.push({ store: undefined, where: freedPages, why: 'failed' }))
        const after = await this.#find(subject, {}, (store) => failed.push({ store, where: store, why: 'failed' }))
        const left = after.stores.flatMap(({ items }) => items).filter(({ kept }) => kept === undefined).length
        const kept = [...failed, ...keptIn(after)]
        const count = erased.reduce((sum, one) => sum + one.count, 0)
        const summary = { found: countOf(before), erased: count, kept: kept.length + left }
        return { result: { request, erased, kept, left }, summary, partly: left > 0 || kept.length > 0 }
      }),
    )
  }

  /**
   * What was found by a request, from a number on: each thing with all that is kept of it.
   * @throws input.invalid when it was too long ago
   */
  *dataOf(request: string, from = 0): Generator<{ store: PersonalStoreName; item: FoundItem; data: Json | undefined }> {
    const known = this.#findings.get(request)
    if (!known || this.#now() - known.at > keptFindingMs)
      throw inputInvalid('What this request found is not at hand any more. Make the request again.')
    let number = 0
    for (const { store, items } of known.finding.stores) {
      const place = this.parts.stores.find(({ name }) => name === store)
      for (const item of items) if (number++ >= from) yield { store, item, data: place?.load?.(item) }
    }
  }

  requests = (): readonly PrivacyRequest[] => this.parts.requests.list()

  /** @param onFailed told which store could not be searched; without it that fails the search */
  async #find(
    subject: Subject,
    { signal, onProgress }: Followed,
    onFailed?: (store: PersonalStoreName) => void,
  ): Promise<Finding> {
    const stores: StoreFinding[] = []
    try {
      for (const store of this.parts.stores) {
        signal?.throwIfAborted()
        onProgress?.(store.name, 0)
        const tell = onProgress ? { onPercent: (percent: number) => onProgress(store.name, percent) } : {}
        try {
          stores.push({
            store: store.name,
            items: await store.find(subject, { ...tell, ...(signal ? { signal } : {}) }),
          })
        } catch (error) {
          if (!onFailed) throw error
          onFailed(store.name)
        }
        onProgress?.(store.name, 100)
      }
    } catch (error) {
      throw signal?.aborted ? privacyCancelled() : error
    }
    return { stores, unsearched: this.parts.sealedAway(), before: this.parts.requests.ofSame(subject.words) }
  }

  /** Kept and recorded before anything is done; how it ended is kept afterwards, whatever it is. */
  async #requested<T>(
    kind: RequestKind,
    { words, called, by }: Asked,
    work: (subject: Subject, request: string) => Promise<{ result: T; summary: RequestSummary; partly?: boolean }>,
  ): Promise<T> {
    const subject = subjectOf(words)
    if (subject.seek(called) !== undefined) throw inputInvalid('The name of the request must not name the person.')
    const request = this.parts.requests.begin(kind, called, words)
    try {
      this.parts.record(`privacy.${kind}`, `A person’s request was taken in (${request}, ${kind})`, by)
      const { result, summary, partly } = await work(subject, request)
      this.parts.requests.end(request, partly ? 'partly' : 'done', summary)
      const counts = Object.entries(summary).map(([what, count]) => `${what} ${count}`)
      this.parts.record(`privacy.${kind}`, `Data of a person ${actions[kind]} (${request}: ${counts.join(', ')})`, by)
      return result
    } catch (error) {
      const cancelled = (error as { code?: unknown }).code === 'privacy.cancelled'
      this.parts.requests.end(request, cancelled ? 'cancelled' : 'failed', {})
      throw error
    }
  }

  /** @throws privacy.running while another change is being made */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#changing) throw privacyRunning()
    this.#changing = true
    try {
      return await work()
    } finally {
      this.#changing = false
    }
  }

  #keep(request: string, finding: Finding): void {
    this.#findings.set(request, { finding, at: this.#now() })
    setTimeout(() => this.#findings.delete(request), keptFindingMs).unref()
    const [oldest] = this.#findings.keys()
    if (this.#findings.size > keptFindings && oldest !== undefined) this.#findings.delete(oldest)
  }
}

/** @throws input.invalid */
function subjectOf(words: SubjectWords): Subject {
  const short = words.find((word) => !isSubjectWord(word))
  if (words.length === 0 || short !== undefined)
    throw inputInvalid('Name the person by words of at least three letters or digits.')
  return { words, seek: seekIn(words) }
}

const countOf = ({ stores }: Finding): number => stores.reduce((sum, { items }) => sum + items.length, 0)

const keptIn = ({ stores, unsearched }: Finding): Kept[] => [
  ...stores.flatMap(({ store, items }) =>
    items.flatMap(({ kept, where }) => (kept === undefined ? [] : { store, where, why: kept })),
  ),
  ...unsearched.map(({ where, why }) => ({ store: undefined, where, why })),
]

/** From the first to the last of them. */
export function spanOf(items: readonly FoundItem[]): { since?: EpochMs; until?: EpochMs } {
  const times = items.flatMap(({ at }) => at ?? [])
  if (times.length === 0) return {}
  let [since, until] = [times[0] as EpochMs, times[0] as EpochMs]
  for (const at of times) [since, until] = [at < since ? at : since, at > until ? at : until]
  return { since, until }
}
