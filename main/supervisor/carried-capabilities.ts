import { askable } from '../../shared/domain/askable.ts'
import type { ClientPeer } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { tasksExtension } from './server-task.ts'

/** What a client can do that a server may be told: nothing but what is carried both ways. */
export function carriedCapabilities(peer: ClientPeer | undefined): JsonObject {
  const carried: Record<string, JsonObject[string]> = {}
  for (const name of Object.values(askable)) {
    const told = peer?.capabilities[name]
    if (told !== undefined) carried[name] = told
  }
  if (peer && followsTasks(peer)) carried.extensions = { [tasksExtension]: {} }
  return carried
}

/** A client of an earlier revision cannot say so: Gatehouse follows a server's task for it. */
function followsTasks({ protocol, capabilities }: ClientPeer): boolean {
  const extensions = capabilities.extensions as JsonObject | undefined
  return protocol < '2026' || extensions?.[tasksExtension] !== undefined
}
