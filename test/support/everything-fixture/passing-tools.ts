import type { ServerContext } from '@modelcontextprotocol/server'
import { png, said } from './contents.ts'
import type { FixtureTools } from './tools.ts'

const icons = [{ src: `data:image/png;base64,${png}`, mimeType: 'image/png', sizes: ['1x1'] }]
const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const

/** Tools by which a test sees what gets lost on the way. */
export const passingTools: FixtureTools = {
  test_structured: {
    description: 'Answers with everything a tool may answer with',
    definition: {
      title: 'Structured',
      icons,
      annotations: { readOnlyHint: true, title: 'Structured too' },
      outputSchema: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
      _meta: { 'example.com/kind': 'definition' },
    },
    call: () => ({
      content: [
        { type: 'text', text: '{"sum":3}', annotations: { audience: ['user'], priority: 0.5 }, _meta: { part: 1 } },
        { type: 'resource_link', uri: 'test://static-text', name: 'static-text', title: 'Static', icons },
      ],
      structuredContent: { sum: 3 },
      _meta: { 'example.com/kind': 'result' },
    }),
  },
  test_echo_meta: {
    description: 'Answers with the metadata it was called with',
    call: (_, ctx) => said(JSON.stringify(ctx.mcpReq._meta ?? {})),
  },
  test_every_level: {
    description: 'Logs once at every level',
    call: async (_, ctx) => {
      for (const level of levels) await ctx.mcpReq.log(level, `at ${level}`)
      return said('Logged')
    },
  },
  test_asks_for_roots: {
    description: 'Asks for the folders of the client',
    call: async (_, ctx) => said(JSON.stringify((await requestOf(ctx, 'roots/list', {})).roots)),
  },
  test_asks_by_address: {
    description: 'Sends the person to an address',
    call: async (_, ctx) => {
      const params = { mode: 'url', message: 'Sign in', url: 'https://example.com/sign-in', elicitationId: 'e1' }
      return said(String((await requestOf(ctx, 'elicitation/create', params)).action))
    },
  },
}

const asItIs = { '~standard': { version: 1, vendor: 'fixture', validate: (value: unknown) => ({ value }) } }
const requestOf = async (ctx: ServerContext, method: string, params: object) =>
  (await ctx.mcpReq.send({ method, params } as never, asItIs as never)) as Record<string, unknown>
