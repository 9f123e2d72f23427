// A server of `echo-1` … `echo-N`, for calls whose verdict nobody knows yet: many-echoes.mjs N
import { createInterface } from 'node:readline'

const count = Number(process.argv[2])
const inputSchema = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] }
const tools = Array.from({ length: count }, (_, n) => ({ name: `echo-${n + 1}`, inputSchema }))
const results = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'many-echoes', version: '1' },
  }),
  ping: () => ({}),
  'tools/list': () => ({ tools }),
  'tools/call': (params) => ({ content: [{ type: 'text', text: `Echo: ${params.arguments.message}` }] }),
}
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const answer = results[method]
    ? { result: results[method](params) }
    : { error: { code: -32_601, message: 'Method not found' } }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`)
})
