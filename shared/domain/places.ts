import type { PathFact } from './call.ts'

/** Hosts that addresses name, lower case, each once. What is no address of a host counts as none. */
export function hostsOf(urls: readonly string[]): readonly string[] {
  if (urls.length === 0) return []
  const hosts = urls.map((url) => (URL.canParse(url) ? new URL(url).hostname.toLowerCase() : ''))
  return [...new Set(hosts.filter((host) => host !== ''))]
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
