import { readFileSync } from 'node:fs'
import { allProcesses, type ProcessSample, processTree } from '../../sandbox/process-tree.ts'
import { type NetworkUse, networkUse } from './network-use.ts'

/** What the processes of one server used since the last look. */
export interface Usage {
  /** Processor cores, averaged since the last look. */
  readonly cpu: number
  readonly memoryBytes: number
  /** Bytes a second from and to disks; 0 where the system does not say. */
  readonly readBytes: number
  readonly writtenBytes: number
  /** Bytes a second to and from its own network, both ways together; absent where it has none of its own. */
  readonly networkBytes?: number
  readonly processes: number
  readonly threads: number
}

interface Counters {
  readonly cpuTicks: number
  readonly readBytes: number
  readonly writtenBytes: number
}

const ticksASecond = 100

/**
 * Measures process trees from `/proc`: one look at all processes however many servers run, so its cost grows with what
 * runs and not with its square. Elsewhere than on Linux it finds nothing.
 */
export class ProcessMeter {
  /** By `pid:start`, which names a process for as long as the computer runs. */
  #before = new Map<string, Counters>()
  #networkBefore = new Map<string, number>()
  #lookedAtMs: number | undefined

  constructor(
    private readonly look: () => ProcessSample[] = process.platform === 'linux' ? allProcesses : () => [],
    private readonly ioOf: (pid: number) => Pick<Counters, 'readBytes' | 'writtenBytes'> = diskUse,
    private readonly networkOf: (pid: number) => NetworkUse | undefined = networkUse,
  ) {}

  /** @param roots by any key, the processes whose trees count together */
  measure<K>(
    roots: ReadonlyMap<K, readonly number[]>,
    nowMs: number,
  ): { readonly together: Map<K, Usage>; readonly each: Map<number, Usage> } {
    const seconds = this.#lookedAtMs === undefined ? 0 : (nowMs - this.#lookedAtMs) / 1000
    this.#lookedAtMs = nowMs
    const children = byParent(this.look())
    const now = new Map<string, Counters>()
    const networkNow = new Map<string, number>()
    const together = new Map<K, Usage>()
    const each = new Map<number, Usage>()
    for (const [key, pids] of roots) {
      for (const pid of pids) {
        const tree = treeOf(pid, children)
        if (tree.length > 0)
          each.set(pid, { ...this.#usageOf(tree, seconds, now), ...this.#networkOf(tree, seconds, networkNow) })
      }
      const found = pids.flatMap((pid) => each.get(pid) ?? [])
      if (found.length > 0) together.set(key, found.reduce(added))
    }
    this.#before = now
    this.#networkBefore = networkNow
    return { together, each }
  }

  #networkOf(tree: readonly ProcessSample[], seconds: number, now: Map<string, number>) {
    const own = new Map<string, number>()
    for (const { pid } of tree) {
      const use = this.networkOf(pid)
      if (use) own.set(use.network, use.bytes)
    }
    if (own.size === 0) return {}
    let bytes = 0
    for (const [network, total] of own) {
      bytes += Math.max(0, total - (this.#networkBefore.get(network) ?? total)) // from its next look on it has a rate
      now.set(network, total)
    }
    return { networkBytes: seconds > 0 ? bytes / seconds : 0 }
  }

  #usageOf(tree: readonly ProcessSample[], seconds: number, now: Map<string, Counters>): Usage {
    const used = { cpuTicks: 0, readBytes: 0, writtenBytes: 0 }
    for (const one of tree) {
      const name = `${one.pid}:${one.startTicks}`
      const counters = { cpuTicks: one.cpuTicks, ...this.ioOf(one.pid) }
      const before = this.#before.get(name)
      now.set(name, counters)
      if (before === undefined) continue // from its next look on it has a rate
      used.cpuTicks += Math.max(0, counters.cpuTicks - before.cpuTicks)
      used.readBytes += Math.max(0, counters.readBytes - before.readBytes)
      used.writtenBytes += Math.max(0, counters.writtenBytes - before.writtenBytes)
    }
    const rate = (amount: number) => (seconds > 0 ? amount / seconds : 0)
    return {
      cpu: rate(used.cpuTicks / ticksASecond),
      memoryBytes: tree.reduce((sum, one) => sum + one.residentBytes, 0),
      readBytes: rate(used.readBytes),
      writtenBytes: rate(used.writtenBytes),
      processes: tree.length,
      threads: tree.reduce((sum, one) => sum + one.threads, 0),
    }
  }
}

function byParent(all: readonly ProcessSample[]): {
  pid: Map<number, ProcessSample>
  below: Map<number, ProcessSample[]>
} {
  const pid = new Map<number, ProcessSample>()
  const below = new Map<number, ProcessSample[]>()
  for (const one of all) {
    pid.set(one.pid, one)
    const siblings = below.get(one.parent)
    if (siblings) siblings.push(one)
    else below.set(one.parent, [one])
  }
  return { pid, below }
}

function treeOf(root: number, children: ReturnType<typeof byParent>): ProcessSample[] {
  const top = children.pid.get(root)
  const found = top ? [top] : []
  for (let at = 0; at < found.length; at++) found.push(...(children.below.get(found[at]?.pid ?? -1) ?? []))
  return found
}

const added = (a: Usage, b: Usage): Usage => ({
  cpu: a.cpu + b.cpu,
  memoryBytes: a.memoryBytes + b.memoryBytes,
  readBytes: a.readBytes + b.readBytes,
  writtenBytes: a.writtenBytes + b.writtenBytes,
  ...(a.networkBytes === undefined && b.networkBytes === undefined
    ? {}
    : { networkBytes: (a.networkBytes ?? 0) + (b.networkBytes ?? 0) }),
  processes: a.processes + b.processes,
  threads: a.threads + b.threads,
})

/** What a process and all below it used since they started; undefined where nothing can be measured. */
export function usedSoFar(root: number) {
  const tree = process.platform === 'linux' && root > 0 ? processTree(root) : []
  if (tree.length === 0) return undefined
  const disk = tree.map(({ pid }) => diskUse(pid))
  return {
    cpuSeconds: tree.reduce((sum, one) => sum + one.cpuTicks, 0) / ticksASecond,
    memoryBytes: tree.reduce((sum, one) => sum + one.residentBytes, 0),
    readBytes: disk.reduce((sum, one) => sum + one.readBytes, 0),
    writtenBytes: disk.reduce((sum, one) => sum + one.writtenBytes, 0),
    processes: tree.length,
  }
}

/** From `/proc/PID/io`, which may be closed to us: then nothing is known. */
function diskUse(pid: number): { readBytes: number; writtenBytes: number } {
  try {
    const text = readFileSync(`/proc/${pid}/io`, 'latin1')
    const value = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
    return { readBytes: value('read_bytes'), writtenBytes: value('write_bytes') }
  } catch {
    return { readBytes: 0, writtenBytes: 0 }
  }
}
