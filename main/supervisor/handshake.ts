import type { Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import type { Connection } from './connection.ts'
import type { Era } from './server-store.ts'

export const modernRevision = '2026-07-28'
/** Whether a client of this revision makes every request stand alone, and answers questions by calling again. */
export const isModern = (protocol: string): boolean => protocol >= modernRevision

const newestLegacyRevision = '2025-11-25'
const unsupportedRevision = -32022

const protocolKey = 'io.modelcontextprotocol/protocolVersion'
const clientInfoKey = 'io.modelcontextprotocol/clientInfo'
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities'
export const envelopeKeys: readonly string[] = [protocolKey, clientInfoKey, capabilitiesKey]

export interface Introduction {
  readonly name: string
  readonly version: string
}

/** What a server said of itself. */
export interface Greeting {
  readonly era: Era
  readonly protocol: string
  readonly capabilities: JsonObject
  readonly instructions?: string
}

export interface HandshakeOptions {
  /** What it spoke last time; unknown servers are asked. */
  readonly era: Era | undefined
  readonly capabilities: JsonObject
  readonly clientInfo: Introduction
  readonly probeMs: number
  readonly initializeMs: number
}

/** Members of `_meta` every 2026-07-28 request carries. @see MCP 2026-07-28, basic/index, “_meta” */
export function envelope(clientInfo: Introduction, capabilities: JsonObject): JsonObject {
  return {
    [protocolKey]: modernRevision,
    [clientInfoKey]: { name: clientInfo.name, version: clientInfo.version },
    [capabilitiesKey]: capabilities,
  }
}

/**
 * Finds out how the server speaks, in its one process: `server/discover` first, `initialize` when that is not answered
 * with a revision we know.
 *
 * @throws Error whose message ends a sentence for the person
 */
export async function handshake(connection: Connection, options: HandshakeOptions): Promise<Greeting> {
  const modern = options.era === 'legacy' ? undefined : await discover(connection, options)
  return modern ?? (await initialize(connection, options))
}

async function discover(connection: Connection, options: HandshakeOptions): Promise<Greeting | undefined> {
  const params = JSON.stringify({ _meta: envelope(options.clientInfo, options.capabilities) })
  const ask = () =>
    within(options.probeMs, (signal) => connection.request('server/discover', () => params, { signals: [signal] }))
  const first = await ask()
  const reply = refusedOurRevisionThoughKnown(first) ? await ask() : first
  if (reply === 'late' || reply.kind === 'error') return undefined
  const { supportedVersions, capabilities, instructions } = reply.result
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(modernRevision)) return undefined
  return greeting('modern', modernRevision, capabilities, instructions)
}

/** @see MCP 2026-07-28, basic/versioning: a refused revision is answered with those that are supported; one of them is tried */
function refusedOurRevisionThoughKnown(reply: Reply | 'late'): boolean {
  if (reply === 'late' || reply.kind === 'result' || reply.error.code !== unsupportedRevision) return false
  const { supported } = (reply.error.data ?? {}) as JsonObject
  return Array.isArray(supported) && supported.includes(modernRevision)
}

async function initialize(connection: Connection, options: HandshakeOptions): Promise<Greeting> {
  const params = JSON.stringify({
    protocolVersion: newestLegacyRevision,
    capabilities: options.capabilities,
    clientInfo: options.clientInfo,
  })
  const reply = await within(options.initializeMs, (signal) =>
    connection.request('initialize', () => params, { signals: [signal] }),
  )
  if (reply === 'late') throw new Error(`it did not answer within ${Math.round(options.initializeMs / 1000)} s.`)
  if (reply.kind === 'error') throw new Error(`it refused to start talking: ${reply.error.message.slice(0, 300)}`)
  const { protocolVersion, capabilities, instructions } = reply.result
  if (typeof protocolVersion !== 'string') throw new Error('its first answer is not one of an MCP server.')
  connection.notify('notifications/initialized')
  return greeting('legacy', protocolVersion, capabilities, instructions)
}

function greeting(
  era: Era,
  protocol: string,
  capabilities: Json | undefined,
  instructions: Json | undefined,
): Greeting {
  const known = typeof capabilities === 'object' && capabilities !== null && !Array.isArray(capabilities)
  return {
    era,
    protocol,
    capabilities: known ? (capabilities as JsonObject) : {},
    ...(typeof instructions === 'string' ? { instructions } : {}),
  }
}

async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | 'late'> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), ms)
  try {
    return await work(patience.signal)
  } catch (error) {
    if (patience.signal.aborted) return 'late'
    throw error
  } finally {
    clearTimeout(timer)
  }
}
