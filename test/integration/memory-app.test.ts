import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Backups } from '../../main/compose/backups.ts'
import { mayLearnFrom } from '../../main/compose/memory.ts'
import type { Caller } from '../../shared/contract/define.ts'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import type { ConceptId, WriteId } from '../../shared/domain/memory.ts'
import { type AnApp, anApp } from '../compose/an-app.ts'
import { aMemory } from '../support/a-memory.ts'

const workspace = 'personal' as WorkspaceName
const person: Caller = { carrier: 'browser', description: 'browser' }
let app: AnApp
let ended: boolean
beforeEach(async () => {
  app = await anApp(resolve('dist'))
  ended = false
})
afterEach(async () => {
  if (ended) return
  await app.memory.stop()
  await app.end()
})

it('does what the person asks of the memory, and records it without contents', async () => {
  const { memory } = app.handlers
  const { concept } = await memory.add({ workspace, name: 'Ana', type: 'person', description: 'likes zinnias' }, person)
  const { found } = await memory.recall({ workspace, text: 'zinnias' }, person)
  expect(found[0]?.concept).toMatchObject({ name: 'Ana', createdBy: { client: 'window', labels: [] } })
  const { write } = await memory.forget({ workspace, of: [{ id: concept.id as ConceptId }] }, person)
  await memory.undo({ workspace, write: write as WriteId }, person)
  expect(await memory.concept({ workspace, of: { name: 'Ana' } }, person)).toMatchObject({
    concept: { id: concept.id },
  })
  const { entries } = app.base.audit.list({ limit: 3 })
  expect(entries.map(({ action }) => action)).toEqual(['memory.undo', 'memory.forget', 'memory.add'])
  expect(JSON.stringify(entries)).not.toMatch(/zinnias|Ana/)
  await expect((async () => memory.overview({ workspace: 'nowhere' as WorkspaceName }, person))()).rejects.toThrow()
  const { findings } = await app.handlers.system.doctor(undefined, person)
  expect(findings.find(({ id }) => id === 'memory-personal')).toMatchObject({ state: 'ok' })
})

it('learns from no app until the person says so', async () => {
  const { memory } = app.handlers
  const { id } = await app.areas.clients.pairByPerson('Editor')
  expect(mayLearnFrom(app.base, id)).toBe(false)
  await memory.setLearning({ client: 'Editor', on: true }, person)
  expect([mayLearnFrom(app.base, id), await memory.learning(undefined, person)]).toEqual([
    true,
    { clients: ['Editor'] },
  ])
  await memory.setLearning({ client: 'Editor', on: false }, person)
  expect(mayLearnFrom(app.base, id)).toBe(false)
})

it('gives an embedder’s key only to the address it was given with', async () => {
  const { memory } = app.handlers
  const at = (url: string) => ({ kind: 'openai', url, model: 'm' }) as const
  await memory.setEmbedder({ choice: at('http://127.0.0.1:9/v1'), key: 'sk-1' }, person)
  expect(await memory.embedder(undefined, person)).toEqual({ choice: at('http://127.0.0.1:9/v1'), hasKey: true })
  await memory.setEmbedder({ choice: at('http://127.0.0.1:10/v1') }, person)
  expect(await memory.embedder(undefined, person)).toEqual({ choice: at('http://127.0.0.1:10/v1'), hasKey: false })
})

it('is in a backup, and comes back with it when the app stops', async () => {
  const { memory } = app.handlers
  const backups = new Backups(app.base, app.memory, () => [])
  await backups.setPassphrase('correct horse battery')
  await memory.add({ workspace, name: 'Ana', type: 'person', description: 'likes zinnias' }, person)
  const { file } = await backups.create()
  await memory.erase({ workspace, what: 'all' }, person)
  await memory.add({ workspace, name: 'Later', type: 'person' }, person)
  await backups.restore(file, 'correct horse battery')
  const place = app.memory.fileOf(workspace)
  await app.memory.stop()
  await app.base.close()
  ended = true
  const restored = aMemory({ file: place })
  expect(restored.memory.readGraph().entities.map(({ name }) => name)).toEqual(['Ana'])
  await restored.memory.embedded()
  expect((await restored.memory.recall({ text: 'likes zinnias', by: ['vector'] })).found[0]?.concept.name).toBe('Ana')
  expect(restored.memory.check()).toEqual([])
  await restored.memory.close()
  rmSync(app.folder, { recursive: true })
})
