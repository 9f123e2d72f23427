import { join } from 'node:path'
import type { ServerName } from '../../shared/domain/ids.ts'
import { LogFile } from './log-file.ts'
import { LogRing } from './log-ring.ts'

/** What servers write to their error stream: the latest lines in memory, all of it in a file each, without secrets. */
export class ServerLogs {
  readonly #rings = new Map<ServerName, LogRing>()
  readonly #files = new Set<LogFile>()

  constructor(
    private readonly folder: string,
    private readonly redact: (text: string) => string,
  ) {}

  of(name: ServerName): LogRing {
    const present = this.#rings.get(name)
    if (present) return present
    const file = new LogFile(join(this.folder, `server-${name}.log`))
    this.#files.add(file)
    const ring = new LogRing(1000, 4000, (lines) => file.append(lines.map(this.redact)))
    this.#rings.set(name, ring)
    return ring
  }

  /** Oldest first. */
  tail = (name: ServerName, lines: number): string[] => this.of(name).tail(lines).map(this.redact)

  /** A server's last words as the end of a problem, or nothing. */
  lastWords(name: ServerName): string {
    const said = this.tail(name, 6).join(' ').trim().slice(-500)
    return said === '' ? '' : ` It last said: “${said}”`
  }

  /** Lines in memory go, and what waits is on disk when it resolves. @returns how many went */
  async drop(fits: (line: string) => boolean): Promise<number> {
    let count = 0
    for (const ring of this.#rings.values()) count += ring.drop(fits)
    await Promise.all([...this.#files].map((file) => file.settled()))
    return count
  }

  forget = (name: ServerName): boolean => this.#rings.delete(name)
}
