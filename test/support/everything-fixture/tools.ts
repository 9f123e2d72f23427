import { MissingRequiredClientCapabilityError, type ServerContext } from '@modelcontextprotocol/server'
import { image, pause, said, text, wav } from './contents.ts'

export interface FixtureTool {
  readonly description: string
  readonly inputSchema?: Record<string, unknown>
  /** Further members of its definition. */
  readonly definition?: Record<string, unknown>
  readonly call: (given: Record<string, unknown>, ctx: ServerContext) => unknown
}
export type FixtureTools = Readonly<Record<string, FixtureTool>>

export const capabilitiesOf = (ctx: ServerContext): Record<string, unknown> =>
  ((ctx.mcpReq.envelope as Record<string, unknown> | undefined)?.['io.modelcontextprotocol/clientCapabilities'] ??
    {}) as Record<string, unknown>

/** Tools that answer by themselves: every kind of content, errors, logs, progress, schemas. */
export const plainTools: FixtureTools = {
  test_simple_text: {
    description: 'Answers with text',
    call: () => said('This is a simple text response for testing.'),
  },
  test_image_content: { description: 'Answers with an image', call: () => ({ content: [image()] }) },
  test_audio_content: {
    description: 'Answers with a sound',
    call: () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }),
  },
  test_embedded_resource: {
    description: 'Answers with a resource',
    call: () => ({
      content: [resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
    }),
  },
  test_multiple_content_types: {
    description: 'Answers with text, an image and a resource',
    call: () => ({
      content: [
        text('Multiple content types test:'),
        image(),
        resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
      ],
    }),
  },
  test_error_handling: {
    description: 'Always fails',
    call: () => ({ isError: true, ...said('This tool intentionally returns an error for testing') }),
  },
  test_tool_with_logging: { description: 'Logs three times', call: (_, ctx) => logsThrice(ctx) },
  test_logging_tool: { description: 'Logs three times', call: (_, ctx) => logsThrice(ctx) },
  test_tool_with_progress: { description: 'Reports progress three times', call: (_, ctx) => reportsThrice(ctx) },
  test_missing_capability: {
    description: 'Needs sampling',
    call: (_, ctx) => {
      if (capabilitiesOf(ctx).sampling) return said('Sampling is there')
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } })
    },
  },
  test_header_parameter: {
    description: 'Takes a parameter that is repeated in a header',
    inputSchema: {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, query: { type: 'string' } },
      required: ['region'],
    },
    call: ({ region }) => said(`Region: ${String(region)}`),
  },
  json_schema_2020_12_tool: {
    description: 'Tool with JSON Schema 2020-12 features',
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    },
    call: (given) => said(JSON.stringify(given)),
  },
}

function resource(uri: string, mimeType: string, content: string) {
  return { type: 'resource', resource: { uri, mimeType, text: content } }
}

async function logsThrice(ctx: ServerContext) {
  await ctx.mcpReq.log('info', 'Tool execution started')
  await pause(50)
  await ctx.mcpReq.log('info', 'Tool processing data')
  await pause(50)
  await ctx.mcpReq.log('info', 'Tool execution completed')
  return said('Logged three times')
}

async function reportsThrice(ctx: ServerContext) {
  const progressToken = ctx.mcpReq._meta?.progressToken
  for (const progress of [0, 50, 100]) {
    if (progressToken !== undefined)
      await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } })
    if (progress < 100) await pause(50)
  }
  return said('Reported three times')
}
