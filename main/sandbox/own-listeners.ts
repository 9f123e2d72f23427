import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** State of a row of `/proc/net/tcp`. */
const listening = '0A'

/**
 * TCP ports this process listens on right now, whichever part of it opened them: the browser shell, the MCP endpoint, the
 * sandbox's own proxy. Read from the system, so that none can be forgotten.
 *
 * @throws Error when it can't be told; nothing is passed on then
 */
export function ownListeningPorts(): Set<number> {
  const own = ownSockets()
  const rows = ['/proc/self/net/tcp', '/proc/self/net/tcp6'].flatMap(rowsOf)
  const ports = rows
    .filter(([, , , state, , , , , , inode]) => state === listening && own.has(inode ?? ''))
    .map(([, local]) => Number.parseInt(local?.split(':').at(-1) ?? '', 16))
  return new Set(ports)
}

/** Inodes of the sockets this process holds. */
function ownSockets(): Set<string> {
  const inodes = new Set<string>()
  for (const name of readdirSync('/proc/self/fd')) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/self/fd/${name}`))?.[1]
    if (inode) inodes.add(inode)
  }
  return inodes
}

/** '' for a descriptor that was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/** A computer without IPv6 has no `tcp6`. */
function rowsOf(file: string): string[][] {
  try {
    return readFileSync(file, 'latin1')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
  } catch (problem) {
    if (file.endsWith('6')) return []
    throw problem
  }
}
