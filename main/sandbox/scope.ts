import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ProcessLimits } from './limits.ts'
import { systemProgram } from './probe.ts'

const run = promisify(execFile)

/** The session's own, which systemd-run finds its user manager by; the server must not have them. */
const managerNames = ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'] as const

/** A cgroup of its own for each server, made by the person's systemd where that was given the right to. */
export interface Scope {
  /** The command in a scope: same process, because systemd-run becomes the command. */
  wrap(argv: readonly string[], env: Readonly<Record<string, string>>, limits: ProcessLimits): InScope
}
interface InScope {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/**
 * Tries it with an empty program: a scope with limits, in which that they hold is read back.
 *
 * @param user the person's environment
 * @returns undefined where there is no systemd of the person's, or it may not set limits
 */
export async function findScope(user: NodeJS.ProcessEnv): Promise<Scope | undefined> {
  const systemdRun = systemProgram('systemd-run')
  const manager = Object.fromEntries(managerNames.flatMap((name) => (user[name] ? [[name, user[name]]] : [])))
  if (!systemdRun || Object.keys(manager).length === 0) return undefined
  const readBack = 'at=/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup); cat "$at/memory.max" "$at/pids.max"'
  const limits = { memoryBytes: 64 * 1024 ** 2, processes: 8, cores: 1 }
  try {
    const [file = '', ...args] = [...scopeCommand(systemdRun, limits), '/bin/sh', '-c', readBack]
    const { stdout } = await run(file, args, { timeout: 5_000, env: manager })
    const holds = stdout.trim() === `${limits.memoryBytes}\n${tasks(limits)}`
    return holds ? scope(systemdRun, manager) : undefined
  } catch {
    return undefined
  }
}

const scope = (systemdRun: string, manager: Readonly<Record<string, string>>): Scope => ({
  wrap: (argv, env, limits) => {
    const [program = '', ...rest] = argv
    const forgets = Object.keys(manager).flatMap((name) => ['--unsetenv', name]) // bubblewrap takes them away again
    return { argv: [...scopeCommand(systemdRun, limits), program, ...forgets, ...rest], env: { ...env, ...manager } }
  },
})

/** Threads count too, and a Node process has about a dozen. */
export const tasks = ({ processes }: Pick<ProcessLimits, 'processes'>): number => processes * 8

type Limited = Pick<ProcessLimits, 'memoryBytes' | 'processes' | 'cores'>
export const scopeCommand = (systemdRun: string, limits: Limited): string[] => [
  systemdRun,
  '--user',
  '--scope',
  '--quiet',
  '--collect',
  `--property=MemoryMax=${limits.memoryBytes}`,
  '--property=MemorySwapMax=0',
  `--property=TasksMax=${tasks(limits)}`,
  `--property=CPUQuota=${Math.round(limits.cores * 100)}%`,
  '--',
]
