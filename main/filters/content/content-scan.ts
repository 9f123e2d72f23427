import type { OwnWords } from '../own-words.ts'
import type { ContentFilter, Finding } from './content-filter.ts'
import { contentFilters } from './content-filters.ts'
import { instructions } from './instructions.ts'
import { plainLetters, spelledByTags } from './plain-letters.ts'
import { Scanner } from './scanner.ts'

const none: readonly Finding[] = []
const noWords = { any: false, find: () => none }

const longestDisguise = 64 * 1024
const longestBlob = 256
const longestKept = 4_096
const textsKept = 64

/** All filters on one text, and once more on what a disguised text would be read as. */
export class ContentScan {
  readonly filters: readonly ContentFilter[]
  readonly #scanner: Scanner
  readonly #instructions = new Scanner([instructions])
  readonly #blobs: Scanner
  /**
   * Texts in which nothing was found, the last one of each length: much is sent and comes back the same, or is asked for
   * again. In memory only; a text that holds anything is not among them.
   */
  readonly #clean: string[] = new Array(textsKept).fill('')

  /** @param own words of the person's own, looked for in every text too */
  constructor(readonly own: Pick<OwnWords, 'find' | 'any'> = noWords) {
    this.filters = contentFilters()
    this.#scanner = new Scanner(this.filters)
    this.#blobs = new Scanner(this.filters.filter(({ id }) => id === 'encoded-payload'))
  }

  /** @returns in order of place; an empty list when there is nothing */
  scan(text: string): readonly Finding[] {
    const [found, own] = [this.#known(text), this.own.any ? this.own.find(text) : none]
    if (own.length === 0) return found
    return [...found, ...own].sort((a, b) => a.start - b.start || b.end - a.end)
  }

  #known(text: string): readonly Finding[] {
    if (this.#clean[text.length % textsKept] === text) return none
    const found = this.#looked(text)
    if (found.length === 0 && text.length <= longestKept) this.#clean[text.length % textsKept] = text
    return found
  }

  #looked(text: string): readonly Finding[] {
    const found = this.#scanner.scan(text)
    const hidden = found.find(({ filter }) => filter === 'hidden-characters')
    if (!this.#scanner.disguised && hidden === undefined) return found
    if (found.some(({ filter }) => filter === 'instructions')) return found
    return this.#speaks(text) ? [...found, disguised(text, hidden)].sort((a, b) => a.start - b.start) : found
  }

  /** Base64 of a picture, a sound, a file: only whether it is a text in disguise. */
  scanBlob(text: string): readonly Finding[] {
    return text.length < longestBlob ? this.scan(text) : this.#blobs.scan(text)
  }

  #speaks(text: string): boolean {
    const beginning = text.slice(0, longestDisguise)
    if (this.#instructions.scan(plainLetters(beginning)).length > 0) return true
    return this.#instructions.scan(spelledByTags(beginning)).length > 0
  }
}

const disguised = (text: string, hidden: Finding | undefined): Finding => ({
  filter: 'instructions',
  start: hidden?.start ?? 0,
  end: text.length,
  reason: 'disguised',
})
