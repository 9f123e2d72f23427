import {
  type CallToolResult,
  type GetPromptResult,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { askingTools } from './asking-tools.ts'
import { image, png, said, text } from './contents.ts'
import { inputTools, promptNeedingInput } from './input-required.ts'
import { passingTools } from './passing-tools.ts'
import { type FixtureTools, plainTools } from './tools.ts'

const argument = (name: string) => ({ name, required: true })
const prompts = [
  { name: 'test_simple_prompt' },
  { name: 'test_prompt_with_arguments', arguments: [argument('arg1'), argument('arg2')] },
  { name: 'test_prompt_with_embedded_resource', arguments: [argument('resourceUri')] },
  { name: 'test_prompt_with_image' },
  { name: 'test_input_required_result_prompt' },
].map((prompt) => ({ description: prompt.name, ...prompt }))

const resources = [
  { uri: 'test://static-text', name: 'static-text', mimeType: 'text/plain' },
  { uri: 'test://static-binary', name: 'static-binary', mimeType: 'image/png' },
  { uri: 'test://watched-resource', name: 'watched-resource', mimeType: 'text/plain' },
].map((resource) => ({ description: resource.name, ...resource }))

const templates = [
  { uriTemplate: 'test://template/{id}/data', name: 'template', description: 'template', mimeType: 'application/json' },
]

export type ListKind = 'tools' | 'prompts' | 'resources'

/** What `test_grow_list` added, for every connection of this process. */
const grown: Record<ListKind, string[]> = { tools: [], prompts: [], resources: [] }
/** More resources than Gatehouse lists in one page, which the server itself lists in several. */
const many = process.argv.includes('--many') ? 1_100 : 0
const pageSize = 400
const listedResources = () => [
  ...resources,
  ...grown.resources.map((name) => ({ uri: `test://${name}`, name })),
  ...Array.from({ length: many }, (_, index) => ({ uri: `test://many/${index}`, name: `many ${index}` })),
]
function resourcesFrom(cursor: string | undefined) {
  const all = listedResources()
  const start = Number(cursor ?? 0)
  const end = start + pageSize
  return { resources: all.slice(start, end), ...(end < all.length ? { nextCursor: String(end) } : {}) }
}

/**
 * A server with one of everything that the conformance suite asks for, in both eras.
 * @param changed told when a tool was asked to change a list
 */
export function everythingServer(changed: (kind: ListKind, server: McpServer) => void): McpServer {
  const fixture: McpServer = new EverythingServer()
  const tools: FixtureTools = {
    ...plainTools,
    ...askingTools,
    ...inputTools,
    ...passingTools,
    test_touch_resource: { description: 'Says that a resource changed', call: () => touching() },
    test_trigger_tool_change: { description: 'Changes tools', call: () => changing('tools') },
    test_trigger_prompt_change: { description: 'Changes prompts', call: () => changing('prompts') },
    test_grow_list: {
      description: 'Adds an entry to a list',
      inputSchema: {
        properties: { kind: { enum: ['tools', 'prompts', 'resources'] }, name: { type: 'string' } },
        required: ['kind', 'name'],
      },
      call: ({ kind, name }) => {
        grown[kind as ListKind].push(String(name))
        return changing(kind as ListKind)
      },
    },
  }
  const touching = async () => {
    await fixture.server.sendResourceUpdated({ uri: 'test://watched-resource' })
    return said('Touched')
  }
  const changing = (kind: ListKind) => {
    changed(kind, fixture)
    return said('Changed')
  }
  const { server } = fixture
  server.registerCapabilities({
    tools: { listChanged: true },
    resources: { subscribe: true, listChanged: true },
    prompts: { listChanged: true },
    logging: {},
    completions: {},
  })
  server.setRequestHandler('tools/list', () => ({
    tools: Object.entries({ ...tools, ...grownTools() }).map(([name, { description, inputSchema, definition }]) => ({
      name,
      description,
      inputSchema: { type: 'object' as const, ...inputSchema },
      ...definition,
    })),
  }))
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const tool = tools[params.name]
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${params.name}`)
    return (await tool.call(params.arguments ?? {}, ctx)) as CallToolResult
  })
  server.setRequestHandler('resources/list', ({ params }) => resourcesFrom(params?.cursor))
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: templates }))
  server.setRequestHandler('resources/read', ({ params }) => ({ contents: [contentsOf(params.uri)] }))
  server.setRequestHandler('resources/subscribe', () => ({}))
  server.setRequestHandler('resources/unsubscribe', () => ({}))
  server.setRequestHandler('prompts/list', () => ({
    prompts: [...prompts, ...grown.prompts.map((name) => ({ name, description: name }))],
  }))
  server.setRequestHandler('prompts/get', ({ params }, ctx) => promptOf(params.name, params.arguments ?? {}, ctx))
  server.setRequestHandler('completion/complete', ({ params }) => {
    const values = ['paris', 'park', 'party'].filter((value) => value.startsWith(params.argument.value))
    return { completion: { values, total: values.length, hasMore: false } }
  })
  return fixture
}

const grownTools = (): FixtureTools =>
  Object.fromEntries(grown.tools.map((name) => [name, { description: name, call: () => said(name) }]))

class EverythingServer extends McpServer {
  constructor() {
    super({ name: 'everything-fixture', version: '1.0.0' })
  }
  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    return plainTools[name]?.inputSchema
  }
}

function contentsOf(uri: string) {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1]
  if (id !== undefined) {
    const data = { id, templateTest: true, data: `Data for ID: ${id}` }
    return { uri, mimeType: 'application/json', text: JSON.stringify(data) }
  }
  if (uri === 'test://static-text')
    return { uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }
  if (uri === 'test://static-binary') return { uri, mimeType: 'image/png', blob: png }
  if (uri === 'test://watched-resource') return { uri, mimeType: 'text/plain', text: 'Watched resource content' }
  throw new ResourceNotFoundError(uri)
}

function promptOf(name: string, given: Record<string, string>, ctx: ServerContext): GetPromptResult {
  if (name === 'test_input_required_result_prompt') return promptNeedingInput(ctx) as unknown as GetPromptResult
  const contents = {
    test_simple_prompt: () => [text('This is a simple prompt for testing.')],
    test_prompt_with_arguments: () => [text(`Prompt with arguments: arg1='${given.arg1}', arg2='${given.arg2}'`)],
    test_prompt_with_image: () => [image(), text('Please analyze the image above.')],
    test_prompt_with_embedded_resource: () => [
      {
        type: 'resource' as const,
        resource: {
          uri: String(given.resourceUri),
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        },
      },
      text('Please process the embedded resource above.'),
    ],
  }[name]
  if (!contents) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown prompt: ${name}`)
  return { messages: contents().map((content) => ({ role: 'user' as const, content })) }
}
