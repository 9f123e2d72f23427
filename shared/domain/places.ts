import type { PathFact } from './call.ts'

/**
 * Among addresses and hosts: there is one more, and nobody knows which. No rule that allows hosts fits it, and each that
 * denies or asks about hosts does.
 */
export const unknownPlace = '…'

const likeTheWeb = /^(?:https?|wss?|ftp):/i

/**
 * The host of an address, as a parser reaches it: lower case, other scripts as `xn--…`, without the dot of the root.
 * Undefined for what is no address, or whose host could not be looked up: below a top level any character can be, as
 * whoever owns a name answers for all below it.
 */
export function hostIn(url: string): { readonly hostname: string; readonly host: string } | undefined {
  const text = likeTheWeb.test(url) ? url : url.replace(/^[a-z][a-z0-9+.-]*:[\\/]*/i, (start) => afterScheme(start))
  const parsed = mayBeName(text) ? URL.parse(text) : null
  if (parsed === null) return undefined
  const { hostname, port } = parsed
  const plain = hostname.replace(/\.+$/, '').toLowerCase()
  if (!/^(?:\[[0-9a-f:.]+\]|(?:.*\.)?[a-z0-9_-]+)$/.test(plain)) return undefined
  return { hostname: plain, host: port === '' ? plain : `${plain}:${port}` }
}

/** No name has more than 253 characters, each three when escaped; parsing one of another script takes the square of that. */
function mayBeName(url: string): boolean {
  const [, authority = ''] = /^[^:]*:[\\/]*([^\\/?#]*)/.exec(url) ?? []
  const name = authority.slice(authority.lastIndexOf('@') + 1)
  return name.length <= 253 || /^[\x21-\x7e]{0,770}$/.test(name)
}

/** `file:///x` names no host, `file://x/y` does. */
const afterScheme = (start: string): string => (/^file:[\\/]{3}/i.test(start) ? 'none:' : 'http://')

/** Hosts that addresses name, lower case, each once. What is no address of a host counts as none. */
export function hostsOf(urls: readonly string[]): readonly string[] {
  if (urls.length === 0) return []
  return [...new Set(urls.flatMap((url) => (url === unknownPlace ? url : (hostIn(url)?.hostname ?? []))))]
}

/** The folder all paths lie in directly; undefined when there are none, or several. */
export function folderOf(paths: readonly PathFact[]): string | undefined {
  const folders = new Set(paths.map(({ real }) => real.slice(0, Math.max(1, lastSeparator(real)))))
  return folders.size === 1 ? [...folders][0] : undefined
}

const lastSeparator = (path: string) => Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))

/** Where a call would reach: its folder and its hosts. */
export function placesOf(call: { readonly paths: readonly PathFact[]; readonly urls: readonly string[] }): string[] {
  const folder = folderOf(call.paths)
  return [...(folder === undefined ? [] : [folder]), ...hostsOf(call.urls)]
}
