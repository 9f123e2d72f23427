/** A well-behaved 2026-07-28 server by the SDK, beside the bad ones; `--only` refuses older clients. */
import { inputRequired, McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

serveStdio(
  () => {
    const server = new McpServer({ name: 'modern', version: '1' }, { capabilities: { tools: { listChanged: true } } })
    server.registerTool('echo', { description: 'echoes', inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
      content: [{ type: 'text', text: `${text} from ${process.pid}` }],
    }))
    server.registerTool('greet', { description: 'asks who it is', inputSchema: z.object({}) }, (_args, context) => {
      const given = context.mcpReq?.inputResponses?.who
      if (given) return { content: [{ type: 'text', text: JSON.stringify(given) }] }
      const requestedSchema = { type: 'object', properties: { name: { type: 'string' } } }
      return inputRequired({
        inputRequests: { who: inputRequired.elicit({ message: 'Who?', requestedSchema }) },
        requestState: 'kept',
      })
    })
    return server
  },
  { legacy: process.argv.includes('--only') ? 'reject' : 'serve' },
)
