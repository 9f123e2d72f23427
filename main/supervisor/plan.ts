import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { z } from 'zod'
import type { serverPlan } from '../../shared/contract/servers.ts'
import type { PackageRunner, ServerConfig } from '../../shared/domain/server.ts'
import { commandLine } from './launch.ts'

type ServerPlan = z.output<typeof serverPlan>

const shells = new Set([
  'sh',
  'bash',
  'zsh',
  'dash',
  'fish',
  'ksh',
  'cmd',
  'cmd.exe',
  'powershell',
  'powershell.exe',
  'pwsh',
])
const containers = new Set(['docker', 'podman', 'nerdctl'])
const browsers = /^(google-chrome|chrome|chromium|firefox|msedge|brave)/
const interpreters = new Set(['node', 'python', 'python3', 'bun', 'deno', 'ruby', 'perl'])
const inlineCode = new Set(['-c', '-e', '--eval', '-p', '/c', '-Command'])

/** What a person agrees to before a server first runs. Starts nothing. */
export function planOf(
  server: ServerConfig,
  mayTouch: readonly string[],
  sandboxProblem: string | undefined,
  path: string = process.env.PATH ?? '',
): ServerPlan {
  return {
    command: commandLine(server),
    resolvedExecutable: resolvedExecutable(server, path),
    environmentNames: [...Object.keys(server.env), ...server.secretNames].sort(),
    sandbox: server.sandbox,
    mayTouch: [...mayTouch],
    warnings: [...warningsFor(server, path), ...(sandboxProblem && server.sandbox > 0 ? [sandboxProblem] : [])],
  }
}

const fetchesByWord = (name: string, [word = '']: readonly string[]) =>
  ['npm exec', 'npm x', 'pnpm dlx', 'yarn dlx', 'bun x', 'uv tool', 'uv run'].includes(`${name} ${word}`)

/** The file that would run; '' when there is none. */
function resolvedExecutable(server: ServerConfig, path: string): string {
  const { origin } = server
  if (origin.kind === 'bundled') return `Gatehouse’s own ${origin.bundle} server`
  if (origin.kind === 'package') return installedHow(origin.runner, origin.spec)
  return origin.kind === 'remote' ? origin.url : (findExecutable(origin.command, path) ?? '')
}

/** Which program installs and runs it, whatever runner was named: said before the person agrees. */
function installedHow(runner: PackageRunner, spec: string): string {
  if (runner === 'npx') return `${spec}, installed by Gatehouse and run from its own folder`
  if (runner === 'uvx')
    return `${spec}, installed by Gatehouse with this computer’s Python and pip (ready-made packages only) and run from its own folder`
  return `${spec}, installed by Gatehouse with npm, from the same registry, and run with Node from its own folder`
}

/** @returns the file that runs under this name, or undefined */
export function findExecutable(command: string, path: string): string | undefined {
  const candidates = isAbsolute(command) ? [command] : path.split(delimiter).map((folder) => join(folder, command))
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function warningsFor(server: ServerConfig, path: string): string[] {
  const { origin } = server
  const warnings: string[] = []
  if (server.sandbox === 0) warnings.push('It runs without a sandbox: it can do everything you can.')
  if (server.trusted) warnings.push('You trust it: its tools are used without asking you.')
  if (server.context) warnings.push('It is told what each session is about: goals, task and tags.')
  if (server.allowedPaths.some((allowed) => allowed.path === '/')) warnings.push('It may use the whole disk.')
  if (origin.kind !== 'command') return warnings
  const name = origin.command.split(/[\\/]/).at(-1) ?? ''
  if (findExecutable(origin.command, path) === undefined)
    warnings.push(`The program “${origin.command}” was not found.`)
  if (shells.has(name)) warnings.push('It is a shell: it runs whatever text follows. Read it closely.')
  else if (interpreters.has(name) && origin.args.some((arg) => inlineCode.has(arg)))
    warnings.push('It runs program text given on the command line. Read it closely.')
  if (containers.has(name))
    warnings.push(
      'Containers are started by a service outside the sandbox, so Gatehouse cannot confine what runs in them.',
    )
  if (browsers.test(name))
    warnings.push('Browsers bring a sandbox of their own and usually do not start inside another one.')
  if (name === 'sudo' || name === 'doas')
    warnings.push('It asks for administrator rights, which no sandboxed server gets.')
  if (['npx', 'pnpx', 'uvx', 'bunx', 'pipx'].includes(name) || fetchesByWord(name, origin.args))
    warnings.push('It fetches a program from the internet each time it starts; the sandbox may refuse that.')
  return warnings
}
