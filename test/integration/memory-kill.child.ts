/** Writes to a memory until it is killed; says on its output what was acknowledged, and what it begins. */
import { writeFileSync, writeSync } from 'node:fs'
import { Memory } from '../../main/memory/memory.ts'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import { aRandom } from '../bench/memory-world.ts'
import { by, memoryScript } from '../support/a-memory.ts'

const [folder = '', run = '0', seed = '1'] = process.argv.slice(2)
const random = aRandom(Number(seed))
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)
const memories = new Memory({
  folder,
  ...memoryScript,
  onEvent: (event) => {
    if (event.kind === 'importing' && event.phase === 'writing') say({ begins: 'writing' })
  },
})
const memory = memories.in(defaultWorkspace)
const imported = 600

const acts = {
  create: async (at: number) => {
    await memory.createEntities([{ name: `e${run}-${at}`, entityType: 'x', observations: [`seen ${at}`] }], by())
    return { created: `e${run}-${at}` }
  },
  relate: async (at: number) => {
    await memory.createRelations([{ from: `e${run}-${at}`, to: `f${run}-${at}`, relationType: 'to' }], by())
    return { related: `e${run}-${at}` }
  },
  remove: async (at: number) => {
    await memory.createEntities([{ name: `r${run}-${at}`, entityType: 'x', observations: [] }], by())
    await memory.deleteEntities([`r${run}-${at}`], by())
    return { removed: `r${run}-${at}` }
  },
  import: async (at: number) => {
    const concepts = Array.from({ length: imported }, (_, one) => ({ name: `i${run}-${at}-${one}`, type: 'x' }))
    const relations = concepts.map(({ name }) => ({ from: name, to: `i${run}-${at}-0`, type: 'of' }))
    const file = `${folder}.json`
    writeFileSync(file, JSON.stringify({ gatehouseMemory: 1, concepts, relations }))
    await memories.importFile(defaultWorkspace, { file, format: 'json', mode: 'merge' }, by())
    return { imported: `i${run}-${at}-` }
  },
  undo: async (at: number) => {
    const entities = Array.from({ length: imported }, (_, one) => ({
      name: `u${run}-${at}-${one}`,
      entityType: 'x',
      observations: [],
    }))
    await memory.createEntities(entities, by())
    const [made] = await memory.history({ limit: 1 })
    if (!made) throw new Error('nothing was written')
    say({ begins: 'undoing' })
    await memory.undo(made.id, by())
    return { undone: `u${run}-${at}-` }
  },
  consolidate: async (at: number) => {
    const pair = ['dup', 'DUP'].map((name) => ({ name: `${name} ${run} ${at}`, entityType: 'x', observations: [name] }))
    await memory.createEntities(pair, by())
    const { write } = await memory.consolidate(by())
    if (write && random() < 0.3) await memory.undo(write, by()).catch(() => {})
    return { consolidated: `${run} ${at}` }
  },
  learn: async (at: number) => {
    await memory.learn({ said: `I like tea number ${run}${at}. Ana Popescu works at Initech.` }, by())
    return { learned: `tea number ${run}${at}` }
  },
} as const
const names = Object.keys(acts) as (keyof typeof acts)[]

say({ ready: true })
for (let at = 0; ; at++) {
  const act = names[Math.floor(random() * names.length)] ?? 'create'
  say({ begins: act })
  say(await acts[act](at))
}
