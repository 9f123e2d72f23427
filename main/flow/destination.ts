import type { CallFacts } from '../../shared/domain/call.ts'
import type { Json } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

/** Where a call may send what it is given. `name` is undefined when that could be anywhere. */
export interface Destination {
  readonly name?: string
}

const longestSearched = 100_000
const address = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}/

/**
 * Decided by what the sandbox lets the server reach, not by what its tool is called: a confined server without a network
 * sends nothing, whatever addresses stand in its arguments.
 * @returns undefined when nothing can leave this computer
 */
export function destinationOf(call: CallFacts): Destination | undefined {
  const { server } = call
  if (!reachesOut(server)) return undefined
  const named = namedIn(call)
  if (named !== undefined) return { name: named }
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

/** A host or an e-mail address that the arguments themselves name. */
function namedIn(call: CallFacts): string | undefined {
  for (const url of call.urls) {
    const host = hostOf(url)
    if (host !== undefined) return host
  }
  return mailIn(call.arguments)
}

function mailIn(value: Json): string | undefined {
  if (typeof value === 'string')
    return value.includes('@') ? address.exec(value.slice(0, longestSearched))?.[0] : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const item of Object.values(value)) {
    const found = mailIn(item as Json)
    if (found !== undefined) return found
  }
  return undefined
}

export function hostOf(url: string): string | undefined {
  const host = URL.canParse(url) ? new URL(url).host : ''
  return host === '' ? undefined : host
}
