import type { ServerName } from '../../shared/domain/ids.ts'
import { secretsNamedIn } from '../../shared/domain/secret-reference.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { secretMissing } from '../../shared/errors.ts'
import type { Database, Statement } from '../store/database.ts'
import type { KeyRing } from './key-ring.ts'
import { secretsWithin } from './oauth/sign-in-record.ts'

/**
 * The secrets servers need, and the keys Gatehouse itself needs. Values lie in a key ring (system keychain, Electron's
 * safeStorage, vault file) and in memory while Gatehouse runs; the database knows names and dates.
 *
 * It refuses to keep anything in plain text, to hand a value to a window, and to lease a server a secret it did not
 * declare.
 */
export interface SecretInfo {
  readonly server: ServerName
  readonly name: string
  readonly updatedAt: number
  /** For people: which place holds the value. */
  readonly holder: string
  /** How many values it had, this one counted. */
  readonly version: number
  /** Days after which it is to be replaced, where the person set any. */
  readonly rotateDays?: number
  readonly dueAt?: number
  /** When its server last got it, and how many times it did. */
  readonly usedAt?: number
  readonly uses: number
}

interface SecretRow {
  server: string
  name: string
  updated_at: number
  holder: string
  version: number
  rotate_days: number | null
  used_at: number | null
  uses: number
}

/** What Gatehouse itself keeps in the ring: its keys, the operator passphrase, the anchor of the audit log. */
export const ownRingEntries: readonly string[] = [
  'probe',
  'key/rows',
  'key/data',
  'key/audit',
  'operator',
  'operator-tries',
  'audit-anchor',
  'table-roots',
  'access-token-keys',
]

/** Shorter values would be found all over harmless text. */
const shortestRedactedLength = 6
const dayMs = 24 * 3_600_000

export class Credentials {
  readonly #ring: KeyRing
  readonly #now: () => number
  readonly #onChange: () => void
  readonly #values = new Map<string, string>()
  readonly #list: Statement<[], SecretRow>
  readonly #put: Statement<[string, string, number, string]>
  readonly #drop: Statement<[string, string]>
  readonly #schedule: Statement<[number | null, string, string]>
  readonly #saveUse: Statement<[number, number, string, string]>
  /** Not yet written: when a secret was last leased and how many times since. */
  readonly #uses = new Map<string, { readonly server: string; readonly name: string; at: number; times: number }>()
  #known: readonly string[] = []

  /** Reads the values once, so that calls need not wait for a keychain and replies can be redacted. */
  static async open(
    db: Database,
    ring: KeyRing,
    options: { readonly now?: () => number; readonly onChange?: () => void } = {},
  ): Promise<Credentials> {
    const credentials = new Credentials(db, ring, options.now ?? Date.now, options.onChange ?? (() => {}))
    for (const { server, name } of credentials.list()) await credentials.#load(server, name)
    credentials.#recount()
    return credentials
  }

  private constructor(db: Database, ring: KeyRing, now: () => number, onChange: () => void) {
    this.#ring = ring
    this.#now = now
    this.#onChange = onChange
    this.#list = db.prepare('SELECT * FROM secret ORDER BY server, name')
    this.#put = db.prepare(`
      INSERT INTO secret (server, name, updated_at, holder) VALUES (?, ?, ?, ?)
      ON CONFLICT (server, name)
        DO UPDATE SET updated_at = excluded.updated_at, holder = excluded.holder, version = version + 1`)
    this.#schedule = db.prepare('UPDATE secret SET rotate_days = ? WHERE server = ? AND name = ?')
    this.#saveUse = db.prepare('UPDATE secret SET used_at = ?, uses = uses + ? WHERE server = ? AND name = ?')
    this.#drop = db.prepare('DELETE FROM secret WHERE server = ? AND name = ?')
  }

  /** Names, dates and places; never values. */
  list(): SecretInfo[] {
    this.saveUses()
    return this.#list.all().map((row) => ({
      server: row.server as ServerName,
      name: row.name,
      updatedAt: row.updated_at,
      holder: row.holder,
      version: row.version,
      uses: row.uses,
      ...(row.used_at === null ? {} : { usedAt: row.used_at }),
      ...(row.rotate_days === null
        ? {}
        : { rotateDays: row.rotate_days, dueAt: row.updated_at + row.rotate_days * dayMs }),
    }))
  }

  /** Those that are to be replaced by now. */
  due = (): SecretInfo[] => this.list().filter(({ dueAt }) => dueAt !== undefined && dueAt <= this.#now())

  /** @param days after which it is to be replaced; undefined: never. @returns false when there is no such secret */
  schedule = (server: ServerName, name: string, days: number | undefined): boolean =>
    this.#schedule.run(days ?? null, server, name).changes === 1

  /** Writes when secrets were last used. */
  saveUses(): void {
    for (const { server, name, at, times } of this.#uses.values()) this.#saveUse.run(at, times, server, name)
    this.#uses.clear()
  }

  /** @throws keys.unavailable; the old value stands then */
  async set(server: ServerName, name: string, value: string): Promise<void> {
    await this.#ring.set(entryName(server, name), Buffer.from(value))
    this.#put.run(server, name, this.#now(), this.#ring.describe())
    this.#values.set(entryName(server, name), value)
    this.#changed()
  }

  /** @returns false when there was none. @throws keys.unavailable; it is kept then */
  async remove(server: ServerName, name: string): Promise<boolean> {
    const wasInRing = await this.#ring.delete(entryName(server, name))
    const wasListed = this.#drop.run(server, name).changes === 1
    this.#values.delete(entryName(server, name))
    this.#changed()
    return wasInRing || wasListed
  }

  /** A value Gatehouse itself keeps for a server; undefined when there is none. */
  kept = (server: ServerName, name: string): string | undefined => this.#values.get(entryName(server, name))

  /** With its server, a secret goes. */
  async removeAll(server: ServerName): Promise<void> {
    for (const secret of this.list()) if (secret.server === server) await this.remove(server, secret.name)
  }

  /**
   * Empties the ring for uninstalling: every secret, and the named entries of everyone else. Goes on past one that
   * fails, and then throws.
   *
   * @throws keys.unavailable
   */
  async forgetEverything(otherEntries: readonly string[]): Promise<void> {
    const secrets = this.list().map(({ server, name }) => this.remove(server, name))
    const ended = await Promise.allSettled([...secrets, ...otherEntries.map((name) => this.#ring.delete(name))])
    const failed = ended.find((end) => end.status === 'rejected')
    if (failed) throw failed.reason
  }

  /**
   * The values this server declared, and no others.
   *
   * @throws secrets.missing naming the first that is not set
   * @throws keys.unavailable
   */
  async lease(server: ServerConfig): Promise<Readonly<Record<string, string>>> {
    const leased: Record<string, string> = {}
    for (const name of server.secretNames) {
      const value = this.#values.get(entryName(server.name, name)) ?? (await this.#load(server.name, name))
      if (value === undefined) throw secretMissing(server.name, name)
      leased[name] = value
      this.#used(server.name, name)
    }
    for (const name of secretsNamedIn(Object.values(server.env).join('\n')))
      if (!Object.hasOwn(leased, name)) throw secretMissing(server.name, name)
    return leased
  }

  /** The values worth redacting, longest first. For filters only; the list is replaced, never changed in place. */
  knownValues = (): readonly string[] => this.#known

  #used(server: ServerName, name: string): void {
    const key = entryName(server, name)
    const present = this.#uses.get(key)
    if (present === undefined) this.#uses.set(key, { server, name, at: this.#now(), times: 1 })
    else Object.assign(present, { at: this.#now(), times: present.times + 1 })
  }

  async #load(server: ServerName, name: string): Promise<string | undefined> {
    const value = (await this.#ring.get(entryName(server, name)))?.toString()
    if (value === undefined) return undefined
    this.#values.set(entryName(server, name), value)
    this.#recount()
    return value
  }

  #changed(): void {
    this.#recount()
    this.#onChange()
  }

  #recount(): void {
    const values = [...this.#values].flatMap(([entry, value]) => secretsWithin(entry.split('/')[2] ?? '', value))
    const worthIt = [...new Set(values)].filter((value) => value.length >= shortestRedactedLength)
    this.#known = worthIt.sort((a, b) => b.length - a.length)
  }
}

const entryName = (server: string, name: string) => `secret/${server}/${name}`
