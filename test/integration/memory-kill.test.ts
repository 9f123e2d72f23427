import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import { aRandom } from '../bench/memory-world.ts'
import { aMemory, by } from '../support/a-memory.ts'

const kills = process.env.GATEHOUSE_TEST_FULL === '1' ? 60 : 12
/** Each folder is killed so often, and looked at after every kill. */
const inOneFolder = 12
const imported = 600
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-memory-kill-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Said = Partial<Record<'created' | 'related' | 'removed' | 'imported' | 'undone' | 'learned' | 'begins', string>>

/** What takes many slices; killed half of the times it comes, anywhere within so many milliseconds. */
const long: Readonly<Record<string, number>> = { writing: 150, undoing: 150 }

/** Kills it some milliseconds after it began its n-th act, or while an import writes or much is undone. */
async function writeUntilKilled(place: string, run: number, random: () => number): Promise<Said[]> {
  const args = ['--experimental-transform-types', '--no-warnings', resolve('test/integration/memory-kill.child.ts')]
  const child = spawn(process.execPath, [...args, place, String(run), String(run + 1)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: Said[] = []
  const begun = 2 + Math.floor(random() * 8)
  let acts = 0
  for await (const line of createInterface(child.stdout)) {
    const one = JSON.parse(line) as Said
    said.push(one)
    const lasts = long[one.begins ?? '']
    const within = lasts ? random() < 0.5 && lasts : one.begins && ++acts === begun && 25
    if (within) void after(random() * within).then(() => child.kill('SIGKILL'))
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return said
}

/** An undo that was killed is there as a whole, or never was and can be done again. */
async function expectUndoneOrUndoable(memory: ReturnType<typeof aMemory>['memory'], run: number): Promise<void> {
  const [newest] = memory.history({ limit: 1 })
  if (!newest) throw new Error('nothing was written')
  const left = () => memory.searchNodes(`u${run}-`).entities
  if (newest.act === 'undo') {
    expect(left()).toEqual([])
    return
  }
  expect(newest).not.toHaveProperty('undoneBy')
  expect(left()).toHaveLength(imported)
  await memory.undo(newest.id, by())
  expect(left()).toEqual([])
  expect([run, memory.check()]).toEqual([run, []])
}

it(`loses nothing it acknowledged and leaves nothing half done, killed ${kills} times in the middle`, async () => {
  const random = aRandom(4)
  const interrupted = new Map<string, number>()
  let acknowledged = 0
  for (let run = 0; run < kills; run++) {
    const place = join(folder, String(Math.floor(run / inOneFolder)))
    const said = await writeUntilKilled(place, run, random)
    const last = said.at(-1)?.begins
    if (last) interrupted.set(last, (interrupted.get(last) ?? 0) + 1)
    const { memory, db } = aMemory({ file: join(place, `${defaultWorkspace}.db`) })
    expect([run, memory.check()]).toEqual([run, []])
    const relatedFrom = db.prepare('SELECT type FROM relation JOIN node ON node.id = origin WHERE node.name = ?')
    const names = (wanted: readonly string[]) => memory.openNodes(wanted).entities.map(({ name }) => name)
    for (const { created, related, removed, imported: prefix, undone, learned } of said) {
      if (created) expect(names([created])).toEqual([created])
      if (related) expect(relatedFrom.all(related)).toHaveLength(1)
      if (removed) expect(names([removed])).toEqual([])
      if (prefix) expect(names(Array.from({ length: imported }, (_, at) => `${prefix}${at}`))).toHaveLength(imported)
      if (undone) expect(memory.searchNodes(undone).entities).toEqual([])
      if (learned) expect(memory.searchNodes(learned).entities.length).toBeGreaterThan(0)
      if (!('begins' in said)) acknowledged++
    }
    const counts = Map.groupBy(memory.searchNodes(`i${run}-`).entities, ({ name }) => name.split('-')[1])
    for (const part of counts.values()) expect(part).toHaveLength(imported)
    if (last === 'undoing') await expectUndoneOrUndoable(memory, run)
    await memory.close()
  }
  expect(acknowledged).toBeGreaterThan(kills)
  // most kills were in the middle of something, and of different things
  expect([...interrupted.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(kills / 2)
  expect(interrupted.size).toBeGreaterThan(2)
  for (const slices of Object.keys(long)) expect(interrupted.get(slices)).toBeGreaterThan(0)
}, 600_000)
