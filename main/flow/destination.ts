import type { CallFacts } from '../../shared/domain/call.ts'
import type { Json } from '../../shared/domain/json.ts'
import { hostIn, unknownPlace } from '../../shared/domain/places.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

/** Where a call may send what it is given. `name` is undefined when that could be anywhere. */
export interface Destination {
  readonly name?: string
}

/** Of one text, from its beginning. */
const longestSearched = 100_000
const mostNamed = 50
const mail =
  /[^\s@<>"'`,;:()[\]\\]{1,64}@(?:\[[0-9a-f.:]{2,45}\]|[\p{L}\p{N}_-]{1,63}(?:[.\u3002\uff0e\uff61][\p{L}\p{N}_-]{1,63}){1,8})/giu

/**
 * Decided by what the sandbox lets the server reach, not by what its tool is called: a confined server without a network
 * sends nothing, whatever addresses stand in its arguments.
 * @returns undefined when nothing can leave this computer
 */
export function destinationOf(call: CallFacts): Destination | undefined {
  const { server } = call
  if (!reachesOut(server)) return undefined
  const [named] = namedIn(call)
  if (named !== undefined && named !== unknownPlace) return { name: named }
  if (server.origin.kind === 'remote') return { name: hostOf(server.origin.url) ?? server.name }
  if (server.sandbox >= 2) return { name: server.allowedHosts.slice(0, 3).join(', ') }
  return {}
}

/** From level 3 on there is no network; at level 2 only the hosts that were named. */
export function reachesOut({ name, origin, sandbox, allowedHosts }: ServerConfig): boolean {
  if (name === 'gatehouse') return false
  if (origin.kind === 'remote' || sandbox <= 1) return true
  return sandbox === 2 && allowedHosts.length > 0
}

/** Hosts and e-mail addresses that the arguments themselves name, hosts first. With more than 50 the last is `…`. */
export function namedIn({ urls, arguments: args }: CallFacts): readonly string[] {
  const found = new Set(urls.flatMap((url) => (url === unknownPlace ? url : (hostOf(url) ?? []))))
  addMails(args, found)
  return found.size <= mostNamed ? [...found] : [...[...found].slice(0, mostNamed), unknownPlace]
}

function addMails(value: Json, found: Set<string>): void {
  if (found.size > mostNamed) return
  if (typeof value === 'string' && value.includes('@')) {
    for (const [one] of value.slice(0, longestSearched).matchAll(mail)) found.add(one.toLowerCase())
    if (value.length > longestSearched) found.add(unknownPlace)
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    addMails(key, found)
    addMails(item as Json, found)
  }
}

export const hostOf = (url: string): string | undefined => hostIn(url)?.host
