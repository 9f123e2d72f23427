import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionId } from '../../shared/domain/ids.ts'
import { aMemory, by, sourceOf } from '../support/a-memory.ts'

let folder: string
let made: ReturnType<typeof aMemory>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-mentions-'))
  made = aMemory({ file: join(folder, 'm.db') })
  fill()
})
afterEach(async () => {
  await made.memory.close()
  rmSync(folder, { recursive: true, force: true })
})

const person = ['Ana Zarzavat', 'ana@zarzavat.test']

/** The person in every place there is: names, texts, relations, what was renamed, forgotten, and is only a relation's end. */
function fill(): void {
  const { memory } = made
  memory.createEntities([{ name: 'Ana Zarzavat', entityType: 'person', observations: ['likes tea'] }], by())
  memory.createEntities(
    [{ name: 'Project', entityType: 'thing', observations: ['led by Ana Zarzavat', 'is late'] }],
    by(),
  )
  memory.createRelations([{ from: 'Project', to: 'ana@zarzavat.test', relationType: 'asks' }], by())
  memory.createRelations([{ from: 'Project', to: 'Team', relationType: 'led with ana zarzavat' }], by())
  memory.addConcept(
    { name: 'Offer', type: 'thing', description: 'for Ana Zarzavat', attributes: { to: 'ana@zarzavat.test', n: 1 } },
    by(),
  )
  memory.addConcept({ name: 'Contact', type: 'thing', description: 'was Ana Zarzavat' }, by())
  memory.updateConcept({ name: 'Contact' }, { description: 'nobody' }, by())
  memory.createEntities([{ name: 'Plan', entityType: 'thing', observations: ['call Ana Zarzavat'] }], by())
  memory.deleteObservations([{ entityName: 'Plan', observations: ['call Ana Zarzavat'] }], by())
  memory.createEntities([{ name: 'Old', entityType: 'thing', observations: ['Ana Zarzavat paid'] }], by())
  memory.forget([{ name: 'Old' }], by())
  memory.setContext('se_one' as SessionId, { task: 'write to Ana Zarzavat' }, by())
}

describe('a person in the memory', () => {
  it('is found wherever they are named, history included', async () => {
    const found = await made.memory.mentions(person)
    const kinds = Object.groupBy(found, ({ kind }) => kind)
    expect(kinds.name?.map(({ name }) => name)).toEqual(['Ana Zarzavat', 'ana@zarzavat.test'])
    expect(kinds.concept?.map(({ name }) => name)).toEqual(['Offer'])
    expect(kinds.observation?.map(({ name }) => name)).toEqual(['Project'])
    expect(kinds.relation).toHaveLength(1)
    expect(kinds.context).toMatchObject([{ name: 'se_one' }])
    expect(kinds.history?.map(({ name }) => name).toSorted()).toEqual(['Contact', 'Old', 'Plan'])
  })

  it('is gone everywhere after erasure, from the file too, and what is left is sound', async () => {
    await made.memory.embedded()
    const gone = await made.memory.eraseMentions(person)
    expect(gone).toMatchObject({ concepts: 1, observations: 1, relations: 1, fields: 1 })
    expect(await made.memory.mentions(person)).toEqual([])
    expect(made.memory.check()).toEqual([])
    const { entities } = made.memory.readGraph()
    expect(entities.map(({ name }) => name).toSorted()).toEqual(['Contact', 'Offer', 'Plan', 'Project'])
    expect(entities.find(({ name }) => name === 'Project')?.observations).toEqual(['is late'])
    expect(made.memory.concept({ name: 'Offer' })).toMatchObject({ description: '', attributes: { to: '', n: 1 } })
    for (const end of ['', '-wal', '-shm'])
      expect(
        readFileSync(join(folder, `m.db${end}`))
          .toString('latin1')
          .toLowerCase(),
        end,
      ).not.toContain('zarzavat')
  })

  it('is corrected in names and texts that concern them, which can be undone', async () => {
    const { changed } = await made.memory.rectifyMentions(person, 'Zarzavat', 'Popescu', by())
    expect(changed.toSorted()).toEqual(['Ana Popescu', 'Offer', 'Project'])
    expect(made.memory.concept({ name: 'Project' })?.observations.map(({ text }) => text)).toContain(
      'led by Ana Popescu',
    )
    const write = made.writes.at(-1)
    if (write) made.memory.undo(write, by())
    expect(made.memory.check()).toEqual([])
  })

  it.each([
    ['erased', () => made.memory.eraseMentions(person), 1],
    ['corrected', () => made.memory.rectifyMentions(person, 'Zarzavat', 'Popescu', by()), 0],
  ] as const)('is %s wholly, and an import asked for meanwhile comes after it', async (_, act, gone) => {
    const { memory } = made
    const many = Array.from({ length: 1200 }, (_, at) => ({ name: `Note ${at}`, entityType: 'x', observations: [] }))
    memory.createEntities(many, by())
    const before = memory.overview().concepts
    const concepts = Array.from({ length: 500 }, (_, at) => ({ name: `Brought ${at}`, type: 'x' }))
    const acting = act()
    expect(memory.importing).toBeDefined() // whoever writes through the memory's thread waits for it
    const brought = memory.importFrom(sourceOf({ concepts, relations: [] }), {
      mode: 'merge',
      by: by(),
      tell: () => {},
    })
    await acting
    expect(memory.readGraph().entities.map(({ name }) => name)).not.toContain('Ana Zarzavat')
    expect(await brought).toMatchObject({ concepts: 500 })
    expect(memory.overview().concepts).toBe(before + 500 - gone)
    expect(memory.check()).toEqual([])
  })
})
