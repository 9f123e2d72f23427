import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server'
import { AllowedRoots } from '../../../main/servers/filesystem/allowed-roots.ts'
import { ChangeFiles } from '../../../main/servers/filesystem/change-files.ts'
import { CheckedFiles } from '../../../main/servers/filesystem/checked-files.ts'
import { rateFromArguments } from '../../../main/servers/filesystem/operation-rate.ts'
import { registerTools } from '../../../main/servers/filesystem/tools.ts'
import { UndoStack } from '../../../main/servers/filesystem/undo-stack.ts'

/** A client of the real server in this process; `args` as on its command line. */
export async function filesystemClient(args: readonly string[]): Promise<Client> {
  const { rate, rest } = rateFromArguments(args)
  const files = new CheckedFiles(await AllowedRoots.fromArguments(rest, () => {}), rate)
  const state = mkdtempSync(join(tmpdir(), 'gatehouse-undo-'))
  const server = new McpServer({ name: 'filesystem', version: '0' })
  registerTools(server, files, new ChangeFiles(files, new UndoStack(state)))
  const [near, far] = InMemoryTransport.createLinkedPair()
  await server.connect(far)
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(near)
  return client
}
