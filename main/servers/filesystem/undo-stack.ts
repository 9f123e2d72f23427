import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Change {
  /** Real path. */
  readonly path: string
  /** Content before; undefined when the file was new. */
  readonly before: Buffer | undefined
  /** Hex SHA-256 of the content after, or `absent`. */
  readonly after: string
}

const most = 20
const largestBytes = 5 * 1024 * 1024

/** This server's own last changes, kept in its private folder so that they outlive an idle stop. */
export class UndoStack {
  readonly #file: string

  constructor(private readonly folder: string) {
    this.#file = join(folder, 'changes.json')
  }

  async push(change: Change): Promise<void> {
    if ((change.before?.length ?? 0) > largestBytes) return this.#save([])
    await this.#save([...(await this.#load()), change].slice(-most))
  }

  async last(): Promise<Change | undefined> {
    return (await this.#load()).at(-1)
  }

  async drop(): Promise<void> {
    await this.#save((await this.#load()).slice(0, -1))
  }

  async #load(): Promise<Change[]> {
    try {
      const kept = JSON.parse(await readFile(this.#file, 'utf8')) as {
        path: string
        before: string | null
        after: string
      }[]
      return kept.map(({ path, before, after }) => ({
        path,
        before: before === null ? undefined : Buffer.from(before, 'base64'),
        after,
      }))
    } catch {
      return []
    }
  }

  async #save(changes: readonly Change[]): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const text = JSON.stringify(
      changes.map(({ path, before, after }) => ({ path, before: before?.toString('base64') ?? null, after })),
    )
    await writeFile(`${this.#file}.new`, text, { mode: 0o600 })
    await rename(`${this.#file}.new`, this.#file)
  }
}
