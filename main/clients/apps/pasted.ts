import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { type FormatName, formats, isTable } from './config-format.ts'
import { type FoundServer, foundServer } from './found-server.ts'

/** Where apps keep their servers, by name or in a list. */
const places = ['mcpServers', 'servers', 'context_servers', 'mcp_servers', 'extensions'] as const

/**
 * The servers in a piece of another app's configuration: a whole file, the table of servers, or one entry; JSON with comments,
 * TOML or YAML. Starts nothing.
 *
 * @throws input.invalid saying where it cannot be read, never what is in it
 */
export function pastedServers(pasted: string): FoundServer[] {
  const entries = entriesIn(read(pasted.replace(/^\ufeff/, '').trim()))
  if (entries.length === 0)
    throw inputInvalid(
      'No server was found in it. Paste the part with “mcpServers”, “servers” or “[mcp_servers.NAME]”, or one server’s own table.',
    )
  return entries.map(([name, entry]) => foundServer(name, entry))
}

function read(text: string): JsonObject {
  const format = formatOf(text)
  try {
    return formats[format].read(format === 'json' && text.startsWith('"') ? `{${text}}` : text)
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : '').split('\n') // the rest may quote what was pasted
    throw inputInvalid(`It cannot be read as ${format.toUpperCase()}: ${problem}`)
  }
}

function formatOf(text: string): FormatName {
  if (/^[{"/]/.test(text)) return 'json'
  return /^\s*(?:\[[\w."-]+\]|[\w."-]+\s*=)/m.test(text) ? 'toml' : 'yaml'
}

function entriesIn(whole: JsonObject): [string, JsonObject][] {
  if (isServer(whole)) return [[typeof whole.name === 'string' ? whole.name : 'pasted', whole]]
  const within = isTable(whole.mcp) ? whole.mcp : whole // VS Code's settings
  const place = places.find((one) => within[one] !== undefined)
  const held = place === undefined ? within : within[place]
  const named: [string, Json][] = Array.isArray(held)
    ? held.map((one, at) => [isTable(one) && typeof one.name === 'string' ? one.name : `#${at}`, one])
    : Object.entries(isTable(held) ? held : {})
  return named.flatMap(([name, one]) => (isTable(one) && isServer(one) ? [[name, one] as [string, JsonObject]] : []))
}

const isServer = (value: JsonObject): boolean => foundServer('', value).kind !== 'other'
