import type { Database, Statement } from './database.ts'
import type { SealedMigration } from './migration.ts'
import { type Marks, RootAnchor, type RootAnchorPlace } from './root-anchor.ts'
import type { RowSeal } from './row-seal.ts'
import { emptyRoot, markOf, type Root, type RootMark, TableRoots } from './table-roots.ts'

/**
 * Whether the tables that give rights hold exactly the rows Gatehouse put there. A row's own seal shows that it was not
 * edited; this shows that none was taken out, put back, or exchanged for an older one, and that the database as a whole
 * is not an older copy of itself. That one was edited with its seal left shows where it is read: `edited` asks there.
 *
 * A sealed sum of each table's seals lies in the database and changes in the transaction that changes the rows; how far
 * it has come lies in the keychain. The database is written first and the keychain after it, so a kill in between leaves
 * a database that is ahead, which only a holder of the key can make; one behind the keychain was put back.
 */
export interface SealedTable {
  readonly name: string
  /** Rows that give no right and change by themselves are left out: a condition on `seal`’s row, with `ROW` before columns. */
  readonly where?: string
}

/** Tables without a right in them (sessions, approvals, tasks) are left out; `approval-releases` anchors used answers. */
export const sealedTables: readonly SealedTable[] = [
  { name: 'server' },
  { name: 'pin' },
  { name: 'client' },
  { name: 'client_token' },
  { name: 'key_program' },
  { name: 'token_family' },
  { name: 'use_quota' },
  { name: 'grants' },
  { name: 'grant_use' },
  { name: 'permission_state', where: `ROW.name <> 'wall-clock'` },
  { name: 'held_grant' },
  { name: 'setting' },
  { name: 'filter_settings' },
  { name: 'filter_word' },
  { name: 'app_connection' },
  { name: 'catalog_view' },
  { name: 'cell' },
  { name: 'cell_list' },
  { name: 'workspace' },
  { name: 'alert_rule' },
  { name: 'alert_channel' },
]

export interface TableFault {
  readonly table: string
  /** What follows its name and a colon. */
  readonly problem: string
}

export interface SealedTablesOptions {
  readonly db: Database
  /** 32 bytes from the keychain. */
  readonly key: Buffer
  readonly anchors: RootAnchorPlace
  /** The database's file, to have what was written on the disk itself before it is anchored; none for one in memory. */
  readonly file?: string
  readonly tables?: readonly SealedTable[]
  /** Changes of sealed rows that a newer Gatehouse brings; none where there is nothing to seal them with. */
  readonly migrations?: { readonly steps: readonly SealedMigration[]; readonly seal: RowSeal }
  /** Tables with rows that were edited, their seal left, as far as that is for everything to stop; asked after `migrations`. */
  readonly edited?: () => readonly TableFault[]
  /** Where `anchors` are kept may itself be an older copy: what is wrong there, and the person's word that it is right. */
  readonly anchorPlace?: { faults(): readonly TableFault[]; accept(): Promise<void> }
  /** The tables are not what they should be: told once, when it is found. */
  readonly onFault?: (faults: readonly TableFault[]) => void
  /** The keychain cannot be written at the moment. */
  readonly onProblem?: (problem: string) => void
}

export class SealedTables {
  readonly #options: SealedTablesOptions
  readonly #roots: TableRoots
  readonly #tables: readonly SealedTable[]
  readonly #root: Statement<[string], { root: string }>
  readonly #put: Statement<[string, string]>
  readonly #dataVersion: Statement<[], number>
  #faults: readonly TableFault[] = []
  #seenVersion = 0
  #adopting = false

  /** @throws keys.unavailable */
  static async open(options: SealedTablesOptions): Promise<SealedTables> {
    const { anchors: place, file, onProblem } = options
    const { anchor, expected } = await RootAnchor.open({
      place,
      ...(file === undefined ? {} : { file }),
      ...(onProblem ? { onProblem } : {}),
      reached: () => tables.#reached(),
    })
    const tables: SealedTables = new SealedTables(options, anchor)
    await tables.#begin(expected)
    return tables
  }

  private constructor(
    options: SealedTablesOptions,
    private readonly anchor: RootAnchor,
  ) {
    const { db } = options
    this.#options = options
    this.#roots = new TableRoots(options.key)
    const present = db.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all()
    this.#tables = (options.tables ?? sealedTables).filter(({ name }) => present.includes(name))
    this.#root = db.prepare('SELECT root FROM table_root WHERE name = ?')
    this.#put = db.prepare('INSERT OR REPLACE INTO table_root VALUES (?, ?)')
    this.#dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck() as Statement<[], number>
  }

  /** What is wrong; nothing as long as every table is as it was left. */
  get faults(): readonly TableFault[] {
    return this.#faults
  }

  /** Looks again when someone else wrote into the database. Costs up to ten microseconds while nobody did. */
  isSound(): boolean {
    if (this.#dataVersion.get() !== this.#seenVersion) this.#check()
    return this.#faults.length === 0
  }

  /** Resolves when everything written before is anchored; at once when nothing was. Never rejects. */
  settled = (): Promise<void> => this.anchor.settled()

  /**
   * Takes the tables for right as they will be when the app stops, under a version no earlier copy can have. Only for the
   * person, who was shown what is wrong; nothing is allowed before the next start, which reads the tables anew.
   */
  adoptAtStop(): void {
    this.#adopting = true
  }

  async stop(): Promise<void> {
    await this.anchor.stop()
    if (this.#adopting) await this.#adopt()
  }

  async #adopt(): Promise<void> {
    const marks: Record<string, RootMark> = {}
    this.#options.db.transaction(() => {
      for (const table of this.#tables) {
        const { name } = table
        const version = Math.max(this.#stored(name)?.version ?? 0, this.anchor.marks?.[name]?.version ?? 0) + 1
        const root = { version, sum: this.#roots.sumOf(name, this.#seals(table)) }
        this.#put.run(name, this.#roots.text(name, root))
        marks[name] = markOf(root)
      }
    })()
    await this.#options.anchorPlace?.accept()
    await this.anchor.keep(marks)
  }

  /** How far the keychain knows the tables to have come. */
  get marks(): Marks {
    return this.anchor.marks ?? {}
  }

  /**
   * From now on a database that has come exactly so far is right, too, at the next start: the one that takes the place of
   * this one when the app stops. If it does not come to that, this one goes on.
   *
   * @throws keys.unavailable
   */
  expect = (next: Marks): Promise<void> => this.anchor.expect(next)

  async #begin(next?: Marks): Promise<void> {
    if (next && this.#isAt(next)) await this.anchor.keep(next)
    const unknown = this.#tables.every(({ name }) => this.#root.get(name) === undefined)
    // Before the first root: from then on roots without an anchor are ones that somebody took the anchor from.
    if (!this.anchor.marks && unknown) await this.anchor.keep({})
    this.#check()
    this.#watch()
    if (this.#faults.length > 0) return
    for (const table of this.#tables) this.#catchUp(table)
    this.#migrate()
    await this.anchor.now()
  }

  /** Whatever these steps change is folded into the roots as every other change is. */
  #migrate(): void {
    const { db, migrations } = this.#options
    const pending = this.#pending()
    if (!migrations || pending.length === 0) return
    const note = db.prepare('INSERT INTO sealed_migration VALUES (?)')
    for (const { number, run } of pending)
      db.transaction(() => {
        run(db, migrations.seal)
        note.run(number)
      }).immediate()
    this.#check()
  }

  /** Rows are sealed as this Gatehouse seals them; until then one of an older form says nothing about who wrote it. */
  get isMigrated(): boolean {
    return this.#pending().length === 0
  }

  #pending(): readonly SealedMigration[] {
    const { db, migrations } = this.#options
    if (!migrations || migrations.steps.length === 0) return []
    const done = new Set(db.prepare<[], number>('SELECT number FROM sealed_migration').pluck().all())
    return migrations.steps.filter(({ number }) => !done.has(number))
  }

  #isAt(marks: Marks): boolean {
    return this.#tables.every(({ name }) => {
      const root = this.#stored(name)
      const mark = marks[name]
      return root !== undefined && mark?.version === root.version && mark.mark === markOf(root).mark
    })
  }

  /** A table that never had a root gets one; one that is the same as an anchored later one takes its number. */
  #catchUp(table: SealedTable): void {
    const { name } = table
    const stored = this.#stored(name) ?? emptyRoot
    const version = Math.max(stored.version, this.anchor.marks?.[name]?.version ?? 0)
    const known = this.#root.get(name)?.root
    const sum = known ? stored.sum : this.#roots.sumOf(name, this.#seals(table))
    const text = this.#roots.text(name, { version, sum })
    if (text !== known) this.#put.run(name, text)
  }

  /** Compares the rows with their root, and the root with the keychain. */
  #check(): void {
    this.#seenVersion = this.#dataVersion.get() ?? 0
    const elsewhere = this.#options.anchorPlace?.faults() ?? []
    const inTables = this.#tables.flatMap((table) => this.#faultOf(table))
    const edited = this.#pending().length === 0 ? (this.#options.edited?.() ?? []) : []
    const found = [...this.#planted(), ...elsewhere, ...inTables, ...edited]
    if (found.length === 0) return
    const first = this.#faults.length === 0
    this.#faults = found
    if (first) this.#options.onFault?.(found)
  }

  /** A trigger that somebody left in the database would act with Gatehouse's own hands. */
  #planted(): TableFault[] {
    const { db } = this.#options
    const found = db.prepare<[], string>(`SELECT tbl_name FROM main.sqlite_schema WHERE type IN ('trigger', 'view')`)
    return found
      .pluck()
      .all()
      .map((table) => ({ table, problem: 'a program of somebody else was left in it' }))
  }

  #faultOf(table: SealedTable): TableFault[] {
    const { name } = table
    const fault = (problem: string) => [{ table: name, problem }]
    if (!this.anchor.marks) return fault('its anchor in the keychain is missing')
    const anchor = this.anchor.marks[name]
    const text = this.#root.get(name)?.root
    if (text === undefined) return anchor ? fault('its seal is missing') : []
    const root = this.#roots.read(name, text)
    if (!root) return fault('its seal was not made by Gatehouse')
    const mark = markOf(root)
    if (anchor && mark.mark !== anchor.mark) {
      if (root.version < anchor.version) return fault('an older copy was put in its place')
      if (root.version === anchor.version) return fault('its seal is of another time')
    }
    if (this.#roots.sumOf(name, this.#seals(table)) !== root.sum)
      return fault('rows are missing, or are there that Gatehouse did not put there')
    return []
  }

  /** From now on every change of a row changes its table's root, in the same transaction. */
  #watch(): void {
    const { db } = this.#options
    db.pragma('recursive_triggers = ON') // else a row that is replaced goes unseen
    db.function(
      'gatehouse_root',
      { deterministic: false },
      (name: string, text: string, gone: unknown, come: unknown) =>
        this.#fold(name, text, gone as string | null, come as string | null),
    )
    for (const { name, where } of this.#tables) {
      const counts = (row: string) =>
        where ? `CASE WHEN ${where.replaceAll('ROW', row)} THEN ${row}.seal END` : `${row}.seal`
      const trigger = (event: string, gone: string, come: string) =>
        db.exec(`CREATE TEMP TRIGGER "${name}_${event.slice(0, 6)}" AFTER ${event} ON main."${name}"
          WHEN ${gone} IS NOT ${come} BEGIN
          UPDATE table_root SET root = gatehouse_root(name, root, ${gone}, ${come}) WHERE name = '${name}'; END`)
      trigger('INSERT', 'NULL', counts('NEW'))
      trigger('DELETE', counts('OLD'), 'NULL')
      trigger('UPDATE', counts('OLD'), counts('NEW'))
    }
  }

  /** While something is wrong nothing is sealed: a wrong set must not become a right one by the next change. */
  #fold(name: string, text: string, gone: string | null, come: string | null): string {
    if (this.#faults.length > 0) return text
    const root = this.#roots.read(name, text)
    if (!root || root.version < (this.anchor.marks?.[name]?.version ?? 0)) return text // told at the next look
    this.anchor.changed()
    return this.#roots.text(name, this.#roots.next(name, root, gone, come))
  }

  /** How far every table is, as long as all are what they should be. */
  #reached(): Marks | undefined {
    if (!this.isSound()) return undefined
    return Object.fromEntries(this.#tables.map(({ name }) => [name, markOf(this.#stored(name) ?? emptyRoot)]))
  }

  #stored(name: string): Root | undefined {
    const text = this.#root.get(name)?.root
    return text === undefined ? undefined : this.#roots.read(name, text)
  }

  #seals({ name, where }: SealedTable): string[] {
    const condition = where ? `WHERE ${where.replaceAll('ROW', `"${name}"`)}` : ''
    return this.#options.db.prepare<[], string>(`SELECT seal FROM "${name}" ${condition}`).pluck().all()
  }
}
