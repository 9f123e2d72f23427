import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isFolder, namesIn } from './places.ts'
import type { PrivateCopy } from './private-copy.ts'
import type { Wiped } from './sandbox.ts'
import { wipe } from './wipe.ts'

const patienceMs = 5_000
const lookEveryMs = 5

/**
 * Level 4, after its process was ended: waits until nothing of the sandbox runs, then deletes home, temp folder and
 * copies. The first process inside is bubblewrap itself, whose command line names the folder and which no program inside
 * can change; the system ends all others before it lets that one go.
 *
 * @param root folder of this one process, named on the sandbox's command line
 */
export async function wiped(root: string, copy: PrivateCopy): Promise<Wiped> {
  const gone = await untilGone(root)
  const changedFiles = await copy.changedFiles()
  await wipe(root)
  return { complete: gone && !existsSync(root), changedFiles }
}

async function untilGone(root: string): Promise<boolean> {
  const until = performance.now() + patienceMs
  for (;;) {
    const left = naming(root)
    if (left.length === 0) return true
    if (performance.now() > until) return false
    for (const pid of left) end(pid)
    await pause(lookEveryMs)
  }
}

function naming(root: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => commandLine(pid).includes(root))
}

/** A process that ended and was not yet collected has none. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it went by itself
  }
}

/**
 * Deletes what processes of a former run left, because it was killed before it could.
 *
 * @param serverTemp parent of every server's folders; only one app uses it
 */
export async function wipeLeftovers(serverTemp: string): Promise<void> {
  for (const workspace of namesIn(serverTemp)
    .map((name) => join(serverTemp, name))
    .filter(isFolder))
    for (const server of namesIn(workspace)
      .map((name) => join(workspace, name))
      .filter(isFolder))
      for (const run of namesIn(server).filter((name) => name.startsWith('run-'))) await wipe(join(server, run))
}
