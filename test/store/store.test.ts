import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pathsIn } from '../../main/config/paths.ts'
import { copiesBeforeUpdates, copyBeforeUpdate, forgetOldCopies } from '../../main/store/before-update.ts'
import { prepareDataFolder } from '../../main/store/data-folder.ts'
import { backupDatabase, type Database, openDatabase, type SetAside } from '../../main/store/database.ts'
import { takeLock } from '../../main/store/lock.ts'
import { openStore } from '../../main/store/store.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-store-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const one = [{ number: 1, name: 'one', sql: 'CREATE TABLE thing (name TEXT) STRICT;' }]
const two = [...one, { number: 2, name: 'two', sql: 'ALTER TABLE thing ADD COLUMN size INTEGER;' }]

describe('a database', () => {
  it('is brought to the newest version and keeps what it holds', () => {
    const file = join(home, 'a.db')
    const old = openDatabase(file, one)
    old.exec(`INSERT INTO thing VALUES ('kept')`)
    old.close()
    const db = openDatabase(file, two)
    expect(db.prepare('SELECT * FROM thing').all()).toEqual([{ name: 'kept', size: null }])
    expect(modeOf(file)).toBe('600')
    db.close()
  })

  it('stays at its version when a migration fails', () => {
    const file = join(home, 'a.db')
    openDatabase(file, one).close()
    expect(() => openDatabase(file, [...two, { number: 3, name: 'bad', sql: 'NONSENSE' }])).toThrow(/syntax/)
    const db = openDatabase(file, one)
    expect(db.pragma('user_version', { simple: true })).toBe(1)
    db.close()
  })

  it('of a newer Gatehouse is refused and left as it is', () => {
    const file = join(home, 'a.db')
    openDatabase(file, two).close()
    const before = readFileSync(file)
    const said: SetAside[] = []
    expect(() => openDatabase(file, one, (set) => said.push(set))).toThrow(
      expect.objectContaining({ code: 'store.newer', params: { found: '2', known: '1' } }),
    )
    expect(said).toEqual([])
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it.each([
    [
      'that is something else',
      (file: string) => writeFileSync(file, 'not a database at all, and long enough'.repeat(99)),
    ],
    ['with a damaged page', (file: string) => damage(file)],
  ])('%s is set aside and said', (_, spoil) => {
    const file = join(home, 'a.db')
    const sound = openDatabase(file, one)
    const insert = sound.prepare('INSERT INTO thing VALUES (?)')
    for (let i = 0; i < 2000; i++) insert.run(`row ${i} ${'x'.repeat(50)}`)
    sound.close()
    spoil(file)
    writeFileSync(`${file}-shm`, 'left over')
    expect(() => openDatabase(file, one)).toThrow(expect.objectContaining({ code: 'store.corrupt' }))
    const said: SetAside[] = []
    const db = openDatabase(file, one, (set) => said.push(set))
    expect(db.prepare('SELECT count(*) AS n FROM thing').get()).toEqual({ n: 0 })
    expect(said).toHaveLength(1)
    expect(said[0]?.file).toMatch(/a\.db\.corrupt-\d{4}-\d\d-\d\dT/)
    expect(existsSync(said[0]?.file ?? '')).toBe(true)
    db.close()
  })

  it('is written anew by an update that wants it, at a later start if it cannot be, and its log takes no room then', () => {
    const file = join(home, 'a.db')
    const rewriting = two.with(1, { ...(two[1] as (typeof two)[number]), rewrites: true } as (typeof two)[number])
    const former = openDatabase(file, one)
    former.pragma('secure_delete = OFF')
    former.exec(`INSERT INTO thing VALUES ('left in its page'); DELETE FROM thing`)
    // an index by a function that only this connection has: the file can be used, but not be written anew
    former.function('odd', { deterministic: true }, (value) => value)
    former.exec('CREATE INDEX odd_thing ON thing (odd(name))')
    former.close()
    const holdsDeleted = () => readFileSync(file).includes('left in its page')
    const unable = openDatabase(file, rewriting)
    expect(unable.pragma('user_version', { simple: true })).toBe(2)
    unable.exec('DROP INDEX odd_thing')
    unable.close()
    expect(holdsDeleted()).toBe(true)
    const able = openDatabase(file, rewriting)
    expect(statSync(`${file}-wal`).size).toBe(0)
    expect(holdsDeleted()).toBe(false)
    able.close()
  })

  it('in a folder that cannot be written is refused', () => {
    writeFileSync(join(home, 'file'), '')
    for (const file of [join(home, 'file', 'a.db'), join(home, 'missing', 'a.db'), '/proc/gatehouse/a.db'])
      expect(() => openDatabase(file, one)).toThrow(expect.objectContaining({ code: 'store.unwritable' }))
  })

  it('is copied while it is in use', async () => {
    const db = openDatabase(join(home, 'a.db'), one)
    db.exec(`INSERT INTO thing VALUES ('kept')`)
    const copy = join(home, 'copy.db')
    const copied = backupDatabase(db, copy)
    db.exec(`INSERT INTO thing VALUES ('meanwhile')`)
    await copied
    expect(modeOf(copy)).toBe('600')
    const restored = openDatabase(copy, one)
    expect(restored.prepare(`SELECT name FROM thing WHERE name = 'kept'`).all()).toHaveLength(1)
    restored.close()
    await expect(backupDatabase(db, join(home, 'none', 'copy.db'))).rejects.toMatchObject({ code: 'store.unwritable' })
    db.close()
  })
})

function damage(file: string): void {
  const bytes = readFileSync(file)
  bytes.fill(0xff, 8192, 8192 + 2048)
  writeFileSync(file, bytes)
}

describe('the data folder', () => {
  const paths = () => pathsIn(join(home, 'data'), { XDG_CACHE_HOME: join(home, 'cache') })

  it('is private to the user', () => {
    mkdirSync(join(home, 'data', 'audit'), { recursive: true, mode: 0o755 })
    chmodSync(join(home, 'data'), 0o777)
    prepareDataFolder(paths())
    for (const folder of [paths().home, paths().audit, paths().run, paths().serverTemp])
      expect(modeOf(folder)).toBe('700')
  })

  it('with a link in place of a folder is refused', () => {
    mkdirSync(join(home, 'data'))
    mkdirSync(join(home, 'elsewhere'))
    symlinkSync(join(home, 'elsewhere'), paths().audit)
    expect(() => prepareDataFolder(paths())).toThrow(expect.objectContaining({ code: 'store.unwritable' }))
  })

  it.runIf(process.getuid?.() === 0)('of another user is refused', () => {
    mkdirSync(join(home, 'data'))
    chownSync(join(home, 'data'), 65534, 65534)
    expect(() => prepareDataFolder(paths())).toThrow(
      expect.objectContaining({ params: expect.objectContaining({ problem: 'it belongs to another user' }) }),
    )
  })

  it('opens once, and says whether it was empty', () => {
    const first = openStore(paths())
    expect(first.fresh).toBe(true)
    expect(() => openStore(paths())).toThrow(
      expect.objectContaining({ code: 'store.locked', params: { pid: String(process.pid) } }),
    )
    first.close()
  })

  it('keeps no table of zeros that an erasure left which was killed', () => {
    withDatabase((db) => db.exec(`CREATE TABLE freed_pages (zeros BLOB NOT NULL) STRICT`))
    withDatabase((db) => {
      expect(db.prepare(`SELECT name FROM sqlite_schema WHERE name = 'freed_pages'`).all()).toEqual([])
    })
  })

  it('is new as long as nothing was kept in it, in the database or in the log', () => {
    const freshNow = (change: () => void) => {
      change()
      const store = openStore(paths())
      store.close()
      return store.fresh
    }
    expect(freshNow(() => {})).toBe(true)
    expect(freshNow(() => {})).toBe(true)
    const kept = (db: Database) => db.exec(`INSERT INTO setting VALUES ('theme', '1', 'x')`)
    expect(freshNow(() => withDatabase(kept))).toBe(false)
    expect(freshNow(() => rmSync(paths().database))).toBe(true)
    expect(freshNow(() => writeFileSync(join(paths().audit, '000001.jsonl'), ''))).toBe(false)
  })

  function withDatabase(change: (db: Database) => void): void {
    const store = openStore(paths())
    change(store.db)
    store.close()
  }
})

describe('the lock', () => {
  it('of a process that was killed is taken over', async () => {
    const file = join(home, 'lock')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'])
    await once(child.stdout, 'data')
    const started = startOf(child.pid)
    writeFileSync(file, JSON.stringify({ pid: child.pid, started, token: 'theirs' }))
    expect(() => takeLock(file)).toThrow(expect.objectContaining({ code: 'store.locked' }))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lock = takeLock(file)
    expect(JSON.parse(readFileSync(file, 'utf8')).pid).toBe(process.pid)
    lock.release()
    expect(readdirSync(home)).toEqual([])
  })

  it('whose number another process has by now is taken over', () => {
    const file = join(home, 'lock')
    writeFileSync(file, JSON.stringify({ pid: process.ppid, started: 'long ago', token: 'theirs' }))
    takeLock(file).release()
  })

  it('that cannot be read is taken over', () => {
    const file = join(home, 'lock')
    writeFileSync(file, '')
    takeLock(file).release()
  })

  it('that someone else took meanwhile is not released', () => {
    const file = join(home, 'lock')
    const lock = takeLock(file)
    writeFileSync(file, JSON.stringify({ pid: 1, started: '', token: 'theirs' }))
    lock.release()
    expect(existsSync(file)).toBe(true)
  })
})

function startOf(pid: number | undefined): string {
  const stat = execFileSync('cat', [`/proc/${pid}/stat`]).toString()
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
}

describe('an update that changes the database', () => {
  const paths = () => pathsIn(home, {})
  const open = (migrations: typeof one) => openStore(paths(), migrations)
  const rowsIn = (file: string) => {
    const db = openDatabase(file, one)
    const rows = db.prepare('SELECT * FROM thing').all()
    db.close()
    return rows
  }

  it('first makes a copy that the version before opens, closed to others', () => {
    const before = open(one)
    before.db.exec(`INSERT INTO thing VALUES ('kept')`)
    before.close()
    expect(copiesBeforeUpdates(paths().backups)).toEqual([])
    const after = open(two)
    after.db.exec(`INSERT INTO thing VALUES ('new', 1)`)
    after.close()
    const [copy] = copiesBeforeUpdates(paths().backups)
    expect(copy?.file).toBe(join(paths().backups, 'before-update-from-1-to-2.db'))
    expect(modeOf(copy?.file ?? '')).toBe('600')
    expect(rowsIn(copy?.file ?? '')).toEqual([{ name: 'kept' }])
  })

  it('makes none for a new folder, nor where nothing changes', () => {
    open(two).close()
    open(two).close()
    expect(copiesBeforeUpdates(paths().backups)).toEqual([])
  })

  it('changes nothing when the copy cannot be put in its place, and leaves nothing of it', () => {
    open(one).close()
    mkdirSync(join(paths().backups, 'before-update-from-1-to-2.db', 'in-the-way'), { recursive: true })
    expect(() => open(two)).toThrow()
    rmSync(join(paths().backups, 'before-update-from-1-to-2.db'), { recursive: true })
    expect(readdirSync(paths().backups)).toEqual([])
    expect(rowsIn(paths().database)).toEqual([])
  })

  it('is refused before anything is written where there is no room for the copy, and says how much it needs', () => {
    const { db, close } = open(one)
    db.exec(`INSERT INTO thing VALUES (zeroblob(3000000) || '')`)
    const copied = (free: number) => copyBeforeUpdate(db, paths().backups, 1, 2, () => free)
    expect(() => copied(2_500_000)).toThrow(
      expect.objectContaining({
        code: 'store.no-room',
        params: { folder: paths().backups, needed: expect.stringMatching(/^[34]$/), free: '2' },
      }),
    )
    expect(readdirSync(paths().backups)).toEqual([])
    copied(5_000_000)
    close()
    expect(copiesBeforeUpdates(paths().backups)).toHaveLength(1)
  })

  it('removes what a start that was killed left of a copy, and never shows it as one', () => {
    open(one).close()
    const partial = join(paths().backups, 'before-update-from-0-to-1.db.partial')
    writeFileSync(partial, 'half')
    expect(copiesBeforeUpdates(paths().backups)).toEqual([])
    open(one).close()
    expect(existsSync(partial)).toBe(false)
  })

  it('keeps the newest copy only, for thirty days', () => {
    const third = [...two, { number: 3, name: 'three', sql: 'CREATE TABLE more (x TEXT) STRICT;' }]
    for (const migrations of [one, two, third]) open(migrations).close()
    const kept = copiesBeforeUpdates(paths().backups)
    expect(kept.map(({ file }) => file)).toEqual([join(paths().backups, 'before-update-from-2-to-3.db')])
    forgetOldCopies(paths().backups, (kept[0]?.madeAt ?? 0) + 31 * 24 * 3600_000)
    expect(copiesBeforeUpdates(paths().backups)).toEqual([])
  })
})
