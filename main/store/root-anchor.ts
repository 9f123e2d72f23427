import { closeSync, existsSync, fdatasync, openSync } from 'node:fs'
import type { RootMark } from './table-roots.ts'

/** Where how far the tables have come is kept: the keychain. */
export interface RootAnchorPlace {
  get(name: string): Promise<Buffer | undefined>
  set(name: string, value: Buffer): Promise<void>
}

/** How far each table has come. */
export type Marks = Readonly<Record<string, RootMark>>

export interface RootAnchorParts {
  readonly place: RootAnchorPlace
  /** The database's file, to have what was written on the disk itself before it is anchored; none for one in memory. */
  readonly file?: string
  /** How far the tables are now; undefined while they are not what they should be: that is never anchored. */
  readonly reached: () => Marks | undefined
  /** The keychain cannot be written at the moment. */
  readonly onProblem?: (problem: string) => void
}

export const rootAnchorName = 'table-roots'
/** After a write the keychain is left alone for so long, unless somebody waits. */
const restMs = 200
const retryMs = 5000
const nextName = '@next'

/** How far the tables have come, in the keychain: written after the database, a while after a change or when somebody waits. */
export class RootAnchor {
  readonly #parts: RootAnchorParts
  #marks: Marks | undefined
  #dirty = false
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #stopped = false
  /** What a database that is about to take the place of this one will be. */
  #next: Marks | undefined

  /** @returns with it what the last run expected to take the place of its database. @throws keys.unavailable */
  static async open(parts: RootAnchorParts): Promise<{ readonly anchor: RootAnchor; readonly expected?: Marks }> {
    const kept = await parts.place.get(rootAnchorName)
    if (!kept) return { anchor: new RootAnchor(parts, undefined) }
    const { [nextName]: expected, ...marks } = JSON.parse(kept.toString()) as Record<string, RootMark> & {
      [nextName]?: Marks
    }
    return { anchor: new RootAnchor(parts, marks), ...(expected ? { expected } : {}) }
  }

  private constructor(parts: RootAnchorParts, marks: Marks | undefined) {
    this.#parts = parts
    this.#marks = marks
  }

  /** As the keychain has it; undefined where it has nothing. */
  get marks(): Marks | undefined {
    return this.#marks
  }

  /** A table was written. */
  changed(): void {
    this.#dirty = true
    if (this.#timer || this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.now()
    }, restMs).unref()
  }

  /** Resolves when everything written before is anchored; at once when nothing was. Never rejects. */
  async settled(): Promise<void> {
    if (!this.#dirty) return this.#running
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.now()
  }

  async stop(): Promise<void> {
    await this.settled()
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  /** After what is being anchored already. Never rejects: it is tried again. */
  now(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#anchor())
      .catch((error: Error) => {
        this.#parts.onProblem?.(error.message)
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined
          void this.now()
        }, retryMs).unref()
      })
    return this.#running
  }

  /** @throws keys.unavailable */
  async keep(marks: Marks): Promise<void> {
    await this.#onDisk()
    const kept = this.#next ? { ...marks, [nextName]: this.#next } : marks
    await this.#parts.place.set(rootAnchorName, Buffer.from(JSON.stringify(kept)))
    this.#marks = marks
  }

  /** Keeps beside the marks what may take the place of this database. @throws keys.unavailable */
  async expect(next: Marks): Promise<void> {
    await this.settled()
    this.#next = next
    await this.keep(this.#marks ?? {})
  }

  async #anchor(): Promise<void> {
    const marks = this.#parts.reached()
    if (marks === undefined) return
    this.#dirty = false
    if (this.#marks && JSON.stringify(marks) === JSON.stringify(this.#marks)) return
    try {
      await this.keep(marks)
    } catch (error) {
      this.#dirty = true
      throw error
    }
  }

  /** A power cut must not take what the keychain already knows of. */
  async #onDisk(): Promise<void> {
    const log = `${this.#parts.file ?? ''}-wal`
    if (!this.#parts.file || !existsSync(log)) return
    const fd = openSync(log, 'r+')
    await new Promise<void>((resolve, reject) =>
      fdatasync(fd, (error) => {
        closeSync(fd)
        if (error) reject(error)
        else resolve()
      }),
    )
  }
}
