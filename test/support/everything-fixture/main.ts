import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import {
  localhostHostValidation,
  localhostOriginValidation,
  type NodeIncomingMessageLike,
  NodeStreamableHTTPServerTransport,
  toNodeHandler,
  toWebRequest,
} from '@modelcontextprotocol/node'
import { createMcpHandler, isLegacyRequest, type McpServer } from '@modelcontextprotocol/server'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { everythingServer, type ListKind } from './everything-server.ts'

/**
 * `node main.ts` serves stdio, with `--earlier` only revisions up to 2025-11-25, with `--later` only those after it;
 * `node main.ts --http` serves HTTP on a free port and prints its address.
 */
const tell = (kind: ListKind, { server }: McpServer) => {
  const told = {
    tools: () => server.sendToolListChanged(),
    prompts: () => server.sendPromptListChanged(),
    resources: () => server.sendResourceListChanged(),
  }
  told[kind]().catch(() => {})
}

function serveHttp(): void {
  const modern = createMcpHandler(
    () =>
      everythingServer((kind) => (kind === 'tools' ? modern.notify.toolsChanged() : modern.notify.promptsChanged())),
    { legacy: 'reject' },
  )
  const serveModern = toNodeHandler(modern)
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>()
  const [hostAllowed, originAllowed] = [localhostHostValidation(), localhostOriginValidation()]
  const http = createServer(async (request, response) => {
    if (!hostAllowed(request, response) || !originAllowed(request, response)) return
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined
    if (!(await isLegacyRequest(await toWebRequest(request as NodeIncomingMessageLike, body), body)))
      return serveModern(request as NodeIncomingMessageLike, response, body)
    const known = sessions.get(String(request.headers['mcp-session-id']))
    const transport =
      known ??
      new NodeStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, transport),
      })
    if (!known) await everythingServer(tell).connect(transport)
    await transport.handleRequest(request, response, body)
  })
  http.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(http.address() as { port: number }).port}/mcp\n`)
  })
}

if (process.argv.includes('--http')) serveHttp()
else if (process.argv.includes('--earlier')) await everythingServer(tell).connect(new StdioServerTransport())
else serveStdio(() => everythingServer(tell), { legacy: process.argv.includes('--later') ? 'reject' : 'serve' })
