import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  type Balance,
  balances,
  type Prewarm,
  prewarmTimes,
  type QuotaKind,
  quotaKinds,
} from '../../../shared/domain/running.ts'
import { WrongUsage } from '../failures.ts'
import { many, text } from '../option-values.ts'

/** How a server is run, as `servers add` and `servers set` take it. */
export interface RunningOptions {
  readonly prewarm?: Prewarm
  readonly idleStop?: number
  readonly healthEvery?: number
  readonly instances?: { readonly min: number; readonly max: number }
  readonly callsEach?: number
  readonly balance?: Balance
  readonly weights?: readonly number[]
  readonly affinity?: boolean
  readonly lifetime?: number
  readonly coalesce?: boolean
  readonly retry?: boolean
  readonly fallback?: readonly string[]
  readonly callsPerMinute?: number
  readonly operationsPerSecond?: number
  readonly adaptive?: boolean
  readonly quota?: QuotaKind
  readonly memoryMb?: number
  readonly processes?: number
  readonly cores?: number
  readonly diskMb?: number
  readonly default?: readonly Setting[]
}

/** The options, and what the contract calls each. */
const settings = {
  prewarm: 'prewarm',
  'idle-stop': 'idleSeconds',
  'health-every': 'healthSeconds',
  instances: 'instances',
  'calls-each': 'callsEach',
  balance: 'balance',
  weights: 'weights',
  affinity: 'affinity',
  lifetime: 'lifetimeSeconds',
  coalesce: 'coalesce',
  retry: 'retry',
  fallback: 'fallback',
  'calls-per-minute': 'callsPerMinute',
  'operations-per-second': 'operationsPerSecond',
  adaptive: 'adaptive',
  quota: 'quota',
  'memory-mb': 'memoryMb',
  processes: 'processes',
  cores: 'cores',
  'disk-mb': 'diskMb',
} as const
type Setting = keyof typeof settings

export function withRunningOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--prewarm <when>', 'start it before a call needs it (default never)').choices([...prewarmTimes]),
    )
    .option('--idle-stop <seconds>', 'stop a process without work after so long (default 300; of a pool 30)', seconds)
    .option('--health-every <seconds>', 'time between health checks while it runs; 0: none (default 10)', seconds)
    .option('--instances <min-max>', 'several processes for everyone, e.g. 0-10; only with --shared; 1: no pool', range)
    .option('--calls-each <number>', 'calls one process of the pool gets at a time (default 4)', seconds)
    .addOption(
      new Option('--balance <strategy>', 'how calls are spread over the pool (default least-connections)').choices([
        ...balances,
      ]),
    )
    .option('--weights <n,n,…>', 'shares of the pool’s processes, for --balance weighted', weights)
    .option('--affinity', 'a session stays with its process (default)')
    .option('--no-affinity', 'a session’s calls go to any process of the pool')
    .option('--lifetime <seconds>', 'replace a process of the pool after so long (default 3600)', seconds)
    .option('--coalesce', 'identical calls at the same time reach it once; only read-only tools, only if trusted')
    .option('--no-coalesce', 'every call reaches it')
    .option('--retry', 'calls that only read are tried up to 3 times when it ends under them')
    .option('--no-retry', 'every call is tried once')
    .option(
      '--fallback <server>',
      'who answers when it is down, for tools of the same name and schema (repeatable; none: nobody)',
      many(text),
    )
    .option('--calls-per-minute <number>', 'calls it gets in a minute', seconds)
    .option('--operations-per-second <number>', 'files it works on in a second; only filesystem (default 100)', seconds)
    .option('--adaptive', 'its calls per minute follow how well it answers, from half to twice')
    .option('--no-adaptive', 'its calls per minute stay as they are')
    .addOption(
      new Option('--quota <kind>', 'what it may use of the computer: throttled, then ended when over').choices([
        ...quotaKinds,
      ]),
    )
    .option('--memory-mb <number>', 'end it when all its processes together use more memory (default 2048)', seconds)
    .option('--processes <number>', 'end it when it runs more (default 128)', seconds)
    .option(
      '--cores <number>',
      'end it when it keeps more busy for a minute (default three quarters, at most 4)',
      cores,
    )
    .option('--disk-mb <number>', 'end it when its own home and temp folder hold more (default 2048)', seconds)
    .option('--default <setting>', 'put one of these back to its default, e.g. idle-stop (repeatable)', many(setting))
}

/** What was given, as the contract has it (`null`: its default); undefined when nothing was. @throws WrongUsage */
export function runningOf(options: RunningOptions) {
  const { idleStop, healthEvery, lifetime, fallback, weights: given, ...same } = options
  const { prewarm, instances, callsEach, balance, affinity, coalesce, retry, callsPerMinute, adaptive, quota } = same
  const { memoryMb, processes, cores: most, diskMb, operationsPerSecond } = same
  const all = {
    prewarm,
    idleSeconds: idleStop,
    healthSeconds: healthEvery,
    instances,
    callsEach,
    balance,
    weights: given && [...given],
    affinity,
    lifetimeSeconds: lifetime,
    coalesce,
    retry,
    fallback: fallback?.filter((name) => name !== 'none'),
    callsPerMinute,
    operationsPerSecond,
    adaptive,
    quota,
    memoryMb,
    processes,
    cores: most,
    diskMb,
  }
  const present = Object.entries(all).filter(([, value]) => value !== undefined)
  const reset = (options.default ?? []).map((name) => settings[name])
  const both = reset.find((member) => all[member] !== undefined)
  if (both !== undefined) throw new WrongUsage(`Give ${both} a value, or put it back to its default; not both.`)
  const change = [...present, ...reset.map((member) => [member, null] as const)]
  return change.length === 0 ? undefined : (Object.fromEntries(change) as Given<typeof all>)
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> | null }

function setting(value: string): Setting {
  if (!Object.hasOwn(settings, value))
    throw new InvalidArgumentError(`Name one of ${Object.keys(settings).join(', ')}.`)
  return value as Setting
}

function seconds(value: string): number {
  if (!/^\d{1,7}$/.test(value)) throw new InvalidArgumentError('Write a whole number.')
  return Number(value)
}

function cores(value: string): number {
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(value)) throw new InvalidArgumentError('Write a number, e.g. 1.5.')
  return Number(value)
}

function range(value: string): { min: number; max: number } {
  const found = /^(?:(\d{1,2})-)?(\d{1,2})$/.exec(value)
  if (!found) throw new InvalidArgumentError('Write the least and the most, e.g. 0-10.')
  return { min: Number(found[1] ?? 0), max: Number(found[2]) }
}

const weights = (value: string): number[] => value.split(',').map(seconds)
