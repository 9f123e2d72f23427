import { execFile } from 'node:child_process'
import { accessSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { serverFailed } from '../../../shared/errors.ts'
import { passwordIn, passwordProblem } from './index-address.ts'

const run = promisify(execFile)

/** npm as it is on this computer, and what it needs to reach the registry. */
export interface Npm {
  /** Absolute path of `npm-cli.js`. */
  readonly script: string
  readonly registry: URL
  /** A file with further certificate authorities, when the person's npm uses one. */
  readonly cafile?: string
}

/**
 * Looks on PATH, then beside the Node that runs.
 * @param scope of the package (`@scope`), which may have a registry of its own
 * @throws server.failed when there is none, or its registry cannot be used
 */
export async function findNpm(
  server: ServerName,
  scope: string | undefined,
  { node, env = process.env }: { readonly node: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Npm> {
  const script = await npmScript(node, env.PATH ?? '')
  if (!script) throw serverFailed(server, 'npm was not found; install Node.js with npm')
  const scoped = scope ? await setting(server, node, script, `${scope}:registry`, env) : undefined
  const registry = scoped ?? (await setting(server, node, script, 'registry', env)) ?? 'https://registry.npmjs.org/'
  const cafile = await setting(server, node, script, 'cafile', env)
  if (registry === protectedValue) throw serverFailed(server, passwordIn('npm’s registry'))
  const address = URL.parse(registry)
  if (address === null) throw serverFailed(server, 'npm’s registry has an address that is none; look at your .npmrc')
  const problem = passwordProblem(address)
  if (problem !== undefined) throw serverFailed(server, problem)
  return { script, registry: address, ...(cafile ? { cafile } : {}) }
}

async function npmScript(node: string, path: string): Promise<string | undefined> {
  const onPath = path.split(delimiter).map((folder) => join(folder, 'npm'))
  const beside = join(dirname(node), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')
  for (const file of [...onPath, beside]) {
    const real = await realpath(file).catch(() => undefined)
    if (real?.endsWith('npm-cli.js') && isReadable(real)) return real
  }
  return undefined
}

const protectedValue = '(protected)'

/** One of the person's npm settings; tokens are never asked for. */
async function setting(
  server: ServerName,
  node: string,
  script: string,
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { HOME, PATH } = env
  const plain = Object.fromEntries(Object.entries({ HOME, PATH }).filter(([, value]) => value !== undefined))
  const { stdout } = await run(node, [script, 'config', 'get', name], { env: plain, cwd: dirname(script) }).catch(
    ({ stderr }: { stderr?: string }) => {
      if (stderr?.includes('is protected')) return { stdout: protectedValue } // as npm says of one with a password
      throw serverFailed(server, `npm could not tell its setting ${name}; look at your .npmrc`)
    },
  )
  const value = stdout.trim()
  return value === '' || value === 'null' || value === 'undefined' ? undefined : value
}

function isReadable(file: string): boolean {
  try {
    accessSync(file)
    return true
  } catch {
    return false
  }
}

/** npm's own error output as one sentence for the person. */
export function npmProblem(spec: string, registry: URL, output: string): string {
  const code = /npm (?:error|ERR!) code (\S+)/.exec(output)?.[1] ?? ''
  const unreachable = [
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ETIMEDOUT',
    'ECONNRESET',
    'ERR_SOCKET_TIMEOUT',
    'E403',
  ]
  if (code === 'E404') return `the registry ${registry.host} knows no package “${spec}”`
  if (code === 'ETARGET') return `the package “${spec}” has no such version`
  if (code === 'ENOSPC') return 'there is no space left on the disk'
  if (unreachable.includes(code)) return `the registry ${registry.host} could not be reached (${code})`
  const line = output
    .split('\n')
    .map((text) => text.replace(/^npm (error|ERR!)\s*/, '').trim())
    .find((text) => text !== '' && !text.startsWith('code '))
  return `installing “${spec}” failed: ${(line ?? 'npm gave no reason').slice(0, 200)}`
}
