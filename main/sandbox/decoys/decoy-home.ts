import { lstatSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type DecoyKind, decoyKinds } from './decoy-kinds.ts'

export interface TouchedFile {
  readonly kind: DecoyKind
  readonly how: 'read' | 'changed' | 'removed'
}

interface Stamp {
  readonly inode: bigint
  readonly readAt: bigint
  readonly changedAt: bigint
}

const lookEveryMs = 1000
const hourS = 3600

/**
 * The decoys in one private home, and whether somebody touched them. The time of the last reading is set before that of
 * the last change, so that the next reading moves it also where the system notes only the first one (`relatime`). A
 * program that sets times back moves the time of the last change of state, which cannot be set.
 */
export class DecoyHome {
  readonly #stamps = new Map<DecoyKind, Stamp>()
  readonly #watchers = new Set<(touched: TouchedFile) => void>()
  #timer: NodeJS.Timeout | undefined

  /** @param word of a kind, the same for this home every time */
  constructor(
    private readonly home: string,
    private readonly word: (kind: DecoyKind) => string,
  ) {}

  /** Puts the files there that are missing. What a server keeps under such a name itself stays, and is no decoy. */
  plant(): void {
    for (const kind of decoyKinds) if (!this.#stamps.has(kind)) this.#plant(kind)
  }

  /** @param touched called for every touch, within a second of it @returns stop, after a last look */
  watch(touched: (file: TouchedFile) => void): () => void {
    this.plant()
    this.#watchers.add(touched)
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref()
    return () => {
      if (!this.#watchers.has(touched)) return
      this.#look()
      this.#watchers.delete(touched)
      if (this.#watchers.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
      this.#stamps.clear() // what happens to the files while nothing runs is none of a server's doing
    }
  }

  #look(): void {
    for (const [kind, before] of this.#stamps) {
      const how = this.#touched(kind, before)
      if (how === undefined) continue
      this.#stamps.delete(kind)
      this.#plant(kind)
      for (const watcher of [...this.#watchers]) watcher({ kind, how })
    }
  }

  #touched(kind: DecoyKind, before: Stamp): TouchedFile['how'] | undefined {
    const now = stampOf(join(this.home, kind.path))
    if (now === undefined) return 'removed'
    if (now.inode !== before.inode || now.changedAt !== before.changedAt) return 'changed'
    return now.readAt === before.readAt ? undefined : 'read'
  }

  #plant(kind: DecoyKind): void {
    const path = join(this.home, kind.path)
    const text = kind.content(this.word(kind))
    try {
      if (stampOf(path) === undefined) {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
      } else if (!lstatSync(path).isFile() || readFileSync(path, 'utf8') !== text) return
      const now = Date.now() / 1000
      utimesSync(path, now - hourS, now)
      const stamp = stampOf(path)
      if (stamp !== undefined) this.#stamps.set(kind, stamp)
    } catch {
      // a server that closed the folder to everybody has no decoy there
    }
  }
}

function stampOf(path: string): Stamp | undefined {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return found && { inode: found.ino, readAt: found.atimeNs, changedAt: found.ctimeNs }
}
