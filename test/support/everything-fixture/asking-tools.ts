import type { ServerContext } from '@modelcontextprotocol/server'
import { said } from './contents.ts'
import type { FixtureTools } from './tools.ts'

const string = { type: 'string' }
const enumeration = (...values: string[]) => ({ type: 'string', enum: values })
const named = (...titles: string[]) => titles.map((title, index) => ({ const: `value${index + 1}`, title }))

/** Tools that ask the client while they run, as servers do up to 2025-11-25. */
export const askingTools: FixtureTools = {
  test_sampling: {
    description: 'Asks the model of the client',
    inputSchema: { type: 'object', properties: { prompt: string }, required: ['prompt'] },
    call: async ({ prompt }, ctx) => {
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: String(prompt) } }]
      const { content } = await ctx.mcpReq.requestSampling({ messages, maxTokens: 100 })
      return said(`LLM response: ${(content as { text?: string }).text ?? ''}`)
    },
  },
  test_elicitation: {
    description: 'Asks the person for a name and an address',
    inputSchema: { type: 'object', properties: { message: string }, required: ['message'] },
    call: async ({ message }, ctx) => {
      const properties = {
        username: { ...string, description: "User's response" },
        email: { ...string, description: "User's email address" },
      }
      return said(
        `User response: ${await asked(ctx, String(message), { properties, required: ['username', 'email'] })}`,
      )
    },
  },
  test_elicitation_sep1034_defaults: {
    description: 'Asks with a default for every primitive type',
    call: async (_, ctx) => {
      const properties = {
        name: { ...string, default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { ...enumeration('active', 'inactive', 'pending'), default: 'active' },
        verified: { type: 'boolean', default: true },
      }
      return said(`Elicitation completed: ${await asked(ctx, 'Please review the defaults', { properties })}`)
    },
  },
  test_elicitation_sep1330_enums: {
    description: 'Asks with every way to write a choice',
    call: async (_, ctx) => {
      const options = ['option1', 'option2', 'option3'] as const
      const properties = {
        untitledSingle: enumeration(...options),
        titledSingle: { ...string, oneOf: named('First Option', 'Second Option', 'Third Option') },
        legacyEnum: { ...enumeration('opt1', 'opt2', 'opt3'), enumNames: ['Option One', 'Option Two', 'Option Three'] },
        untitledMulti: { type: 'array', items: enumeration(...options) },
        titledMulti: { type: 'array', items: { anyOf: named('First Choice', 'Second Choice', 'Third Choice') } },
      }
      return said(`Elicitation completed: ${await asked(ctx, 'Please choose', { properties })}`)
    },
  },
}

async function asked(ctx: ServerContext, message: string, schema: object): Promise<string> {
  const requestedSchema = { type: 'object' as const, ...schema }
  const params = { mode: 'form', message, requestedSchema } as Parameters<typeof ctx.mcpReq.elicitInput>[0]
  const { action, content } = await ctx.mcpReq.elicitInput(params)
  return `action=${action}, content=${JSON.stringify(content ?? {})}`
}
