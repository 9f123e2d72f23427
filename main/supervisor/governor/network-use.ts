import { readFileSync, readlinkSync } from 'node:fs'

/** What passed through a network of a server's own since it began. */
export interface NetworkUse {
  /** Names the network while it is there. */
  readonly network: string
  readonly bytes: number
}

/**
 * A sandboxed server has a network of its own with one way out, which leads over that network's loopback interface to
 * Gatehouse's proxy: what passes there is all it says and hears, and what its own processes say to each other. So the
 * figure needs no administrator's rights. One that shares this computer's network (level 0) is not measured.
 */
export function networkUse(pid: number): NetworkUse | undefined {
  try {
    const network = readlinkSync(`/proc/${pid}/ns/net`)
    if (network === readlinkSync('/proc/self/ns/net')) return undefined
    return { network, bytes: bytesIn(readFileSync(`/proc/${pid}/net/dev`, 'latin1')) }
  } catch {
    return undefined // gone, another user's, or no /proc
  }
}

/** @param table as `/proc/net/dev` shows it; on loopback each byte counts once as received */
export const bytesIn = (table: string): number => Number(/^\s*lo:\s*(\d+)/m.exec(table)?.[1] ?? 0)
