/**
 * Stands in for an AI app in the suite’s client scenarios: adds the server the scenario names to a running Gatehouse and
 * does, through Gatehouse, what the scenario wants done. `node remote-client.ts URL`, with GATEHOUSE_SUITE_HOME and
 * GATEHOUSE_SUITE_TOKEN in its environment.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { operatorPassphrase, runCommand } from '../support/run-command.ts'

const {
  GATEHOUSE_SUITE_HOME: home = '',
  GATEHOUSE_SUITE_TOKEN: token = '',
  MCP_CONFORMANCE_SCENARIO: scenario = '',
} = process.env
const modern = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION === '2026-07-28'
const url = process.argv.at(-1) as string
const name = `suite-${process.pid}`

type Arguments = Record<string, unknown>
interface Planned {
  readonly name: string
  readonly arguments: Arguments
}

async function operator(...args: string[]): Promise<void> {
  const done = await runCommand(home, args, { GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase })
  if (done.code !== 0) throw new Error(`${args.join(' ')}: ${done.err}`)
}

async function connected(): Promise<Client> {
  const { mcpUrl } = JSON.parse(readFileSync(join(home, 'run', 'endpoint.json'), 'utf8')) as { mcpUrl: string }
  const client = new Client(
    { name: 'suite', version: '1' },
    {
      capabilities: { elicitation: { form: {} } },
      versionNegotiation: { mode: modern ? { pin: '2026-07-28' } : 'legacy' },
    },
  )
  client.setRequestHandler('elicitation/create', ({ params }) => ({ action: 'accept', content: answersTo(params) }))
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${mcpUrl}/servers/${name}`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  )
  return client
}

/** What a form proposes; a yes where it proposes nothing. */
function answersTo(params: unknown): Record<string, string | number | boolean> {
  const { requestedSchema } = params as { requestedSchema?: { properties?: Record<string, { default?: never }> } }
  return Object.fromEntries(
    Object.entries(requestedSchema?.properties ?? {}).map(([key, { default: proposed }]) => [key, proposed ?? true]),
  )
}

async function act(client: Client): Promise<void> {
  const { tools } = await client.listTools()
  const echoed = scenario === 'json-schema-2020-12-preservation' ? schemaEchoed(tools) : undefined
  for (const { name, arguments: args } of echoed ?? callsFor(tools)) await client.callTool({ name, arguments: args })
  const { resources = [], prompts = [] } = client.getServerCapabilities()
    ? { ...(await client.listResources()), ...(await client.listPrompts()) }
    : {}
  for (const { uri } of resources) await client.readResource({ uri })
  for (const prompt of prompts) await client.getPrompt({ name: prompt.name })
}

/** The scenario’s second tool is told how the input of the first was described here. */
function schemaEchoed(tools: readonly { name: string; inputSchema: unknown }[]): readonly Planned[] {
  const described = tools.find((tool) => tool.name === 'json_schema_2020_12_tool')
  return described === undefined ? [] : [{ name: 'json_schema_echo', arguments: { schema: described.inputSchema } }]
}

function callsFor(tools: readonly { name: string }[]): readonly Planned[] {
  const { toolCalls } = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}') as { toolCalls?: readonly Planned[] }
  if (toolCalls) return toolCalls
  const given: Record<string, Arguments> = { add_numbers: { a: 5, b: 3 }, valid_tool: { region: 'eu' } }
  return scenario === 'json-schema-ref-no-deref'
    ? []
    : tools.map((tool) => ({ name: tool.name, arguments: given[tool.name] ?? {} }))
}

await operator('servers', 'add', name, '--url', url, '--trust', '--yes')
const client = await connected()
try {
  await act(client)
} finally {
  await client.close()
  await operator('servers', 'remove', name)
}
