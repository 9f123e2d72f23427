import { readdirSync, readlinkSync } from 'node:fs'
import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { endianness } from 'node:os'
import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import type { LocalConnection, Processes, RunningProcess } from './processes.ts'

const mostAncestors = 16
const established = '01'

/** `/proc`. Only this user's processes show what they hold. */
export const linuxProcesses: Processes = {
  async lineOf(pid) {
    const line: RunningProcess[] = []
    for (let next = await processOf(pid); next && line.length <= mostAncestors; ) {
      line.push(next)
      next = next.parent > 0 ? await processOf(next.parent) : undefined
    }
    return line
  },

  async holdsLocalSocket(pid) {
    try {
      const known = new Set((await readFile('/proc/net/unix', 'utf8')).split('\n').map((row) => row.split(/\s+/)[6]))
      return holdsSocket(pid, (inode) => known.has(inode))
    } catch {
      return false
    }
  },

  async callerOf(connection) {
    const inode = await inodeOfCaller(connection)
    if (inode === undefined) return undefined
    const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 1)
    for (const pid of pids.reverse()) {
      if (holdsSocket(pid, (held) => held === inode)) return pid
      await nextTurn() // calls go on while hundreds of processes are looked through
    }
    return undefined
  },
}

/** @see proc(5): the name in `stat` is in parentheses and may itself hold any character */
async function processOf(pid: number): Promise<RunningProcess | undefined> {
  try {
    const [text, executable, folder] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readlink(`/proc/${pid}/exe`).catch(() => ''),
      stat(`/proc/${pid}`),
    ])
    const ownName = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
    const parent = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
    const file = executable.replace(/ \(deleted\)$/, '') // an update took its place meanwhile
    const name = file === '' ? ownName : basename(file)
    return { pid, parent, name, executable: file || ownName, startedAt: Math.round(folder.ctimeMs) as EpochMs }
  } catch {
    return undefined
  }
}

/** At once, not in pieces: a thousand small promises cost ten times as much as the looking. */
function holdsSocket(pid: number, isWanted: (inode: string) => boolean): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((handle) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${handle}`))?.[1]
      return inode !== undefined && isWanted(inode)
    })
  } catch {
    return false // another user's, or gone
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // closed meanwhile
  }
}

/** A program that opens sockets for both families stands in the second table. */
async function inodeOfCaller(connection: LocalConnection): Promise<string | undefined> {
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const inode = callerInode(await readFile(table, 'utf8').catch(() => ''), connection)
    if (inode !== undefined) return inode
  }
  return undefined
}

/** @param table as `/proc/net/tcp` shows it: addresses are in this machine's byte order, ports are not */
export function callerInode(table: string, connection: LocalConnection): string | undefined {
  const caller = `${hexAddress(connection.callerAddress)}:${hexPort(connection.callerPort)}`
  const door = `:${hexPort(connection.doorPort)}`
  for (const row of table.split('\n').slice(1)) {
    const [, local = '', remote = '', state, , , , , , inode] = row.trim().split(/\s+/)
    if (state === established && local.endsWith(caller) && remote.endsWith(door) && inode !== '0') return inode
  }
  return undefined
}

const hexPort = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')

function hexAddress(address: string): string {
  const bytes = Buffer.from(address.split('.').map(Number))
  return (endianness() === 'LE' ? bytes.reverse() : bytes).toString('hex').toUpperCase()
}
