import { type AllowedPath, type FolderAccess, isOver, mayChange } from '../../shared/domain/folder-rights.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { type ForwardTarget, forwardTargets } from './forward-target.ts'
import { namedHosts } from './network.ts'

/** What a server may touch, in sentences a person reads before agreeing. */
export function mayTouchInWords(server: ServerConfig, readable: readonly string[]): string[] {
  if (server.sandbox === 0) {
    const ended = server.allowedPaths.filter((folder) => isOver(folder))
    return [
      'Everything you can: all your files, the whole network, every program. It is not confined.',
      ...ended.map(({ path }) => `The time for ${path} is over, but it can still reach it`),
    ]
  }
  return [...files(server, readable), ...network(server), ...processes(server), ...secrets(server)]
}

function files(server: ServerConfig, readable: readonly string[]): string[] {
  const allowed = server.allowedPaths.map((folder) => folderInWords(folder, server.sandbox === 4))
  const rest =
    server.sandbox === 1
      ? 'Reads most of your files, but no hidden ones (keys, passwords, browser profiles, app settings)'
      : allowed.length > 0
        ? 'Reads no other file of yours'
        : 'Reads none of your files'
  const own = readable.length > 0 ? [`Reads its own program: ${readable.join(', ')}`] : []
  const kept =
    server.sandbox === 4
      ? 'Keeps nothing: one process a call, wiped with its home, temp folder and copies before the answer leaves'
      : 'Has a private home and temp folder of its own'
  return [...allowed, rest, ...own, kept]
}

function folderInWords(folder: AllowedPath, isCopied: boolean): string {
  const { path, access, until } = folder
  if (isOver(folder)) return `No longer uses ${path}: its time is over`
  const said = isCopied ? copied(path, access) : plainly(path, access)
  return until === undefined
    ? said
    : `${said}, until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function plainly(path: string, access: FolderAccess): string {
  if (typeof access !== 'string') return `In ${path} it may: ${access.join(', ')}`
  return access === 'write' ? `Reads and changes ${path}` : `Reads ${path}`
}

/** Level 4: what a change means there. */
const copied = (path: string, access: FolderAccess) =>
  mayChange(access)
    ? `Reads and changes a copy of ${path} (up to 256 MB); the copy is thrown away after each call, so nothing it changes stays`
    : `Reads a copy of ${path} (up to 256 MB)`

function network(server: ServerConfig): string[] {
  if (server.sandbox >= 3) return ['No network']
  const forwarded = forwardTargets(server.allowedHosts)
  const passedOn = forwarded.filter(({ reach }) => reach !== 'internet').map(inWords)
  const never =
    passedOn.length > 0
      ? 'Reaches nothing else of this computer’s own ports or your local network'
      : 'Never reaches this computer’s own ports or your local network'
  if (server.sandbox === 1) return ['Reaches any public internet host', ...passedOn, never]
  const named = namedHosts(server.allowedHosts)
  const known = new Set([...named, ...forwarded.map((target) => target.named)])
  const local = server.allowedHosts.filter((host) => !known.has(host))
  const hosts = named.length > 0 ? `Reaches only ${named.join(', ')}` : 'Reaches no internet host until you allow one'
  const without = local.map((host) => `Not reached, although named: ${host}${whyNot(host)}`)
  return [hosts, ...passedOn, ...without, never]
}

const inWords = ({ named, reach }: ForwardTarget) =>
  reach === 'this computer'
    ? `Reaches ${named} on this computer, unless Gatehouse itself listens there`
    : `Reaches ${named} in your local network`

const whyNot = (host: string) => (/:\d+$/.test(host) ? '' : ' (name its port too)')

const processes = (server: ServerConfig): string[] =>
  server.sandbox >= 3 ? ['Gains no privileges; a Node server starts no other program'] : ['Gains no privileges']

const secrets = (server: ServerConfig): string[] =>
  server.secretNames.length > 0 ? [`Receives the secrets ${server.secretNames.join(', ')}`] : []
