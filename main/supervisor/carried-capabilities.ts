import { askable } from '../../shared/domain/askable.ts'
import type { ClientPeer } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

/** What a client can do that a server may be told: nothing but what is carried both ways. */
export function carriedCapabilities(peer: ClientPeer | undefined): JsonObject {
  const carried: Record<string, JsonObject[string]> = {}
  for (const name of Object.values(askable)) {
    const told = peer?.capabilities[name]
    if (told !== undefined) carried[name] = told
  }
  return carried
}
