import { readdirSync, readFileSync } from 'node:fs'

/** Microseconds of processor that all threads of these processes took so far (Linux); NaN elsewhere. */
export function processorUs(pids: readonly number[]): number {
  try {
    return pids.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((thread) => threadUs(pid, thread))).reduce(sum, 0)
  } catch {
    return Number.NaN
  }
}

function threadUs(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000
  } catch {
    return 0 // it ended meanwhile
  }
}

/** Megabytes of these processes, what they share with others counted in part (Linux); NaN elsewhere. */
export function proportionalSetMb(pids: readonly number[]): number {
  try {
    const sizes = pids.map((pid) => /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])
    return sizes.map((kilobytes) => Number(kilobytes) / 1024).reduce(sum, 0)
  } catch {
    return Number.NaN
  }
}

const sum = (a: number, b: number) => a + b
