/**
 * The bundled memory server: an own process in an own sandbox, and only a face. It opens no database and keeps nothing; each
 * call is done by the engine behind the pipe it inherits, to which it names the call and nothing else.
 */
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { Engine } from './engine.ts'
import { registerPrompts } from './prompts.ts'
import { registerResources, tellChanges } from './resources.ts'
import { registerTools } from './tools.ts'

const engine = new Engine()

serveStdio(({ era }) => {
  const server = new McpServer(
    { name: 'gatehouse-memory', version: __GATEHOUSE_VERSION__ },
    {
      capabilities: { resources: { subscribe: true } },
      instructions:
        'What the user wants remembered. Ask query_concepts before you answer from what you believe to know.',
    },
  )
  registerTools(server, engine, era)
  registerResources(server, engine)
  registerPrompts(server)
  tellChanges(server, engine, era)
  return server
})
