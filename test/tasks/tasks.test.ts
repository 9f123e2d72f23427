import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DataKeys, type FieldCipher } from '../../main/store/data-keys.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import { migrations } from '../../main/store/migrations/migrations.ts'
import { TaskStore } from '../../main/tasks/task-store.ts'
import { type TaskLimits, Tasks } from '../../main/tasks/tasks.ts'
import type { ClientId, EpochMs, SessionId } from '../../shared/domain/ids.ts'

const mine = 'cl_mine' as ClientId
const other = 'cl_other' as ClientId
let folder: string
let db: Database
let cipher: FieldCipher
let tampered: string[]
let now: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-tasks-'))
  db = openDatabase(join(folder, 'test.db'), migrations)
  cipher = await DataKeys.open(join(folder, 'keys.json'), randomBytes(32))
  tampered = []
  now = 1_000_000
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const theTasks = (limits: Partial<TaskLimits> = {}) =>
  new Tasks({
    store: new TaskStore(db, cipher, (id) => tampered.push(id)),
    onChange: () => {},
    now: () => now as EpochMs,
    limits,
  })
const aTask = (clientId = mine) => ({
  clientId,
  client: 'Editor',
  entry: 'files__slow',
  state: 'working' as const,
  phase: 'held' as const,
  content: {
    sessionId: 'se_1' as SessionId,
    door: 'bridge' as const,
    call: { target: 'files__slow', arguments: { secret: 'hunter2' }, protocol: '2026-07-28', capabilities: {} },
  },
})

it('keeps what a restart needs, encrypted, and forgets the arguments once there is an answer', () => {
  const { id } = theTasks().create(aTask())
  const onDisk = () => JSON.stringify(db.prepare('SELECT * FROM call_task').all())
  expect(onDisk()).not.toContain('hunter2')

  const again = theTasks()
  expect(again.start()).toMatchObject([{ id, phase: 'held', content: { call: { arguments: { secret: 'hunter2' } } } }])
  again.finish(id, { state: 'completed', result: { content: ['the answer'] } })
  again.stop()

  expect(onDisk()).not.toContain('the answer')
  const kept = theTasks().of(mine, id)
  expect(kept).toMatchObject({ state: 'completed', phase: 'over', content: { result: { content: ['the answer'] } } })
  expect(kept?.content.call).toBeUndefined()
})

it('shows a task to its own client only, and to nobody once its time is over', () => {
  const tasks = theTasks({ keptMs: 60_000 })
  const { id } = tasks.create(aTask())
  expect(tasks.of(other, id)).toBeUndefined()
  expect(tasks.listOf(other)).toEqual([])
  expect(tasks.of(mine, id)?.id).toBe(id)
  now += 60_000
  expect(tasks.of(mine, id)).toBeUndefined()
  tasks.sweep()
  expect(db.prepare('SELECT count(*) AS count FROM call_task').get()).toEqual({ count: 0 })
})

it('lets the first ending stand', () => {
  const tasks = theTasks()
  const { id } = tasks.create(aTask())
  expect(tasks.finish(id, { state: 'cancelled' })).toBe(true)
  expect(tasks.finish(id, { state: 'completed', result: {} })).toBe(false)
  tasks.change(id, { state: 'working' })
  expect(tasks.of(mine, id)?.state).toBe('cancelled')
})

it('gives a client no more tasks than it may have, and leaves the others theirs', () => {
  const tasks = theTasks({ openPerClient: 2, keptPerClient: 3 })
  const first = tasks.create(aTask())
  tasks.create(aTask())
  expect(tasks.hasRoom(mine)).toBe(false)
  expect(tasks.hasRoom(other)).toBe(true)
  tasks.finish(first.id, { state: 'cancelled' })
  expect(tasks.hasRoom(mine)).toBe(true)
  tasks.create(aTask())
  expect(tasks.hasRoom(mine)).toBe(false)
})

it('counts a row that was given to another client, or back to “not sent”, as absent', () => {
  const tasks = theTasks()
  const stolen = tasks.create(aTask())
  const rewound = tasks.create({ ...aTask(), phase: 'sent' })
  db.exec(`UPDATE call_task SET client_id = '${other}' WHERE id = '${stolen.id}'`)
  db.exec(`UPDATE call_task SET phase = 'held' WHERE id = '${rewound.id}'`)
  const again = theTasks()
  expect(again.start()).toEqual([])
  again.stop()
  expect(again.of(other, stolen.id)).toBeUndefined()
  expect(new Set(tampered)).toEqual(new Set([stolen.id, rewound.id]))
})

it('lists without reading the answers, which may be long, and still finds what was changed', () => {
  let read = 0
  const counting: FieldCipher = {
    seal: (plain, purpose) => cipher.seal(plain, purpose),
    open: (box, purpose) => {
      read++
      return cipher.open(box, purpose)
    },
  }
  const store = () => new TaskStore(db, counting, (id) => tampered.push(id))
  const using = (kept: TaskStore) => new Tasks({ store: kept, onChange: () => {}, now: () => now as EpochMs })
  const tasks = using(store())
  const { id } = tasks.create(aTask())
  tasks.finish(id, { state: 'completed', result: { content: ['x'.repeat(1_000)] } })
  expect(tasks.listOf(mine)).toMatchObject([{ id, state: 'completed', content: { sessionId: 'se_1' } }])
  expect(tasks.list(10)).toHaveLength(1)
  expect(read).toBe(0)
  const again = using(store())
  for (let count = 0; count < 3; count++) expect(again.listOf(mine)).toHaveLength(1)
  expect(read).toBe(1)
  db.exec("UPDATE call_task SET state = 'failed'")
  expect(again.listOf(mine)).toEqual([])
  expect(tampered).toEqual([id])
})
