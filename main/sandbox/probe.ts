import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SandboxStatus } from './sandbox.ts'

const run = promisify(execFile)
/** Where the system installs programs; a folder of the user's own PATH could hold a bwrap that confines nothing. */
const systemFolders = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin']

export const systemProgram = (name: string): string | undefined =>
  systemFolders.map((folder) => join(folder, name)).find(isExecutable)

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const install = 'Install it with: sudo apt install bubblewrap socat ripgrep (or your system’s package manager).'

/** Starts an empty sandbox to see whether this computer allows one, and says what to do where it doesn't. */
export async function probeBubblewrap(): Promise<SandboxStatus> {
  const bwrap = systemProgram('bwrap')
  if (!bwrap) return unavailable('bubblewrap is not installed', install)
  const missing = ['socat', 'rg', 'bash'].filter((name) => !systemProgram(name))
  if (missing.length > 0) return unavailable(`${missing.join(' and ')} not installed`, install)
  try {
    const { stdout } = await run(bwrap, ['--version'])
    const namespaces = ['--unshare-user', '--unshare-net', '--unshare-pid', '--unshare-ipc', '--unshare-uts']
    await run(
      bwrap,
      [...namespaces, '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--', '/bin/sh', '-c', ':'],
      {
        timeout: 10_000,
      },
    )
    return { available: true, kind: stdout.trim() }
  } catch (problem) {
    return whyRefused(problem)
  }
}

function whyRefused(problem: unknown): SandboxStatus {
  const said =
    String((problem as { stderr?: unknown }).stderr ?? problem)
      .trim()
      .split('\n')[0] ?? ''
  if (setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1')
    return unavailable(
      'Ubuntu’s AppArmor rule forbids user namespaces',
      'Allow bubblewrap with: sudo apt install apparmor-profiles && sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && sudo systemctl reload apparmor.',
    )
  if (setting('/proc/sys/kernel/unprivileged_userns_clone') === '0')
    return unavailable(
      'user namespaces are switched off',
      'Switch them on with: sudo sysctl kernel.unprivileged_userns_clone=1.',
    )
  if (setting('/proc/sys/user/max_user_namespaces') === '0')
    return unavailable(
      'user namespaces are switched off',
      'Switch them on with: sudo sysctl user.max_user_namespaces=15000.',
    )
  if (existsSync('/.dockerenv'))
    return unavailable(
      'this container may not create namespaces',
      'Start the container with --security-opt seccomp=unconfined --security-opt systempaths=unconfined, or run Gatehouse outside it.',
    )
  return unavailable(`bubblewrap could not start: ${said}`, 'See gatehouse doctor for what bubblewrap needs here.')
}

const unavailable = (problem: string, remedy: string): SandboxStatus => ({
  available: false,
  kind: 'none',
  problem,
  remedy,
})

function setting(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Whether this Node knows the permission model (`--permission`, Node 20 and later under two names). */
export async function nodePermissionFlag(node: string): Promise<string | undefined> {
  for (const flag of ['--permission', '--experimental-permission']) {
    try {
      await run(node, [flag, '--allow-fs-read=*', '-e', ''], { timeout: 10_000, env: {} })
      return flag
    } catch {
      // this Node does not know the flag; the next spelling is tried
    }
  }
  return undefined
}
