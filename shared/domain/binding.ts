import type { CallFacts } from './call.ts'
import { canonicalJson } from './canonical-json.ts'
import { accessText } from './folder-rights.ts'
import type { Sha256 } from './ids.ts'
import type { Json } from './json.ts'
import type { ServerConfig } from './server.ts'

/** SHA-256 of a text's UTF-8 bytes, lower-case hex. Passed in, because every platform has its own. */
export type TextHash = (text: string) => Sha256

/**
 * Fingerprint of what a server is and may touch: code, sandbox level, folders, hosts, environment. A decision bound to
 * it counts for nothing once any of these changed. Order of folders, hosts and names does not matter.
 * @see DESIGN section 2: a decision is bound to the cell (command, code, sandbox, environment names)
 */
export function cellHash(server: ServerConfig, sha256: TextHash): Sha256 {
  return sha256(
    canonicalJson({
      origin: server.origin as unknown as Json,
      sandbox: server.sandbox,
      paths: server.allowedPaths.map(({ path, access }) => `${accessText(access)}:${path}`).toSorted(),
      hosts: server.allowedHosts.toSorted(),
      env: { ...server.env },
      secrets: server.secretNames.toSorted(),
      shared: server.shared,
      ...(server.context ? { context: true } : {}),
      ...(server.code === undefined ? {} : { code: server.code }),
    }),
  )
}

/**
 * What one decision of the person holds for: these arguments (and these answers to the server's questions), of this entry as it was accepted, from this client in
 * this workspace, to this server as it is now. Deliberately without session and call id.
 */
export function bindingHash(call: CallFacts, sha256: TextHash): Sha256 {
  return sha256(
    canonicalJson({
      arguments: sha256(call.canonical),
      ...(call.extra === undefined ? {} : { extra: sha256(canonicalJson(call.extra)) }),
      method: call.method,
      entry: call.entry.name,
      pin: call.entry.pin,
      client: call.client.id,
      server: call.server.name,
      workspace: call.client.workspace,
      cell: cellHash(call.server, sha256),
    }),
  )
}
