import { availableParallelism } from 'node:os'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { guardDisk } from './disk-guard.ts'
import { allProcesses, type ProcessSample, processTree } from './process-tree.ts'

/** What one server's processes may use together. */
export interface ProcessLimits {
  readonly memoryBytes: number
  readonly processes: number
  /** Full processor cores, averaged over `cpuWindowSeconds`. */
  readonly cores: number
  readonly cpuWindowSeconds: number
  /** Of its private folders: home, temp folder, copies. */
  readonly diskBytes: number
}

const mb = 1024 ** 2

export const defaultLimits: ProcessLimits = {
  memoryBytes: 2 * 1024 ** 3,
  processes: 128,
  cores: Math.min(4, 0.75 * availableParallelism()),
  cpuWindowSeconds: 60,
  diskBytes: 2 * 1024 ** 3,
}

/** The usual ones, with what the person set for this server. */
export function limitsFor({ running = {} }: Pick<ServerConfig, 'running'>, usual: ProcessLimits): ProcessLimits {
  return {
    ...usual,
    ...(running.memoryMb === undefined ? {} : { memoryBytes: running.memoryMb * mb }),
    ...(running.processes === undefined ? {} : { processes: running.processes }),
    ...(running.cores === undefined ? {} : { cores: running.cores }),
    ...(running.diskMb === undefined ? {} : { diskBytes: running.diskMb * mb }),
  }
}

const sampleEveryMs = 1000
const ticksASecond = 100

/** Who keeps the limits: the system by a cgroup of the server's own, or Gatehouse by looking. */
export type KeptBy = 'cgroup' | 'looking' | 'nobody'

/** How the limits are kept here, in words for the person. */
export function limitsInWords(limits: ProcessLimits, by: KeptBy): string {
  if (by === 'nobody') return 'not measured on this system'
  const figures = `memory ${limits.memoryBytes / mb} MB, ${limits.processes} processes, ${limits.cores} processor cores, ${limits.diskBytes / mb} MB of its own on disk`
  const looked = 'measured every second, ended when exceeded'
  return by === 'cgroup'
    ? `${figures}; kept by the system in a cgroup of its own, and ${looked}`
    : `${figures}; ${looked}`
}

interface Guarded {
  readonly limits: ProcessLimits
  readonly exceeded: (sentence: string) => void
  /** Clock ticks used, at each look. */
  readonly history: number[]
}

/**
 * Measures every guarded tree once a second, kills all of one and says so once when it exceeds a limit. One look at the
 * system's processes serves all, so that a hundred servers do not cost a hundred looks; it stands still while none runs.
 */
export class TreeGuard {
  readonly #guarded = new Map<number, Guarded>()
  #timer: NodeJS.Timeout | undefined

  /**
   * @param pid root of the tree
   * @param folders its private ones
   * @param exceeded called once, after the tree was killed @returns stop
   */
  guard(
    pid: number,
    limits: ProcessLimits,
    folders: readonly string[],
    exceeded: (sentence: string) => void,
  ): () => void {
    if (process.platform !== 'linux') return () => {}
    const guarded: Guarded = { limits, exceeded, history: [] }
    this.#guarded.set(pid, guarded)
    this.#timer ??= setInterval(() => this.#look(), sampleEveryMs).unref()
    const stopDisk = guardDisk(folders, limits.diskBytes, () => {
      if (this.#guarded.get(pid) === guarded) this.#end(pid, guarded, processTree(pid), diskFull(limits))
    })
    return () => {
      stopDisk()
      if (this.#guarded.get(pid) === guarded) this.#forget(pid)
    }
  }

  #look(): void {
    const all = allProcesses()
    for (const [pid, guarded] of this.#guarded) this.#lookAt(pid, guarded, processTree(pid, all))
  }

  #lookAt(pid: number, guarded: Guarded, tree: ProcessSample[]): void {
    const { limits, history } = guarded
    if (tree.length === 0) {
      this.#forget(pid)
      return
    }
    history.push(tree.reduce((sum, one) => sum + one.cpuTicks, 0))
    if (history.length > limits.cpuWindowSeconds + 1) history.shift()
    const sentence = brokenLimit(tree, history, limits)
    if (sentence !== undefined) this.#end(pid, guarded, tree, sentence)
  }

  #end(pid: number, { exceeded }: Guarded, tree: ProcessSample[], sentence: string): void {
    this.#forget(pid)
    for (const one of tree.reverse()) endProcess(one.pid)
    exceeded(sentence)
  }

  #forget(pid: number): void {
    this.#guarded.delete(pid)
    if (this.#guarded.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

const diskFull = ({ diskBytes }: ProcessLimits) =>
  `It kept more than ${diskBytes / mb} MB in its own home and temp folder and was ended.`

function brokenLimit(
  tree: readonly ProcessSample[],
  history: readonly number[],
  limits: ProcessLimits,
): string | undefined {
  const memory = tree.reduce((sum, one) => sum + one.residentBytes, 0)
  if (memory > limits.memoryBytes) return `It used more than ${limits.memoryBytes / mb} MB of memory and was ended.`
  if (tree.length > limits.processes) return `It started more than ${limits.processes} processes and was ended.`
  const ticks = (history.at(-1) ?? 0) - (history[0] ?? 0)
  const full = history.length > limits.cpuWindowSeconds
  const allowed = limits.cores * limits.cpuWindowSeconds * ticksASecond
  if (full && ticks > allowed)
    return `It kept more than ${limits.cores} processor cores busy for ${limits.cpuWindowSeconds} s and was ended.`
  return undefined
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // already gone
  }
}
