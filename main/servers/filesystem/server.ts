/**
 * The bundled filesystem server: an own process in an own sandbox, started with the allowed folders as arguments. It
 * takes no folders from a client (MCP roots), so that only the person widens what it may touch.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { AllowedRoots } from './allowed-roots.ts'
import { ChangeFiles } from './change-files.ts'
import { CheckedFiles } from './checked-files.ts'
import { rateFromArguments } from './operation-rate.ts'
import { registerTools } from './tools.ts'
import { UndoStack } from './undo-stack.ts'

const { rate, rest } = rateFromArguments(process.argv.slice(2))
const roots = await AllowedRoots.fromArguments(rest, (text) => process.stderr.write(`${text}\n`))
const files = new CheckedFiles(roots, rate)
const change = new ChangeFiles(files, new UndoStack(join(process.env.HOME ?? tmpdir(), '.undo')))

serveStdio(() => {
  const server = new McpServer({ name: 'gatehouse-filesystem', version: __GATEHOUSE_VERSION__ })
  registerTools(server, files, change)
  return server
})
