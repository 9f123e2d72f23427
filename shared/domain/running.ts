import type { ServerName } from './ids.ts'

/** How calls are spread over the processes of one server. */
export const balances = [
  'round-robin',
  'weighted',
  'least-connections',
  'least-response-time',
  'resource-based',
  'consistent-hashing',
] as const
export type Balance = (typeof balances)[number]

export const quotaKinds = ['none', 'filesystem', 'database', 'web'] as const
export type QuotaKind = (typeof quotaKinds)[number]

export const prewarmTimes = ['never', 'app-start', 'session-start'] as const
export type Prewarm = (typeof prewarmTimes)[number]

/** How a server is run. Every member left out has a default that costs nothing; none gives the server a right. */
export interface RunningSettings {
  /** When a process is started before a call needs it. Left out: never. */
  readonly prewarm?: Prewarm
  /** A process without work for so long is stopped. */
  readonly idleSeconds?: number
  /** Between two health checks of a running process; 0: none. Left out: 10. */
  readonly healthSeconds?: number
  /** More than one process for everyone; only for servers that are shared. `max` 1: no pool. */
  readonly instances?: { readonly min: number; readonly max: number }
  /** Calls one process of the pool gets at a time. Left out: 4. */
  readonly callsEach?: number
  /** Left out: least-connections. */
  readonly balance?: Balance
  /** For `weighted`: of the first process, the second …; 1 where there is none. */
  readonly weights?: readonly number[]
  /** A session stays with its process while that is well. Left out: it does. */
  readonly affinity?: boolean
  /** A process of the pool older than this is replaced once it has no work. Left out: 3600. */
  readonly lifetimeSeconds?: number
  /** Identical concurrent calls of read-only tools reach the server once; only of a server the person trusted. */
  readonly coalesce?: boolean
  /** Calls that may be repeated are tried again when the server ended under them. */
  readonly retry?: boolean
  /** Who is asked when this server is down: in order, same tool name and schema only. */
  readonly fallback?: readonly ServerName[]
  /** Calls in a minute. Left out: no limit of its own. */
  readonly callsPerMinute?: number
  /** Files and folders the bundled filesystem server works on in a second. Left out: 100. */
  readonly operationsPerSecond?: number
  /** The calls in a minute follow how well it answers, between half and twice. */
  readonly adaptive?: boolean
  /** What it may use of the computer, by what kind of server it is. Left out: what the sandbox limits. */
  readonly quota?: QuotaKind
  /** What ends it when exceeded: memory of all its processes. Left out: 2048. */
  readonly memoryMb?: number
  /** Left out: 128. */
  readonly processes?: number
  /** Processor cores kept busy for a minute. Left out: three quarters of all, at most 4. */
  readonly cores?: number
  /** Of its own home and temp folder. Left out: 2048. */
  readonly diskMb?: number
}
