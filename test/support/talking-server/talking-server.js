/**
 * Says what it is given, or the text it was started with (in base64), by every way a server has beside its answer, and answers
 * with what came back: `--earlier TEXT` as a server up to 2025-11-25, `--later TEXT` as one from 2026-07-28.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { inputRequired, McpServer } from '@modelcontextprotocol/server'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const said = (value) => ({
  content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }],
})
const requestedSchema = { type: 'object', properties: { note: { type: 'string' } } }
const questions = {
  model: (text) => ({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 10 }),
  person: (message) => ({ mode: 'form', message, requestedSchema }),
}
const earlier = {
  model: (text, { mcpReq }) => mcpReq.requestSampling(questions.model(text)),
  person: (text, { mcpReq }) => mcpReq.elicitInput(questions.person(text)),
}
const later = { model: inputRequired.createMessage, person: inputRequired.elicit }

const told = {
  progress: (text, { mcpReq }) => {
    const params = { progressToken: mcpReq._meta?.progressToken, progress: 1, message: text }
    return mcpReq.notify({ method: 'notifications/progress', params })
  },
  log: (text, { mcpReq }) => mcpReq.log('error', { inside: { note: text } }),
}

const [, , era, own = ''] = process.argv
const isLater = era === '--later'

async function talk({ way, text = Buffer.from(own, 'base64').toString() }, ctx) {
  if (told[way]) {
    await told[way](text, ctx)
    await pause(100) // the SDK drops progress that comes with the answer
    return said('told')
  }
  if (!isLater) return said(await earlier[way](text, ctx))
  const given = ctx.mcpReq.inputResponses?.asked
  return given ? said(given) : inputRequired({ inputRequests: { asked: later[way](questions[way](text)) } })
}

const talking = () => {
  const server = new McpServer({ name: 'talker', version: '1' }, { capabilities: { logging: {} } })
  const inputSchema = z.object({ way: z.string(), text: z.string().optional() })
  server.registerTool('talk', { description: 'says what it is given', inputSchema }, talk)
  return server
}

if (isLater) serveStdio(talking, { legacy: 'reject' })
else await talking().connect(new StdioServerTransport())
