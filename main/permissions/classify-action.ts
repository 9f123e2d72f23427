import { type MemoryToolName, memoryTools } from '../../shared/contract/memory-tools.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { isFace, type ServerConfig } from '../../shared/domain/server.ts'
import type { ActionKind } from '../../shared/domain/verdict.ts'

/** What each tool of the bundled filesystem server does. A tool that is missing here is `unknown` and asks. */
const filesystemTools: Readonly<Record<string, ActionKind>> = {
  read_file: 'read',
  read_text_file: 'read',
  read_media_file: 'read',
  read_multiple_files: 'read',
  list_directory: 'read',
  list_directory_with_sizes: 'read',
  directory_tree: 'read',
  search_files: 'read',
  get_file_info: 'read',
  list_allowed_directories: 'read',
  write_file: 'write',
  edit_file: 'write',
  create_directory: 'write',
  move_file: 'write',
  undo: 'write',
  undo_last_change: 'write',
  delete_file: 'delete',
}

export const isBundledFilesystem = (server: ServerConfig): boolean =>
  server.origin.kind === 'bundled' && server.origin.bundle === 'filesystem'

/**
 * What a call would do. Known for Gatehouse's own servers; for others a tool's hints may raise the risk, and lower it
 * only when the person trusted the server: an untrusted server's `readOnlyHint` says nothing.
 * @see MCP 2025-11-25, server/tools: clients must consider annotations untrusted unless they come from trusted servers
 */
export function classifyAction(call: Pick<CallFacts, 'server' | 'entry' | 'arguments' | 'commands'>): ActionKind {
  if (call.server.name === 'gatehouse') return 'read'
  if (call.entry.kind !== 'tool') return 'read'
  if (isFace(call.server)) return memoryAction(call.entry.ownName)
  if (isBundledFilesystem(call.server)) return filesystemAction(call.entry.ownName, call.arguments)
  const hints = (call.entry.definition.annotations ?? {}) as JsonObject
  const raised = raisedByHints(hints, call.commands.length > 0)
  if (!call.server.trusted) return raised ?? 'unknown'
  if (hints.readOnlyHint === true) return 'read'
  return raised ?? (hints.destructiveHint === false ? 'write' : 'unknown')
}

/** A tool that is missing there is `unknown` and asks. */
const memoryAction = (tool: string): ActionKind =>
  Object.hasOwn(memoryTools, tool) ? memoryTools[tool as MemoryToolName].does : 'unknown'

function filesystemAction(tool: string, args: JsonObject): ActionKind {
  if (tool === 'edit_file' && args.dryRun === true) return 'read'
  return Object.hasOwn(filesystemTools, tool) ? (filesystemTools[tool] as ActionKind) : 'unknown'
}

function raisedByHints(hints: JsonObject, hasCommands: boolean): ActionKind | undefined {
  if (hints.destructiveHint === true) return 'delete'
  if (hasCommands) return 'run'
  if (hints.openWorldHint === true) return 'send'
  return undefined
}
