import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../main/store/database.ts'
import type { SealedMigration } from '../../main/store/migration.ts'
import { migrations } from '../../main/store/migrations/migrations.ts'
import { rootAnchorName } from '../../main/store/root-anchor.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { type SealedTable, SealedTables, sealedTables, type TableFault } from '../../main/store/sealed-tables.ts'

let folder: string
let file: string
let db: Database
let anchors: Map<string, Buffer>
let told: TableFault[]
let keychain: 'open' | 'locked'
const key = randomBytes(32)
const seal = rowSeal(key)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-sealed-'))
  file = join(folder, 'gatehouse.db')
  db = openDatabase(file)
  anchors = new Map()
  told = []
  keychain = 'open'
})
afterEach(() => {
  if (db.open) db.close()
  rmSync(folder, { recursive: true, force: true })
})

const ring = {
  get: async (name: string) => anchors.get(name),
  set: async (name: string, value: Buffer) => {
    if (keychain === 'locked') throw new Error('locked')
    anchors.set(name, value)
  },
}
const open = (tables?: readonly SealedTable[], steps: readonly SealedMigration[] = []) =>
  SealedTables.open({
    db,
    key,
    file,
    anchors: ring,
    migrations: { steps, seal },
    onFault: (faults) => told.push(...faults),
    ...(tables ? { tables } : {}),
  })

const put = (name: string, value: string, to: Database = db) =>
  to
    .prepare('INSERT OR REPLACE INTO setting VALUES (?, ?, ?)')
    .run(name, value, seal.seal('setting', { key: name, value }))

/** As an app that was killed: nothing is told any more, the file is opened anew. */
function reopened(steps?: readonly SealedMigration[]): Promise<SealedTables> {
  db.close()
  db = openDatabase(file)
  return open(undefined, steps)
}

/** Somebody else’s connection. */
function behind(edit: (theirs: Database) => void): void {
  const theirs = openDatabase(file)
  edit(theirs)
  theirs.close()
}

describe('sealed tables', () => {
  it('are sound through inserts, replacements, updates, deletions and transactions taken back', async () => {
    const tables = await open()
    put('a', '1')
    put('a', '2')
    put('b', '1')
    db.prepare('UPDATE setting SET value = ?, seal = ? WHERE key = ?').run(
      '3',
      seal.seal('setting', { key: 'b', value: '3' }),
      'b',
    )
    db.prepare('DELETE FROM setting WHERE key = ?').run('a')
    expect(() =>
      db.transaction(() => {
        put('c', '1')
        throw new Error('taken back')
      })(),
    ).toThrow('taken back')
    put('d', '1')
    await tables.stop()
    expect((await reopened()).isSound()).toBe(true)
    expect(told).toEqual([])
  })

  it('adopt the rows of a folder made before there were roots, once', async () => {
    put('old', '1')
    expect((await open()).isSound()).toBe(true)
    anchors.delete(rootAnchorName)
    expect((await reopened()).faults.map(({ problem }) => problem)).toContain('its anchor in the keychain is missing')
  })

  it.each<[string, (theirs: Database) => void, string]>([
    ['a row is deleted', (theirs) => theirs.exec(`DELETE FROM setting WHERE key = 'strict'`), 'rows are missing'],
    ['an older genuine row is put back', (theirs) => put('strict', 'no', theirs), 'rows are missing'],
    ['a genuine row is put in again', (theirs) => put('gone', '1', theirs), 'rows are missing'],
    [
      'a made-up row is put in',
      (theirs) => theirs.exec(`INSERT INTO setting VALUES ('x', '1', 'y')`),
      'rows are missing',
    ],
    ['the root is deleted', (theirs) => theirs.exec('DELETE FROM table_root'), 'its seal is missing'],
    ['the root is edited', (theirs) => theirs.exec(`UPDATE table_root SET root = '9' || root`), 'was not made by'],
    [
      'the root of another table is put in its place',
      (theirs) => theirs.exec(`UPDATE table_root SET root = (SELECT root FROM table_root WHERE name = 'pin')`),
      'was not made by',
    ],
    [
      'a trigger is left behind that deletes rows',
      (theirs) =>
        theirs.exec(`CREATE TRIGGER t AFTER INSERT ON setting BEGIN DELETE FROM setting WHERE key = 'strict'; END`),
      'a program of somebody else',
    ],
  ])('are not sound when %s: found in use and at the next start', async (_, edit, problem) => {
    const tables = await open()
    put('strict', 'no')
    put('strict', 'yes')
    put('gone', '1')
    db.prepare(`DELETE FROM setting WHERE key = 'gone'`).run()
    await tables.settled()
    expect(tables.isSound()).toBe(true)
    behind(edit)
    expect(tables.isSound()).toBe(false)
    expect(told.map((fault) => fault.problem).join()).toContain(problem)
    put('later', '1') // does not make it right again
    await tables.settled()
    expect((await reopened()).isSound()).toBe(false)
  })

  it('are not sound when an older copy of the whole database is put in place, however much is written after it', async () => {
    const tables = await open()
    put('deny', 'nothing')
    await tables.settled()
    db.pragma('wal_checkpoint(TRUNCATE)')
    copyFileSync(file, join(folder, 'kept.db'))
    put('deny', 'everything')
    await tables.stop()
    db.close()
    copyFileSync(join(folder, 'kept.db'), file)
    db = openDatabase(file)
    const again = await open()
    expect(again.faults).toEqual([{ table: 'setting', problem: 'an older copy was put in its place' }])
    for (let n = 0; n < 5; n++) put(`more ${n}`, '1')
    await again.stop()
    expect((await reopened()).faults[0]?.problem).toBe('an older copy was put in its place')
  })

  it('are sound when only their number is older: the same rows are the same rows', async () => {
    const tables = await open()
    put('a', '1')
    await tables.settled()
    db.pragma('wal_checkpoint(TRUNCATE)')
    copyFileSync(file, join(folder, 'kept.db'))
    put('b', '1')
    db.prepare(`DELETE FROM setting WHERE key = 'b'`).run()
    await tables.stop()
    db.close()
    copyFileSync(join(folder, 'kept.db'), file)
    db = openDatabase(file)
    expect((await open()).isSound()).toBe(true)
  })

  it('are sound when the app was killed after the database was written and before the keychain was', async () => {
    await open()
    keychain = 'locked'
    put('a', '1')
    put('b', '1')
    await new Promise((resolve) => setImmediate(resolve))
    keychain = 'open'
    expect((await reopened()).isSound()).toBe(true)
    expect((await reopened()).isSound()).toBe(true)
  })

  it('are anchored again as soon as the keychain can be written', async () => {
    const tables = await open()
    const before = anchors.get(rootAnchorName)?.toString()
    keychain = 'locked'
    put('a', '1')
    await tables.settled()
    expect(anchors.get(rootAnchorName)?.toString()).toBe(before)
    keychain = 'open'
    await tables.settled()
    expect(anchors.get(rootAnchorName)?.toString()).not.toBe(before)
  })

  it('count from what the person took for right when the app stopped, and from no earlier copy', async () => {
    const tables = await open()
    put('strict', 'yes')
    await tables.settled()
    db.pragma('wal_checkpoint(TRUNCATE)')
    copyFileSync(file, join(folder, 'kept.db'))
    behind((theirs) => theirs.exec('DELETE FROM setting'))
    expect(tables.isSound()).toBe(false)
    tables.adoptAtStop()
    expect(tables.isSound()).toBe(false)
    await tables.stop()
    expect((await reopened()).isSound()).toBe(true)
    db.close()
    copyFileSync(join(folder, 'kept.db'), file)
    db = openDatabase(file)
    expect((await open()).isSound()).toBe(false)
  })

  it('leave out rows that change by themselves', async () => {
    const tables = await open()
    await tables.settled()
    const before = anchors.get(rootAnchorName)?.toString()
    db.prepare(`INSERT OR REPLACE INTO permission_state VALUES ('wall-clock', '1', 'x')`).run()
    db.prepare(`INSERT OR REPLACE INTO permission_state VALUES ('wall-clock', '2', 'y')`).run()
    await tables.settled()
    expect(anchors.get(rootAnchorName)?.toString()).toBe(before)
    expect((await reopened()).isSound()).toBe(true)
  })
})

describe('a migration of sealed rows', () => {
  let ran: number
  const step: SealedMigration = {
    number: 1,
    name: 'dark is night',
    run: (to, by) => {
      ran++
      to.prepare(`DELETE FROM setting WHERE key = 'old'`).run()
      const value = '"night"'
      const sealed = by.seal('setting', { key: 'theme', value })
      to.prepare(`UPDATE setting SET value = ?, seal = ? WHERE key = 'theme'`).run(value, sealed)
    },
  }
  const values = () => db.prepare('SELECT key, value FROM setting ORDER BY key').raw().all()
  beforeEach(async () => {
    ran = 0
    const tables = await open()
    put('theme', '"dark"')
    put('old', '1')
    await tables.settled()
  })

  it('runs once, and what it takes out and changes is sealed with it', async () => {
    const tables = await reopened([step])
    expect([tables.faults, values()]).toEqual([[], [['theme', '"night"']]])
    await tables.stop()
    expect((await reopened([step])).isSound()).toBe(true)
    expect([ran, told]).toEqual([1, []])
  })

  it('is done whole or not at all, whenever the app is killed', async () => {
    const failing: SealedMigration = {
      ...step,
      run: (to, by) => {
        step.run(to, by)
        throw new Error('killed')
      },
    }
    await expect(reopened([failing])).rejects.toThrow('killed')
    expect(values()).toEqual([
      ['old', '1'],
      ['theme', '"dark"'],
    ])
    await reopened([step]) // killed before the keychain knew of it
    const again = await reopened([step])
    expect([again.faults, values(), ran]).toEqual([[], [['theme', '"night"']], 2])
  })

  it('does not run over what somebody else changed, and does not make it right', async () => {
    behind((theirs) => theirs.prepare(`DELETE FROM setting WHERE key = 'theme'`).run())
    const tables = await reopened([step])
    expect([tables.isSound(), ran]).toEqual([false, 0])
  })

  it('is the only kind that changes rows of sealed tables', () => {
    const sealed = sealedTables.map(({ name }) => name).join('|')
    const touches = new RegExp(
      `(?:DELETE\\s+FROM|UPDATE|INSERT(?:\\s+OR\\s+\\w+)?\\s+INTO|DROP\\s+TABLE)\\s+"?(?:${sealed})\\b`,
      'i',
    )
    const since = migrations.filter(({ number }) => number > 38) // with 38 they are sealed
    expect(since.filter(({ sql }) => touches.test(sql)).map(({ name }) => name)).toEqual([])
    expect(touches.test('DELETE FROM grants WHERE 1')).toBe(true)
  })
})
