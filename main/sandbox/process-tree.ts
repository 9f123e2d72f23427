import { closeSync, openSync, readdirSync, readSync } from 'node:fs'

/** One process, from `/proc/PID/stat`. Times in clock ticks (100 a second), memory in bytes. */
export interface ProcessSample {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  /** Ticks since boot; with the pid it names a process for as long as the computer runs. */
  readonly startTicks: number
  readonly cpuTicks: number
  readonly threads: number
  readonly residentBytes: number
}

const pageBytes = 4096
/** A line of `/proc/PID/stat` has less than half of it. */
const line = Buffer.alloc(1024)

/** @returns undefined when there is no such process, or no `/proc` */
export function sampleProcess(pid: number): ProcessSample | undefined {
  const stat = statOf(pid)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const field = (number: number) => Number(fields[number - 3])
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return {
    pid,
    parent: field(4),
    group: field(5),
    session: field(6),
    startTicks: field(22),
    cpuTicks: field(14) + field(15),
    threads: field(20),
    residentBytes: field(24) * pageBytes,
  }
}

/** One read instead of the four calls `readFileSync` makes: hundreds of processes are looked at every second. */
function statOf(pid: number): string | undefined {
  let file: number | undefined
  try {
    file = openSync(`/proc/${pid}/stat`, 'r')
    return line.toString('latin1', 0, readSync(file, line))
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

const firstDigit = '0'.charCodeAt(0)

/** Every process of this computer that can be seen. */
export function allProcesses(): ProcessSample[] {
  return readdirSync('/proc').flatMap((name) => {
    const digit = name.charCodeAt(0) - firstDigit
    return digit >= 0 && digit <= 9 ? (sampleProcess(Number(name)) ?? []) : []
  })
}

/** A process and all below it, also those that left its process group. Empty when it is gone. */
export function processTree(root: number, all: readonly ProcessSample[] = allProcesses()): ProcessSample[] {
  const children = new Map<number, ProcessSample[]>()
  for (const sample of all) {
    const siblings = children.get(sample.parent)
    if (siblings) siblings.push(sample)
    else children.set(sample.parent, [sample])
  }
  const found = all.filter(({ pid }) => pid === root)
  for (let at = 0; at < found.length; at++) found.push(...(children.get(found[at]?.pid ?? -1) ?? []))
  return found
}
