import { appendFile, mkdir, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * A server's log on disk: appended in the background, turned over at a size, never more than two files. A disk that
 * can't keep up loses lines rather than holding anyone up.
 */
export class LogFile {
  #pending: string[] = []
  #pendingChars = 0
  #writing: Promise<void> | undefined
  #sizeBytes: number | undefined

  constructor(
    private readonly file: string,
    private readonly largestBytes = 1_000_000,
    private readonly mostPendingChars = 500_000,
  ) {}

  append(lines: readonly string[]): void {
    for (const line of lines) {
      if (this.#pendingChars > this.mostPendingChars) break
      this.#pending.push(`${line}\n`)
      this.#pendingChars += line.length + 1
    }
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined
    })
  }

  /** Resolves when everything given so far is on disk, or lost. */
  async settled(): Promise<void> {
    await this.#writing
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      const text = this.#pending.join('')
      this.#pending = []
      this.#pendingChars = 0
      await this.#write(text).catch(() => {
        // A log that can't be written is no reason to disturb a server; the lines stay in memory.
      })
    }
  }

  async #write(text: string): Promise<void> {
    if (this.#sizeBytes === undefined) {
      await mkdir(dirname(this.file), { recursive: true, mode: 0o700 })
      this.#sizeBytes = await stat(this.file).then(
        (found) => found.size,
        () => 0,
      )
    }
    if (this.#sizeBytes > this.largestBytes) {
      await rename(this.file, `${this.file}.1`)
      this.#sizeBytes = 0
    }
    await appendFile(this.file, text, { mode: 0o600 })
    this.#sizeBytes += Buffer.byteLength(text)
  }
}
