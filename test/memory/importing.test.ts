import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Memory } from '../../main/memory/memory.ts'
import type { MemoryEvent } from '../../main/memory/worker-messages.ts'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import { by, memoryScript } from '../support/a-memory.ts'

let folder: string
let memory: Memory
let events: MemoryEvent[]
let heard: (event: MemoryEvent) => void
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-importing-'))
  events = []
  heard = () => {}
  memory = new Memory({
    folder: join(folder, 'memory'),
    ...memoryScript,
    onEvent: (event) => {
      events.push(event)
      heard(event)
    },
  })
})
afterEach(async () => {
  await memory.stop()
  rmSync(folder, { recursive: true, force: true })
})

const many = 1_500
const here = () => memory.in(defaultWorkspace)
const old = { name: 'Old', entityType: 'x', observations: ['was here'] }

function aFile(lines: readonly object[], name = 'file.jsonl'): string {
  const file = join(folder, name)
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'))
  return file
}
const entity = (at: number) => ({
  type: 'entity',
  name: `Note ${at}`,
  entityType: 'note',
  observations: [`topic${at}`],
})
const relation = (at: number) => ({
  type: 'relation',
  from: `Note ${at}`,
  to: `Note ${at + 1}`,
  relationType: 'before',
})
const large = () => {
  const numbers = Array.from({ length: many }, (_, at) => at)
  return aFile([...numbers.map(entity), ...numbers.map(relation)])
}
const replaced = (file: string, gone?: AbortSignal) =>
  memory.importFile(defaultWorkspace, { file, format: 'jsonl', mode: 'replace' }, by(), gone)

/** Resolves when the import has begun to write, and before it is done. */
const writing = () =>
  new Promise<void>((resolve) => {
    heard = (event) => {
      if (event.kind === 'importing' && event.phase === 'writing' && event.done > 0) resolve()
    }
  })
const progress = () => events.filter((event) => event.kind === 'importing')
const graph = async () => {
  const { entities, relations } = await here().readGraph()
  return [entities.length, relations.length]
}

it('answers with what was there before while a file comes in, and lets other writes wait for it', async () => {
  await here().createEntities([old], by())
  const begun = writing()
  const importing = replaced(large())
  await begun
  const order: string[] = []
  const added = here()
    .createEntities([{ ...old, name: 'New' }], by())
    .then(() => order.push('written'))
  const recalled = await here().recall({ text: 'was here' })
  order.push('recalled')
  expect(recalled.found.map(({ concept }) => concept.name)).toEqual(['Old'])
  expect(await graph()).toEqual([1, 0])
  const done = await importing
  expect(done).toMatchObject({ concepts: many, relations: many, merged: 0 })
  await added
  expect(order).toEqual(['recalled', 'written'])
  expect(await graph()).toEqual([many + 1, many])
  expect(await here().overview()).toMatchObject({ concepts: many + 1, relations: many })
  await here().undo((await here().history({ limit: 1 }))[0]?.id ?? 'wr_0', by())
  await here().undo(done.write ?? 'wr_0', by())
  expect(await graph()).toEqual([1, 0])
  // that it was recalled meanwhile was counted all the same
  expect(await here().concept({ name: 'Old' })).toMatchObject({ accessCount: 1 })
  await here().embedded()
  expect(await here().check()).toEqual([])
})

it('tells how far it is, and when it is over', async () => {
  await replaced(large())
  const told = progress()
  expect(told[0]).toMatchObject({ phase: 'reading', done: 0 })
  expect(told.some(({ phase, done, total }) => phase === 'writing' && done > 0 && total === 2 * many)).toBe(true)
  expect(told.at(-1)).toMatchObject({ phase: 'ended' })
  const numbers = told.filter(({ phase }) => phase === 'writing').map(({ done }) => done)
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
})

it.each([
  ['who asked for it is gone', (gone: AbortController) => gone.abort()],
  ['it is cancelled', () => expect(memory.cancelImport(defaultWorkspace)).toBe(true)],
])('changes nothing when %s in the middle of writing', async (_, cancel) => {
  await here().createEntities([old], by())
  const writes = (await here().overview()).writes
  const gone = new AbortController()
  const begun = writing()
  const importing = replaced(large(), gone.signal)
  importing.catch(() => {})
  await begun
  cancel(gone)
  await expect(importing).rejects.toMatchObject({ code: 'memory.import-cancelled' })
  expect(await here().readGraph()).toEqual({ entities: [old], relations: [] })
  expect((await here().overview()).writes).toBe(writes)
  expect(progress().at(-1)).toMatchObject({ phase: 'ended' })
  expect(await here().check()).toEqual([])
  expect(memory.cancelImport(defaultWorkspace)).toBe(false)
  // and the next one goes through
  expect(await replaced(aFile([entity(1)], 'small.jsonl'))).toMatchObject({ concepts: 1 })
})

it('can be cancelled while it reads, and stops with the app', async () => {
  await here().createEntities([old], by())
  const reading = replaced(large())
  memory.cancelImport(defaultWorkspace)
  await expect(reading).rejects.toMatchObject({ code: 'memory.import-cancelled' })
  expect(await graph()).toEqual([1, 0])
  const begun = writing()
  const stopped = replaced(large())
  stopped.catch(() => {})
  await begun
  await memory.stop()
  await expect(stopped).rejects.toMatchObject({ code: 'memory.import-cancelled' })
})

it('refuses a bad file with line and reason, and what is no file', async () => {
  await here().createEntities([old], by())
  const bad = aFile([entity(1), { type: 'entity', name: 'X' }], 'bad.jsonl')
  await expect(replaced(bad)).rejects.toMatchObject({ code: 'memory.bad-file', params: { line: '2' } })
  await expect(replaced(join(folder, 'missing.jsonl'))).rejects.toMatchObject({ code: 'input.invalid' })
  await expect(replaced(folder)).rejects.toMatchObject({ code: 'input.invalid' })
  const notText = join(folder, 'not-text.jsonl')
  writeFileSync(notText, Buffer.from([0xff, 0xfe, 0x41]))
  await expect(replaced(notText)).rejects.toMatchObject({ code: 'memory.bad-file', params: { line: '1' } })
  expect(await graph()).toEqual([1, 0])
})

it('lets two files come in one after the other', async () => {
  const merge = (file: string) => memory.importFile(defaultWorkspace, { file, format: 'jsonl', mode: 'merge' }, by())
  const [one, two] = [aFile([entity(1), entity(2)], 'one.jsonl'), aFile([entity(2), entity(3)], 'two.jsonl')]
  const done = await Promise.all([merge(one), merge(two)])
  expect(done.map(({ concepts, merged }) => concepts + merged)).toEqual([2, 2])
  expect(done.reduce((sum, { merged }) => sum + merged, 0)).toBe(1)
  expect(await graph()).toEqual([3, 0])
})
