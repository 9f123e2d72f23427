import type { EpochMs } from '../../../shared/domain/ids.ts'

export interface RunningProcess {
  readonly pid: number
  readonly parent: number
  readonly name: string
  readonly executable: string
  readonly startedAt?: EpochMs
}

/** A TCP connection within this computer, as seen from the door that took it. */
export interface LocalConnection {
  readonly doorPort: number
  /** IPv4. Two callers may have the same port at two addresses of this computer. */
  readonly callerAddress: string
  readonly callerPort: number
}

/** What an operating system tells of its processes. Every question may go unanswered; none throws. */
export interface Processes {
  /** The process, its parent, and so on, as far as they can be looked into; none for one that cannot. */
  lineOf(pid: number): Promise<readonly RunningProcess[]>
  /** Whether that process holds a local socket; where the platform does not tell, whether it can be looked into at all. */
  holdsLocalSocket(pid: number): Promise<boolean>
  /** The process at the caller's end. */
  callerOf(connection: LocalConnection): Promise<number | undefined>
}

const mostAncestors = 16

/** A process and its ancestors out of a list of all. A parent that began after its child only has a pid used again. */
export function lineIn(all: ReadonlyMap<number, RunningProcess>, pid: number): readonly RunningProcess[] {
  const line: RunningProcess[] = []
  for (let next = all.get(pid); next && line.length <= mostAncestors; ) {
    line.push(next)
    const parent = all.get(next.parent)
    const isOlder = (parent?.startedAt ?? 0) <= (next.startedAt ?? Number.POSITIVE_INFINITY)
    next = parent && parent.pid !== next.pid && isOlder ? parent : undefined
  }
  return line
}
