import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Memory } from '../../main/memory/memory.ts'
import { memoryMigrations } from '../../main/memory/memory-schema.ts'
import type { MemoryEvent } from '../../main/memory/worker-messages.ts'
import { openDatabase } from '../../main/store/database.ts'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import { by, memoryScript } from '../support/a-memory.ts'

const personal = 'personal' as WorkspaceName
const work = 'work' as WorkspaceName
let folder: string
let events: MemoryEvent[]
let memory: Memory
const start = () => new Memory({ folder, ...memoryScript, onEvent: (event) => events.push(event) })
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'gatehouse-memory-')), 'memory')
  events = []
  memory = start()
})
afterEach(async () => {
  await memory.stop()
  rmSync(join(folder, '..'), { recursive: true, force: true })
})
const ana = { name: 'Ana', entityType: 'person', observations: ['likes tea'] }

it('keeps each workspace to itself, in a file only the user can read', async () => {
  await memory.in(personal).createEntities([ana], by())
  expect(await memory.in(work).readGraph()).toEqual({ entities: [], relations: [] })
  expect((await memory.in(work).recall({ text: 'Ana tea' })).found).toEqual([])
  expect(await memory.in(personal).openNodes(['Ana'])).toEqual({ entities: [ana], relations: [] })
  expect(memory.workspaces().sort()).toEqual([personal, work])
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(memory.fileOf(personal)).mode & 0o777).toBe(0o600)
  await memory.remove(personal)
  expect(readdirSync(folder).filter((name) => name.startsWith('personal'))).toEqual([])
  expect(await memory.in(personal).readGraph()).toEqual({ entities: [], relations: [] })
})

it('tells of each write once it is kept, and keeps it over a restart', async () => {
  await memory.in(personal).createEntities([ana], by())
  expect(events).toEqual([{ kind: 'written', workspace: personal, write: 'wr_1' }])
  await memory.stop()
  await expect(memory.in(personal).readGraph()).rejects.toMatchObject({ code: 'app.stopping' })
  memory = start()
  expect(await memory.in(personal).readGraph()).toEqual({ entities: [ana], relations: [] })
  expect(events).toHaveLength(1)
})

it('refuses over the thread as it does within, with the same code', async () => {
  await expect(
    memory.in(personal).addObservations([{ entityName: 'Nobody', contents: ['x'] }], by()),
  ).rejects.toMatchObject({
    code: 'memory.unknown',
    params: { name: 'Nobody' },
  })
})

it('moves a damaged file aside, says so, and goes on with an empty one', async () => {
  await memory.in(personal).createEntities([ana], by())
  await memory.stop()
  writeFileSync(memory.fileOf(personal), 'no database')
  memory = start()
  events.length = 0
  expect(await memory.in(personal).readGraph()).toEqual({ entities: [], relations: [] })
  expect(events).toMatchObject([
    { kind: 'set-aside', workspace: personal, file: expect.stringContaining('personal.db.corrupt-') },
  ])
})

it('checks a file that was not closed before it answers, and tells what it put right', async () => {
  await memory.in(personal).createEntities([ana], by())
  await memory.stop()
  const left = openDatabase(memory.fileOf(personal), memoryMigrations) // open, as when a program was killed
  left.exec('DELETE FROM concept_text')
  memory = start()
  events.length = 0
  expect((await memory.in(personal).searchNodes('tea')).entities).toEqual([ana])
  expect(events).toMatchObject([{ kind: 'faults', workspace: personal, faults: [{ kind: 'index', repaired: true }] }])
  left.close()
})

it('finds similar concepts with sqlite-vec', async () => {
  await memory.in(personal).createEntities([ana], by())
  expect(await memory.in(personal).overview()).toMatchObject({ concepts: 1, vectorIndex: { kind: 'sqlite-vec' } })
})

it('consolidates by itself when nothing was asked for a while', async () => {
  await memory.in(personal).createEntities([ana, { ...ana, name: 'ANA' }], by())
  await memory.stop()
  const consolidated = new Promise<void>((done) => {
    const tidying = { idleMs: 20, everyMs: 3600_000 }
    const onEvent = (event: MemoryEvent) => event.kind === 'written' && done()
    memory = new Memory({ folder, ...memoryScript, tidying, onEvent })
  })
  await memory.in(personal).overview()
  await consolidated
  const [write] = await memory.in(personal).history({ limit: 1 })
  expect(write).toMatchObject({ act: 'consolidate', by: { client: 'gatehouse' } })
  expect((await memory.in(personal).readGraph()).entities.map(({ name }) => name)).toEqual(['Ana'])
})
