import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { allProcesses, sampleProcess } from '../../sandbox/process-tree.ts'

/** A process that can be recognised later: a pid alone may have been given to another one meanwhile. */
export interface Known {
  readonly pid: number
  /** When it started: clock ticks since boot on Linux, `ps`'s start time elsewhere. */
  readonly started: string
  /** Which boot of the computer the start time counts from; empty where there is none. */
  readonly boot: string
}

/** @returns undefined when there is no such process */
export function identify(pid: number): Known | undefined {
  const started = process.platform === 'linux' ? sampleProcess(pid)?.startTicks.toString() : startedByPs(pid)
  return started ? { pid, started, boot: bootId() } : undefined
}

export function isSame(known: Known): boolean {
  const now = identify(known.pid)
  return now !== undefined && now.started === known.started && now.boot === known.boot
}

/**
 * Ends a process, the group it leads if it leads one, and on Linux everything else in its session.
 * @returns whether there was anything to end
 */
export function endGroup(known: Known, signal: NodeJS.Signals): boolean {
  const members = sessionOf(known)
  const leader = isSame(known)
  if (leader) {
    send(-known.pid, signal)
    send(known.pid, signal)
  }
  for (const pid of members) send(pid, signal)
  return leader || members.length > 0
}

/** Processes of the session that started no earlier than its leader: a reused session number can't match. */
function sessionOf(known: Known): number[] {
  if (process.platform !== 'linux' || known.boot !== bootId()) return []
  return allProcesses()
    .filter((one) => one.session === known.pid && one.startTicks >= Number(known.started) && one.pid !== process.pid)
    .map((one) => one.pid)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // already gone
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

function startedByPs(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined
  try {
    return execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}
