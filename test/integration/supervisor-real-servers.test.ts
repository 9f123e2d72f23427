import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultWorkspace, newId, type ServerName } from '../../shared/domain/ids.ts'
import { aSupervisor, packagedServer, textOf } from '../support/a-supervisor.ts'

let gatehouse: ReturnType<typeof aSupervisor>

const memoryFile = () => join(mkdtempSync(join(tmpdir(), 'gatehouse-test-')), 'memory.jsonl')

describe('server-everything', () => {
  beforeAll(async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('everything', [packagedServer('server-everything')])
  })
  afterAll(() => gatehouse.end())

  it('is listed once, and its lists are then served without a process', async () => {
    expect(gatehouse.watched.size).toBe(0)
    const tools = gatehouse.catalog
      .listFor('tool', { workspace: defaultWorkspace, client: 'editor' })
      .map((tool) => tool.name)
    expect(tools).toContain('everything__echo')
    expect(tools).toContain('gatehouse__await_approval')
    expect(
      gatehouse.catalog.listFor('prompt', { workspace: defaultWorkspace, client: 'editor' }).length,
    ).toBeGreaterThan(0)
    expect(
      gatehouse.catalog.listFor('resource-template', { workspace: defaultWorkspace, client: 'editor' }).length,
    ).toBeGreaterThan(0)
  })

  it('echoes, reads a resource of a template, gets a prompt and completes an argument', async () => {
    expect(textOf(await gatehouse.call('everything__echo', { message: 'hi' }))).toBe('Echo: hi')
    const uri = 'demo://resource/dynamic/text/1'
    const read = await gatehouse.call(uri, {}, { method: 'resources/read' })
    expect(read).toMatchObject({ kind: 'result', result: { contents: [{ uri }] } })
    const prompt = await gatehouse.call('everything__simple-prompt', {}, { method: 'prompts/get' })
    expect(prompt).toMatchObject({ kind: 'result', result: { messages: [{ role: 'user' }] } })
    const completed = await gatehouse.call(
      'everything__completable-prompt',
      { argument: { name: 'department', value: 'E' } },
      { method: 'completion/complete' },
    )
    expect(completed).toMatchObject({ kind: 'result', result: { completion: { values: ['Engineering'] } } })
  })

  it('is used under its own names in a view of its own', async () => {
    const view = 'everything' as ServerName
    const names = gatehouse.catalog
      .listFor('tool', { workspace: defaultWorkspace, client: 'editor', view })
      .map((tool) => tool.name)
    expect(names).toContain('echo')
    expect(names.some((name) => String(name).includes('__'))).toBe(false)
    expect(textOf(await gatehouse.call('echo', { message: 'hi' }, { view }))).toBe('Echo: hi')
  })

  it('samples from the client of its session', async () => {
    const peer = {
      capabilities: { sampling: {} },
      request: async () => ({ role: 'assistant', model: 'm', content: { type: 'text', text: 'sampled' } }),
    }
    const args = { prompt: 'say something', maxTokens: 10 }
    const reply = await gatehouse.call('everything__trigger-sampling-request', args, {
      peer,
      session: newId('session'),
    })
    expect(JSON.stringify(reply)).toContain('sampled')
  })

  it('reports progress of a long operation', async () => {
    const seen: number[] = []
    const peer = { progress: (step: { progress: number }) => seen.push(step.progress) }
    const args = { duration: 0.5, steps: 3 }
    await gatehouse.call('everything__trigger-long-running-operation', args, { peer, meta: { progressToken: 7 } })
    expect(seen).toEqual([1, 2, 3])
  })
})

describe('server-memory', () => {
  afterAll(() => gatehouse.end())

  it('keeps what it was told while its process lives', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('memory', [packagedServer('server-memory')], { env: { MEMORY_FILE_PATH: memoryFile() } })
    await gatehouse.call('memory__create_entities', {
      entities: [{ name: 'Ana', entityType: 'person', observations: ['likes maps'] }],
    })
    expect(textOf(await gatehouse.call('memory__search_nodes', { query: 'maps' }))).toContain('Ana')
  })
})
