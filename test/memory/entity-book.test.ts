import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aMemory, by } from '../support/a-memory.ts'

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

type Call = { readonly tool: string; readonly arguments: Record<string, unknown> }

async function peerAnswers({ tool, arguments: args }: Call): Promise<unknown> {
  const answer = await peer.callTool({ name: tool, arguments: args })
  return answer.isError ? (answer.content as { text: string }[])[0]?.text : answer.structuredContent
}

function oursAnswers(memory: ReturnType<typeof aMemory>['memory'], { tool, arguments: args }: Call): unknown {
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

const name = fc.constantFrom('Ana', 'ana', 'Înălțime', 'Straße', 'Gatehouse', 'café', 'x y', '')
const text = fc.constantFrom(
  'likes tea',
  'Likes TEA',
  'works at Gatehouse',
  'ΟΔΟΣ',
  'a\nb',
  '100%',
  '_',
  "it's",
  'İzmir',
)
const entity = fc.record({
  name,
  entityType: fc.constantFrom('person', 'Project'),
  observations: fc.array(text, { maxLength: 3 }),
})
const relation = fc.record({ from: name, to: name, relationType: fc.constantFrom('knows', 'uses') })
const unique = <T>(of: fc.Arbitrary<T>, key: (one: T) => string) => fc.uniqueArray(of, { selector: key, maxLength: 3 })
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({
    tool: fc.constant('create_entities'),
    arguments: fc.record({ entities: unique(entity, (one) => one.name) }),
  }),
  fc.record({
    tool: fc.constant('create_relations'),
    arguments: fc.record({ relations: unique(relation, (one) => JSON.stringify(one)) }),
  }),
  fc.record({
    tool: fc.constant('add_observations'),
    arguments: fc.record({
      observations: unique(
        fc.record({ entityName: name, contents: fc.array(text, { maxLength: 3 }) }),
        (one) => one.entityName,
      ),
    }),
  }),
  fc.record({
    tool: fc.constant('delete_entities'),
    arguments: fc.record({ entityNames: fc.array(name, { maxLength: 2 }) }),
  }),
  fc.record({
    tool: fc.constant('delete_observations'),
    arguments: fc.record({
      deletions: fc.array(fc.record({ entityName: name, observations: fc.array(text, { maxLength: 2 }) }), {
        maxLength: 2,
      }),
    }),
  }),
  fc.record({
    tool: fc.constant('delete_relations'),
    arguments: fc.record({ relations: fc.array(relation, { maxLength: 2 }) }),
  }),
  fc.record({
    tool: fc.constant('search_nodes'),
    arguments: fc.record({ query: fc.oneof(text, name, fc.constantFrom('TE', 'ß', 'ος')) }),
  }),
  fc.record({ tool: fc.constant('open_nodes'), arguments: fc.record({ names: fc.array(name, { maxLength: 3 }) }) }),
  fc.constant({ tool: 'read_graph', arguments: {} }),
)

it('answers every call as the reference server does, and leaves the same graph', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 25 }), async (calls) => {
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
