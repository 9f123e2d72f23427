import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aMemory, by } from '../support/a-memory.ts'
import { type MemoryCall, memoryCall } from '../support/memory-calls.ts'

/** The server whose results ours must be. */
let peer: Client
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-memory-'))
  peer = new Client({ name: 'test', version: '1' })
  const server = resolve('node_modules/@modelcontextprotocol/server-memory/dist/index.js')
  const env = { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') }
  await peer.connect(new StdioClientTransport({ command: process.execPath, args: [server], env, stderr: 'ignore' }))
})
afterAll(async () => {
  await peer.close()
  rmSync(folder, { recursive: true, force: true })
})

async function peerAnswers({ tool, arguments: args }: MemoryCall): Promise<unknown> {
  const answer = await peer.callTool({ name: tool, arguments: args })
  return answer.isError ? (answer.content as { text: string }[])[0]?.text : answer.structuredContent
}

function oursAnswers(memory: ReturnType<typeof aMemory>['memory'], { tool, arguments: args }: MemoryCall): unknown {
  const { entities, relations, observations, entityNames, deletions, query, names } = args as never as {
    [name: string]: never
  }
  switch (tool) {
    case 'create_entities':
      return { entities: memory.createEntities(entities as never, by()) }
    case 'create_relations':
      return { relations: memory.createRelations(relations as never, by()) }
    case 'add_observations':
      return attempt(() => ({ results: memory.addObservations(observations as never, by()) }))
    case 'delete_entities':
      memory.deleteEntities(entityNames as never, by())
      return { success: true, message: 'Entities deleted successfully' }
    case 'delete_observations':
      memory.deleteObservations(deletions as never, by())
      return { success: true, message: 'Observations deleted successfully' }
    case 'delete_relations':
      memory.deleteRelations(relations as never, by())
      return { success: true, message: 'Relations deleted successfully' }
    case 'search_nodes':
      return memory.searchNodes(query as never)
    case 'open_nodes':
      return memory.openNodes(names as never)
    default:
      return memory.readGraph()
  }
}

function attempt(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return `Entity with name ${(error as { params: { name: string } }).params.name} not found`
  }
}

it('answers every call as the reference server does, and leaves the same graph', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(memoryCall, { minLength: 5, maxLength: 25 }), async (calls) => {
      const { memory, db } = aMemory()
      const everything = (await peerAnswers({ tool: 'read_graph', arguments: {} })) as {
        entities: { name: string }[]
        relations: object[]
      }
      await peerAnswers({
        tool: 'delete_entities',
        arguments: { entityNames: everything.entities.map((one) => one.name) },
      })
      await peerAnswers({ tool: 'delete_relations', arguments: { relations: everything.relations } })
      for (const one of calls) expect([one, oursAnswers(memory, one)]).toEqual([one, await peerAnswers(one)])
      const last = { tool: 'read_graph', arguments: {} }
      expect(oursAnswers(memory, last)).toEqual(await peerAnswers(last))
      expect(memory.check()).toEqual([])
      db.close()
    }),
    { numRuns: 30 },
  )
}, 120_000)

it('keeps what both said where a name stands twice in one call, and answers with both', () => {
  const { memory } = aMemory()
  const [one, two] = [
    { name: 'Ana', entityType: 'person', observations: ['a'] },
    { name: 'Ana', entityType: 'other', observations: ['a', 'b'] },
  ]
  expect(memory.createEntities([one, two], by())).toEqual([one, two])
  expect(memory.createEntities([one], by())).toEqual([])
  expect(memory.readGraph().entities).toEqual([{ ...one, observations: ['a', 'b'] }])
  const link = { from: 'Ana', to: 'Ben', relationType: 'knows' }
  expect(memory.createRelations([link, link], by())).toEqual([link, link])
  expect(memory.createRelations([link], by())).toEqual([])
  expect(memory.readGraph().relations).toEqual([link])
  expect(memory.check()).toEqual([])
})
