import { createServer } from 'node:http'
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node'
import {
  createMcpHandler,
  type JSONRPCRequest,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  type StandardSchemaV1,
} from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { taskTools } from './task-tools.ts'
import { FixtureTasks, tasksExtension } from './tasks.ts'

/** `node main.ts` serves a server of 2026-07-28 that offers the tasks extension itself: over stdio, or HTTP with `--http`. */
const tasks = new FixtureTasks()
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities'

function tasksServer(): McpServer {
  const server = new McpServer({ name: 'tasks-fixture', version: '1.0.0' })
  server.server.registerCapabilities({ tools: {}, extensions: { [tasksExtension]: {} } })
  server.server.setRequestHandler('tools/list', () => ({
    tools: Object.entries(taskTools).map(([name, { properties }]) => ({
      name,
      description: name,
      inputSchema: { type: 'object' as const, properties: properties ?? {} },
    })),
  }))
  server.server.fallbackRequestHandler = async (request, ctx) =>
    (await answer(request, ctx.mcpReq as unknown as Asked)) as Result
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel'])
    server.server.setRequestHandler(method, { params: asItIs }, (params, ctx) => {
      const { inputResponses } = ctx.mcpReq as unknown as Asked // the SDK sets them apart
      return tasks.answer(method, inputResponses ? { ...params, inputResponses } : params) as Result
    })
  return server
}

type Params = Record<string, unknown>
const asItIs: StandardSchemaV1<unknown, Params> = {
  '~standard': { version: 1, vendor: 'fixture', validate: (value) => ({ value: value as Params }) },
}

interface Asked {
  readonly envelope?: Record<string, { extensions?: Record<string, unknown> }>
  readonly inputResponses?: Record<string, unknown>
}

async function answer({ method, params }: JSONRPCRequest, asked: Asked): Promise<unknown> {
  if (method !== 'tools/call') throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found')
  const { name, arguments: given } = params as { name: string; arguments?: Record<string, unknown> }
  const declares = asked.envelope?.[capabilitiesKey]?.extensions?.[tasksExtension] !== undefined
  return taskTools[name]?.call(given ?? {}, { declares, inputResponses: asked.inputResponses ?? {} }, tasks)
}

function serveHttp(): void {
  const serve = toNodeHandler(createMcpHandler(tasksServer, { legacy: 'reject' }))
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined
    await serve(request as NodeIncomingMessageLike, response, body)
  })
  http.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(http.address() as { port: number }).port}/mcp\n`)
  })
}

if (process.argv.includes('--http')) serveHttp()
else serveStdio(tasksServer)
