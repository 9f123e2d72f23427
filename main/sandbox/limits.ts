import { allProcesses, type ProcessSample, processTree } from './process-tree.ts'

/** What one server's processes may use together. */
export interface ProcessLimits {
  readonly memoryBytes: number
  readonly processes: number
  /** Full processor cores, averaged over `cpuWindowSeconds`. */
  readonly cores: number
  readonly cpuWindowSeconds: number
}

export const defaultLimits: ProcessLimits = {
  memoryBytes: 2 * 1024 ** 3,
  processes: 128,
  cores: 4,
  cpuWindowSeconds: 60,
}

const sampleEveryMs = 1000
const ticksASecond = 100

/** How the limits are kept here, in words for the person. */
export function limitsInWords(limits: ProcessLimits, platform: NodeJS.Platform): string {
  const figures = `memory ${limits.memoryBytes / 1024 ** 2} MB, ${limits.processes} processes, ${limits.cores} processor cores`
  return platform === 'linux' ? `${figures}; measured every second, ended when exceeded` : 'not measured on this system'
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

  /** @param pid root of the tree @returns stop */
  guard(pid: number, limits: ProcessLimits, exceeded: (sentence: string) => void): () => void {
    if (process.platform !== 'linux') return () => {}
    const guarded = { limits, exceeded, history: [] }
    this.#guarded.set(pid, guarded)
    this.#timer ??= setInterval(() => this.#look(), sampleEveryMs).unref()
    return () => {
      if (this.#guarded.get(pid) === guarded) this.#forget(pid)
    }
  }

  #look(): void {
    const all = allProcesses()
    for (const [pid, guarded] of this.#guarded) this.#lookAt(pid, guarded, processTree(pid, all))
  }

  #lookAt(pid: number, { limits, exceeded, history }: Guarded, tree: ProcessSample[]): void {
    if (tree.length === 0) {
      this.#forget(pid)
      return
    }
    history.push(tree.reduce((sum, one) => sum + one.cpuTicks, 0))
    if (history.length > limits.cpuWindowSeconds + 1) history.shift()
    const sentence = brokenLimit(tree, history, limits)
    if (sentence === undefined) return
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

function brokenLimit(
  tree: readonly ProcessSample[],
  history: readonly number[],
  limits: ProcessLimits,
): string | undefined {
  const memory = tree.reduce((sum, one) => sum + one.residentBytes, 0)
  if (memory > limits.memoryBytes)
    return `It used more than ${limits.memoryBytes / 1024 ** 2} MB of memory and was ended.`
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
