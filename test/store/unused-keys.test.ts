import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DataKeys } from '../../main/store/data-keys.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import { migrations } from '../../main/store/migrations/migrations.ts'
import { destroyUnusedKeys } from '../../main/store/unused-keys.ts'

const day = 24 * 3600 * 1000
let home: string
let db: Database
let now: number
let keys: DataKeys
const wrapping = randomBytes(32)
const open = () => DataKeys.open(join(home, 'data-keys.json'), wrapping, () => now)
const idOf = (box: string) => box.slice(0, box.indexOf('.'))
const onDisk = () => readFileSync(join(home, 'data-keys.json'), 'utf8')
const sweep = () => destroyUnusedKeys(keys, { db, folders: [join(home, 'audit'), join(home, 'memory')] })
const journal = () => join(home, 'audit', '000001.jsonl')

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-unused-keys-'))
  mkdirSync(join(home, 'audit'))
  db = openDatabase(':memory:', migrations)
  now = 0
  keys = await open()
})
afterEach(() => {
  db.close()
  rmSync(home, { recursive: true, force: true })
})

/** A box of the key of before, after a new one was made. */
async function anOldBox(): Promise<string> {
  const box = keys.seal(Buffer.from('diary'), 'audit:contents')
  now += 31 * day
  await keys.rotate()
  now += day
  return box
}

describe('an old data key', () => {
  it('is destroyed once nothing names it: it is not on disk any more, and a copy of what it sealed stays shut', async () => {
    const box = await anOldBox()
    const line = `{"seq":1,"boxes":{"contents":"${box}"}}\n`
    writeFileSync(journal(), line)
    expect(await sweep()).toBe(0)
    expect(onDisk()).toContain(idOf(box))
    writeFileSync(journal(), line.replace(box, '#'.repeat(box.length)))
    expect(await sweep()).toBe(1)
    expect(onDisk()).not.toContain(idOf(box))
    expect(() => keys.open(box, 'audit:contents')).toThrow('gone')
    const again = await open()
    expect(() => again.open(box, 'audit:contents')).toThrow('gone')
    expect(again.open(again.seal(Buffer.from('new'), 'a'), 'a').toString()).toBe('new')
  })

  it('stays while a row of any table, or a file of another area, holds a box of it', async () => {
    const box = await anOldBox()
    db.prepare('INSERT INTO session_read (session_id, content) VALUES (?, ?)').run('se_1', box)
    expect(await sweep()).toBe(0)
    db.prepare('DELETE FROM session_read').run()
    mkdirSync(join(home, 'memory', 'personal'), { recursive: true })
    writeFileSync(join(home, 'memory', 'personal', 'graph.db'), Buffer.concat([randomBytes(2_000), Buffer.from(box)]))
    expect(await sweep()).toBe(0)
    rmSync(join(home, 'memory'), { recursive: true })
    expect(await sweep()).toBe(1)
  })

  it('is found where one piece of a long file ends and the next begins', async () => {
    const box = await anOldBox()
    const piece = 1024 * 1024
    for (const before of [piece - 4, piece - 8, piece - 1]) {
      writeFileSync(journal(), Buffer.concat([Buffer.alloc(before, 35), Buffer.from(box), Buffer.alloc(piece, 35)]))
      expect([before, await sweep()]).toEqual([before, 0])
    }
  })

  it('stays for a while after the next was made, and the one that seals is never destroyed', async () => {
    const box = keys.seal(Buffer.from('diary'), 'a')
    now += 31 * day
    await keys.rotate()
    const sealing = keys.seal(Buffer.from('letter'), 'a')
    expect(await sweep()).toBe(0)
    now += day
    expect(await sweep()).toBe(1)
    expect(() => keys.open(box, 'a')).toThrow('gone')
    now += 365 * day
    expect(await sweep()).toBe(0)
    expect(keys.open(sealing, 'a').toString()).toBe('letter') // a seal now would rotate beside the test's end
  })

  it('stays when something cannot be read', async () => {
    const box = await anOldBox()
    writeFileSync(journal(), 'nothing')
    db.close()
    await expect(sweep()).rejects.toThrow()
    expect(keys.open(box, 'audit:contents').toString()).toBe('diary')
    db = openDatabase(':memory:', migrations)
  })
})
