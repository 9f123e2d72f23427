import { spawn } from 'node:child_process'
import type { EpochMs, ServerName, WorkspaceName } from '../../../shared/domain/ids.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { serverFailed } from '../../../shared/errors.ts'
import type { Confinement, Sandbox } from '../../sandbox/sandbox.ts'

/** Ends process groups that outlive the app. */
export interface InstallWarden {
  watch(pid: number): void
  unwatch(pid: number): void
}

export interface InstallRun {
  readonly sandbox: Sandbox
  readonly warden: InstallWarden | undefined
  readonly server: ServerName
  /** As the person named it, for sentences. */
  readonly spec: string
  readonly executable: string
  readonly args: readonly string[]
  /** Where packages come from: the only hosts that are reached. */
  readonly hosts: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly readable: readonly string[]
  readonly writable: readonly string[]
  readonly signal?: AbortSignal
}

/** The installer's private home is not the server's: what a server writes in its own can't steer the next installation. */
const installWorkspace = 'install' as WorkspaceName
const longestInstallMs = 5 * 60_000

/**
 * Runs an installer in the install sandbox: standard level, the registry as its only host, no secrets.
 *
 * @returns its exit code and the end of what it printed, up to 64 KB; of an installer that was refused a host, which
 * @throws server.failed when it takes too long; the signal's reason
 */
export async function runInstaller(run: InstallRun): Promise<{ code: number | null; output: string; refused: string }> {
  const confinement = await run.sandbox.confine({
    server: installerOf(run),
    executable: run.executable,
    args: run.args,
    readable: run.readable,
    writable: run.writable,
    secrets: {},
    instance: 'install',
  })
  try {
    const limit = AbortSignal.timeout(longestInstallMs)
    const signal = run.signal ? AbortSignal.any([run.signal, limit]) : limit
    const ended = await finished(confinement, run.warden, signal)
    run.signal?.throwIfAborted()
    if (limit.aborted)
      throw serverFailed(run.server, `installing “${run.spec}” took more than ${longestInstallMs / 60_000} minutes`)
    return { ...ended, refused: confinement.deniedHosts()[0]?.host ?? '' }
  } finally {
    await confinement.release()
  }
}

/** `host:port` of an address, for the list of allowed hosts. */
export const hostAndPort = (url: URL): string =>
  `${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`

function installerOf({ server, hosts, env = {} }: InstallRun): ServerConfig {
  return {
    name: server,
    workspace: installWorkspace,
    origin: { kind: 'command', command: 'install', args: [] },
    sandbox: 2,
    allowedPaths: [],
    allowedHosts: hosts,
    env,
    secretNames: [],
    trusted: false,
    shared: false,
    enabled: true,
    addedAt: 0 as EpochMs,
  }
}

/** Runs to the end, or kills the whole group when `signal` fires. Output is kept up to 64 KB, its end rather than its start. */
async function finished(
  confinement: Confinement,
  warden: InstallWarden | undefined,
  signal: AbortSignal,
): Promise<{ code: number | null; output: string }> {
  signal.throwIfAborted()
  const [executable = '', ...args] = confinement.argv
  const child = spawn(executable, args, {
    env: confinement.env,
    cwd: confinement.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const { pid } = child
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-65_536)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const end = () => pid && process.kill(-pid, 'SIGKILL')
  if (pid) {
    warden?.watch(pid)
    confinement.guard(pid, (sentence) => keep(Buffer.from(`\nnpm error ${sentence}`)))
  }
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new Promise((done, failed) => {
      child.once('error', failed)
      child.once('close', (code) => done({ code, output }))
    })
  } finally {
    signal.removeEventListener('abort', end)
    if (pid) warden?.unwatch(pid)
  }
}
