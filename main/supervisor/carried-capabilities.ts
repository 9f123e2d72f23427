import { askable } from '../../shared/domain/askable.ts'
import type { ClientPeer } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { tasksExtension } from './server-task.ts'

/**
 * What a client can do that a server may be told: nothing but what is carried both ways.
 * @param personIsThere the person can be asked in the window what the client cannot ask them
 */
export function carriedCapabilities(peer: ClientPeer | undefined, personIsThere = false): JsonObject {
  const carried: Record<string, JsonObject[string]> = {}
  for (const name of Object.values(askable)) {
    const told = peer?.capabilities[name]
    if (told !== undefined) carried[name] = told
  }
  if (peer && personIsThere) carried.elicitation = { form: {}, url: {}, ...(carried.elicitation as JsonObject) }
  if (peer && followsTasks(peer)) carried.extensions = { [tasksExtension]: {} }
  return carried
}

/** Whether the client itself can be asked this. @see MCP 2025-11-25, client/elicitation: no mode named means forms */
export function canAnswer({ capabilities }: ClientPeer, method: string, params: JsonObject): boolean {
  const needed = Object.hasOwn(askable, method) ? askable[method] : undefined
  const told = needed === undefined ? undefined : (capabilities[needed] as JsonObject | undefined)
  if (told === undefined || needed !== 'elicitation') return told !== undefined
  return params.mode === 'url' ? told.url !== undefined : told.form !== undefined || told.url === undefined
}

/** A client of an earlier revision cannot say so: Gatehouse follows a server's task for it. */
function followsTasks({ protocol, capabilities }: ClientPeer): boolean {
  const extensions = capabilities.extensions as JsonObject | undefined
  return protocol < '2026' || extensions?.[tasksExtension] !== undefined
}
