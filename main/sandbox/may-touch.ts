import type { ServerConfig } from '../../shared/domain/server.ts'
import { isLocalName } from './addresses.ts'

/** What a server may touch, in sentences a person reads before agreeing. */
export function mayTouchInWords(server: ServerConfig, readable: readonly string[]): string[] {
  if (server.sandbox === 0) {
    return ['Everything you can: all your files, the whole network, every program. It is not confined.']
  }
  return [...files(server, readable), ...network(server), ...processes(server), ...secrets(server)]
}

function files(server: ServerConfig, readable: readonly string[]): string[] {
  const allowed = server.allowedPaths.map(({ path, access }) =>
    access === 'write' ? `Reads and changes ${path}` : `Reads ${path}`,
  )
  const rest =
    server.sandbox === 1
      ? 'Reads most of your files, but no hidden ones (keys, passwords, browser profiles, app settings)'
      : allowed.length > 0
        ? 'Reads no other file of yours'
        : 'Reads none of your files'
  const own = readable.length > 0 ? [`Reads its own program: ${readable.join(', ')}`] : []
  return [...allowed, rest, ...own, 'Has a private home and temp folder of its own']
}

function network(server: ServerConfig): string[] {
  if (server.sandbox >= 3) return ['No network']
  const never = 'Never reaches this computer’s own ports or your local network'
  if (server.sandbox === 1) return ['Reaches any public internet host', never]
  const named = server.allowedHosts.filter((host) => !isLocalName(host.replace(/^\*\./, '').replace(/:\d+$/, '')))
  const local = server.allowedHosts.filter((host) => !named.includes(host))
  const hosts = named.length > 0 ? `Reaches only ${named.join(', ')}` : 'Reaches no internet host until you allow one'
  return [hosts, ...(local.length > 0 ? [`Not reached, although named: ${local.join(', ')}`] : []), never]
}

const processes = (server: ServerConfig): string[] =>
  server.sandbox >= 3 ? ['Gains no privileges; a Node server starts no other program'] : ['Gains no privileges']

const secrets = (server: ServerConfig): string[] =>
  server.secretNames.length > 0 ? [`Receives the secrets ${server.secretNames.join(', ')}`] : []
