import { execFile } from 'node:child_process'
import { accessSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** npm as it is on this computer, and what it needs to reach the registry. */
export interface Npm {
  /** Absolute path of `npm-cli.js`. */
  readonly script: string
  readonly registry: URL
  /** A file with further certificate authorities, when the person's npm uses one. */
  readonly cafile?: string
}

/** Looks on PATH, then beside the Node that runs. @returns undefined when there is no npm */
export async function findNpm(
  node: string,
  scope: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Npm | undefined> {
  const script = await npmScript(node, env.PATH ?? '')
  if (!script) return undefined
  const scoped = scope ? await setting(node, script, `${scope}:registry`, env) : undefined
  const registry = scoped ?? (await setting(node, script, 'registry', env)) ?? 'https://registry.npmjs.org/'
  const cafile = await setting(node, script, 'cafile', env)
  return { script, registry: new URL(registry), ...(cafile ? { cafile } : {}) }
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

/** One of the person's npm settings; tokens are never asked for. */
async function setting(
  node: string,
  script: string,
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { HOME, PATH } = env
  const plain = Object.fromEntries(Object.entries({ HOME, PATH }).filter(([, value]) => value !== undefined))
  const { stdout } = await run(node, [script, 'config', 'get', name], { env: plain, cwd: dirname(script) })
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
