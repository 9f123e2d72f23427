import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Program } from '../../shared/domain/call.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { isSameMaker } from './program-identity.ts'

/** Programs that start others on behalf of someone: who is behind them is what a person knows. */
const launchers = /^(sh|bash|dash|zsh|fish|ksh|env|npx|npm|npm exec.*|cmd\.exe|gatehouse-bridge|node-MainThread)$/
const mostParents = 16

interface Process {
  readonly pid: number
  readonly parent: number
  readonly name: string
  readonly executable: string
  readonly startedAt: EpochMs
}

/**
 * The AI app behind a bridge: the nearest ancestor of the bridge that is no mere launcher. Evidence, not proof: the
 * bridge states its own pid, and it is believed only as far as the operating system shows a process of this user with
 * that pid holding a local socket.
 *
 * @param bridgePid as stated in the hello
 * @returns undefined where it cannot be told: another platform, another user's process, a pid that does not fit
 */
export async function programOf(bridgePid: number): Promise<Program | undefined> {
  if (process.platform !== 'linux' || bridgePid <= 1) return undefined
  const bridge = await processOf(bridgePid)
  if (!bridge || !(await holdsLocalSocket(bridgePid))) return undefined
  const ancestors = await ancestorsOf(bridge)
  const at = ancestors.findIndex(({ name, pid }) => pid > 1 && !launchers.test(name))
  const app = ancestors[at] ?? bridge
  const { pid, name, executable, startedAt } = app
  return { pid, name, executable, startedAt, parents: ancestors.slice(at + 1).map((parent) => parent.name) }
}

/** The same program as before, as far as can be told: where it lies and who made it. Pids and parents change. */
export function isSameProgram(before: Program | undefined, now: Program | undefined): boolean {
  return before?.executable === now?.executable && isSameMaker(before?.identity, now?.identity)
}

async function ancestorsOf(child: Process): Promise<Process[]> {
  const ancestors: Process[] = []
  let parent = child.parent
  while (parent > 0 && ancestors.length < mostParents) {
    const next = await processOf(parent)
    if (!next) break
    ancestors.push(next)
    parent = next.parent
  }
  return ancestors
}

/** @see proc(5): the name in `stat` is in parentheses and may itself hold any character */
async function processOf(pid: number): Promise<Process | undefined> {
  try {
    const [text, executable, folder] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readlink(`/proc/${pid}/exe`).catch(() => ''),
      stat(`/proc/${pid}`),
    ])
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const parent = Number(fields[1])
    const shown = executable === '' ? name : basename(executable)
    return {
      pid,
      parent,
      name: shown,
      executable: executable || name,
      startedAt: Math.round(folder.ctimeMs) as EpochMs,
    }
  } catch {
    return undefined
  }
}

/** Only this user's (or root's) processes can be looked into: another user's pid answers no. */
async function holdsLocalSocket(pid: number): Promise<boolean> {
  try {
    const known = new Set((await readFile('/proc/net/unix', 'utf8')).split('\n').map((line) => line.split(/\s+/)[6]))
    for (const handle of await readdir(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
      if (inode !== undefined && known.has(inode)) return true
    }
  } catch {
    // Not ours to look into.
  }
  return false
}
