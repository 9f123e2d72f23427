import type { Answering } from '../../shared/domain/call.ts'
import type { ContentLabel } from '../../shared/domain/flow.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { hostOf } from './destination.ts'

export interface Read {
  readonly label: ContentLabel
  readonly place?: string
}

/** Labels of the filters that say what stands in an answer. */
export const instructionsLabel = 'untrusted-instructions'
export const secretLabel = 'secret'
export const sensitiveLabel = 'pii-sensitive'

/**
 * What an answer brings into the session, by where it came from and what the filters found in it.
 *
 * @param found labels of the filters
 */
export function labelsOfAnswer(call: Answering, found: readonly string[]): readonly Read[] {
  const reads: Read[] = []
  const at = (place: string | undefined) => (place === undefined ? {} : { place })
  const file = call.paths.find(({ real }) => real !== '')?.real
  if (isPrivate(call)) reads.push({ label: 'private', ...at(file ?? call.server.allowedPaths[0]?.path) })
  else if (found.includes(sensitiveLabel)) reads.push({ label: 'private', ...at(file ?? hostRead(call)) })
  if (isFromOutside(call)) reads.push({ label: 'untrusted', ...at(hostRead(call)) })
  else if (found.includes(instructionsLabel)) reads.push({ label: 'untrusted', ...at(file) })
  if (found.includes(secretLabel)) reads.push({ label: 'secret', ...at(file ?? hostRead(call)) })
  return reads
}

/**
 * A server that has folders may answer from any file in them, whatever its arguments name; but one the person trusts is
 * believed to fetch the address it was told to fetch.
 */
function isPrivate(call: Answering): boolean {
  const { server, paths, verdict } = call
  const { origin } = server
  if (origin.kind === 'remote' || server.name === 'gatehouse') return false
  if (origin.kind === 'bundled' && origin.bundle === 'filesystem') return paths.length > 0 && verdict.action === 'read'
  if (origin.kind === 'bundled' && origin.bundle === 'memory') return true
  if (server.trusted && paths.length === 0 && fetchesAddress(call)) return false
  return server.allowedPaths.length > 0 || (server.sandbox === 0 && paths.length > 0)
}

const addressKey = /(?:^|[^a-z])(?:url|uri|href|link)$/

/**
 * Told by a parameter the tool declares for an address, and only by that: one put into a search text or beside what is
 * declared would make what is private look as if it came from outside.
 */
function fetchesAddress({ entry, arguments: args }: Answering): boolean {
  const { properties } = (entry.definition.inputSchema ?? {}) as { readonly properties?: JsonObject }
  return Object.keys(properties ?? {}).some((key) => {
    const value = Object.hasOwn(args, key) ? args[key] : undefined
    const named = addressKey.test(key.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase())
    return named && typeof value === 'string' && !/\s/.test(value) && hostOf(value) !== undefined
  })
}

/**
 * Level 0 could read anything from anywhere; it counts as from outside where the call names an address or says so. A
 * server the person trusts is believed when it says that a tool keeps to itself, unless the call names an address.
 */
function isFromOutside({ server, urls, entry }: Answering): boolean {
  if (server.name === 'gatehouse') return false
  if (server.origin.kind === 'remote') return true
  const hints = entry.definition.annotations as { readonly openWorldHint?: unknown } | undefined
  if (server.trusted && hints?.openWorldHint === false && urls.length === 0) return false
  if (server.sandbox === 1) return true
  if (server.sandbox === 2) return server.allowedHosts.length > 0
  return server.sandbox === 0 && (urls.length > 0 || hints?.openWorldHint === true)
}

function hostRead({ server, urls }: Answering): string | undefined {
  const [url] = urls
  const named = url === undefined ? undefined : hostOf(url)
  if (named !== undefined) return named
  if (server.origin.kind === 'remote') return hostOf(server.origin.url)
  return server.sandbox === 2 ? server.allowedHosts[0] : undefined
}
