import type { EpochMs } from '../../shared/domain/ids.ts'
import type { Json } from '../../shared/domain/json.ts'
import type { KeptReason, PersonalStoreName } from '../../shared/domain/privacy.ts'
import type { Seek, SubjectWords } from '../../shared/domain/subject.ts'

/** Whom it is about. */
export interface Subject {
  readonly words: SubjectWords
  readonly seek: Seek
}

/** Something that names the person. */
export interface FoundItem {
  /** For its store. */
  readonly ref: string
  /** For people: an entry's number, a concept's name, a file and line. */
  readonly where: string
  readonly at?: EpochMs
  /** What stands around the person's name; empty when it belongs to something that has it. */
  readonly excerpt: string
  /** Why it is not erased. */
  readonly kept?: KeptReason
}

export interface Watch {
  readonly signal?: AbortSignal
  /** How far this store's search has come. */
  readonly onPercent?: (percent: number) => void
}

/**
 * A place where data of persons may be. Finding gives others their turn at least every 50 ms; erasing is by whoever owns
 * the place.
 */
export interface PersonalStore {
  readonly name: PersonalStoreName
  find(subject: Subject, watch: Watch): Promise<readonly FoundItem[]>
  /** What is to be handed over of an item; the excerpt alone where that is all. */
  load?(item: FoundItem): Json | undefined
  /** Erases what `find` found, but what is `kept`. Absent where everything is. @returns how many things went */
  erase?(subject: Subject, found: readonly FoundItem[]): Promise<number>
}
