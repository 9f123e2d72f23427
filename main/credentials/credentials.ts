import type { ServerName, SessionId } from '../../shared/domain/ids.ts'
import { secretsNamedIn } from '../../shared/domain/secret-reference.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { inputInvalid, secretMissing } from '../../shared/errors.ts'
import type { Database, Statement } from '../store/database.ts'
import type { KeyRing } from './key-ring.ts'
import { secretsWithin } from './oauth/sign-in-record.ts'
import { type SecretUse, SecretUses } from './secret-uses.ts'

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
  /** The value before this one is still kept, so that it can be had back. */
  readonly former?: true
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
/** Milliseconds the value before the present one is kept. */
const formerKeptMs = 30 * dayMs

export class Credentials {
  readonly #ring: KeyRing
  readonly #now: () => number
  readonly #onChange: () => void
  readonly #values = new Map<string, string>()
  readonly #list: Statement<[], SecretRow>
  readonly #put: Statement<[string, string, number, string]>
  readonly #drop: Statement<[string, string]>
  readonly #schedule: Statement<[number | null, string, string]>
  readonly #versionOf: Statement<[string, string], { version: number }>
  readonly #saveUse: Statement<[number, number, string, string]>
  /** Not yet written: when a secret was last leased and how many times since. */
  readonly #uses = new Map<string, { readonly server: string; readonly name: string; at: number; times: number }>()
  readonly #former = new Map<string, string>()
  readonly #useLog: SecretUses
  #known: readonly string[] = []

  /** Reads the values once, so that calls need not wait for a keychain and replies can be redacted. */
  static async open(
    db: Database,
    ring: KeyRing,
    options: { readonly now?: () => number; readonly onChange?: () => void } = {},
  ): Promise<Credentials> {
    const credentials = new Credentials(db, ring, options.now ?? Date.now, options.onChange ?? (() => {}))
    for (const { server, name, updatedAt } of credentials.list()) {
      await credentials.#load(server, name)
      await credentials.#loadFormer(server, name, updatedAt)
    }
    credentials.#recount()
    return credentials
  }

  private constructor(db: Database, ring: KeyRing, now: () => number, onChange: () => void) {
    this.#ring = ring
    this.#now = now
    this.#onChange = onChange
    this.#useLog = new SecretUses(db)
    this.#list = db.prepare('SELECT * FROM secret ORDER BY server, name')
    this.#put = db.prepare(`
      INSERT INTO secret (server, name, updated_at, holder) VALUES (?, ?, ?, ?)
      ON CONFLICT (server, name)
        DO UPDATE SET updated_at = excluded.updated_at, holder = excluded.holder, version = version + 1`)
    this.#schedule = db.prepare('UPDATE secret SET rotate_days = ? WHERE server = ? AND name = ?')
    this.#saveUse = db.prepare('UPDATE secret SET used_at = ?, uses = uses + ? WHERE server = ? AND name = ?')
    this.#versionOf = db.prepare('SELECT version FROM secret WHERE server = ? AND name = ?')
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
      ...(this.#formerOf(row) === undefined ? {} : { former: true as const }),
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
    this.#useLog.save(this.#now())
  }

  /** Starts and sessions a secret was used for, latest first. @param name all of its server's without it */
  uses(server: ServerName, name: string | undefined, limit: number): SecretUse[] {
    this.saveUses()
    return this.#useLog.list(server, name, limit)
  }

  /** As `set`, and keeps the value before for 30 days, so that it can be had back. @throws keys.unavailable */
  async replace(server: ServerName, name: string, value: string): Promise<void> {
    const before = this.#values.get(entryName(server, name))
    if (before !== undefined && before !== value) await this.#keepFormer(server, name, before)
    await this.set(server, name, value)
  }

  /** Back to the value before this one; this one can be had back the same way. @throws input.invalid, keys.unavailable */
  async revert(server: ServerName, name: string): Promise<void> {
    const row = this.#list.all().find((one) => one.server === server && one.name === name)
    const former = row && this.#formerOf(row)
    if (former === undefined)
      throw inputInvalid(`There is no former value of ${name} of “${server}”. It is kept for 30 days after a change.`)
    await this.replace(server, name, former)
  }

  /** Drops the values before, thirty days after they were replaced. @throws keys.unavailable; what is left goes the next time */
  async forgetFormer(): Promise<void> {
    for (const { server, name, updated_at } of this.#list.all()) {
      const [entry, former] = [entryName(server, name), this.#former.get(entryName(server, name))]
      if (former === undefined || !this.#isOver(updated_at)) continue
      await this.#ring.delete(formerName(server, name))
      if (this.#former.get(entry) === former) this.#former.delete(entry) // unless replaced meanwhile
      this.#changed()
    }
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
    if (this.#former.delete(entryName(server, name))) await this.#ring.delete(formerName(server, name))
    this.#useLog.forget(server, name)
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
   * @param session whose call they are for; without it the server is started with them
   * @throws secrets.missing naming the first that is not set
   * @throws keys.unavailable
   */
  async lease(server: ServerConfig, session?: SessionId): Promise<Readonly<Record<string, string>>> {
    const leased: Record<string, string> = {}
    for (const name of server.secretNames) {
      const value = this.#values.get(entryName(server.name, name)) ?? (await this.#load(server.name, name))
      if (value === undefined) throw secretMissing(server.name, name)
      leased[name] = value
      this.#used(server.name, name, session)
    }
    for (const name of secretsNamedIn(Object.values(server.env).join('\n')))
      if (!Object.hasOwn(leased, name)) throw secretMissing(server.name, name)
    return leased
  }

  /** The values worth redacting, longest first. For filters only; the list is replaced, never changed in place. */
  knownValues = (): readonly string[] => this.#known

  #used(server: ServerName, name: string, session: SessionId | undefined): void {
    this.#useLog.note(server, name, this.#version(server, name), session, this.#now())
    const key = entryName(server, name)
    const present = this.#uses.get(key)
    if (present === undefined) this.#uses.set(key, { server, name, at: this.#now(), times: 1 })
    else Object.assign(present, { at: this.#now(), times: present.times + 1 })
  }

  #version = (server: ServerName, name: string): number => this.#versionOf.get(server, name)?.version ?? 1

  async #load(server: ServerName, name: string): Promise<string | undefined> {
    const value = (await this.#ring.get(entryName(server, name)))?.toString()
    if (value === undefined) return undefined
    this.#values.set(entryName(server, name), value)
    this.#recount()
    return value
  }

  async #keepFormer(server: ServerName, name: string, value: string): Promise<void> {
    await this.#ring.set(formerName(server, name), Buffer.from(value))
    this.#former.set(entryName(server, name), value)
  }

  async #loadFormer(server: ServerName, name: string, changedAt: number): Promise<void> {
    const former = await this.#ring.get(formerName(server, name))
    if (former === undefined) return
    if (this.#isOver(changedAt)) await this.#ring.delete(formerName(server, name))
    else this.#former.set(entryName(server, name), former.toString())
  }

  #isOver = (changedAt: number): boolean => this.#now() - changedAt > formerKeptMs

  /** The value before this one, for as long as it can be had back. */
  #formerOf = ({ server, name, updated_at }: SecretRow): string | undefined =>
    this.#isOver(updated_at) ? undefined : this.#former.get(entryName(server, name))

  #changed(): void {
    this.#recount()
    this.#onChange()
  }

  #recount(): void {
    const values = [...this.#values, ...this.#former].flatMap(([entry, value]) =>
      secretsWithin(entry.split('/')[2] ?? '', value),
    )
    const worthIt = [...new Set(values)].filter((value) => value.length >= shortestRedactedLength)
    this.#known = worthIt.sort((a, b) => b.length - a.length)
  }
}

const formerName = (server: string, name: string) => `former/${server}/${name}`
const entryName = (server: string, name: string) => `secret/${server}/${name}`
