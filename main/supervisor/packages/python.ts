import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Python as it is on this computer, and where the person's pip takes packages from. */
export interface Python {
  /** The real interpreter, absolute: no shim of a version manager. */
  readonly executable: string
  readonly hasPip: boolean
  readonly index: URL
  /** A file with further certificate authorities, when the person's pip uses one. */
  readonly cert?: string
}

const publicIndex = 'https://pypi.org/simple/'

/** @param version e.g. `3.12`; @returns undefined when there is no such interpreter on PATH */
export async function findPython(
  version: string | undefined,
  index: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Python | undefined> {
  if (version !== undefined && !/^3(\.\d+)?$/.test(version)) return undefined
  const plain = { PATH: env.PATH ?? '', HOME: env.HOME ?? '' }
  const executable = await said(`python${version ?? '3'}`, ['-c', 'import sys; print(sys.executable)'], plain)
  if (!executable) return undefined
  const pip = (await said(executable, ['-m', 'pip', '--version'], plain)) !== undefined
  const setting = (name: string) => said(executable, ['-m', 'pip', 'config', 'get', name], plain)
  const cert = env.PIP_CERT ?? (pip ? await setting('global.cert') : undefined)
  const named =
    index ?? env.UV_DEFAULT_INDEX ?? env.PIP_INDEX_URL ?? (pip ? await setting('global.index-url') : undefined)
  const url = URL.parse(named ?? publicIndex)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  return { executable, hasPip: pip, index: url, ...(cert ? { cert } : {}) }
}

/** The public index keeps the archives on a host of their own. */
export const archiveHosts = (index: URL): string[] =>
  index.hostname === 'pypi.org' ? ['files.pythonhosted.org:443'] : []

async function said(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, [...args], { env, cwd: '/', timeout: 15_000 })
    return stdout.trim() || undefined
  } catch {
    return undefined
  }
}

/** pip's own output as one sentence for the person. */
export function pipProblem(spec: string, index: URL, output: string, refused: string): string {
  if (refused !== '')
    return `the index ${index.host} sends to another host, ${refused}, which is not reached while installing`
  if (/ConnectionError|NewConnectionError|ProxyError|Max retries|ConnectTimeout|Temporary failure/.test(output))
    return `the index ${index.host} could not be reached`
  if (/No matching distribution found|from versions: none/.test(output)) {
    return /from versions: none/.test(output)
      ? `the index ${index.host} has no ready-made package “${spec}” for this Python; Gatehouse builds none, because that would run its code`
      : `the package “${spec}” has no such version for this Python`
  }
  if (/DO NOT MATCH THE HASHES|THESE PACKAGES DO NOT MATCH/.test(output))
    return `what the index ${index.host} sent for “${spec}” is not what it said it would send`
  if (/No space left/.test(output)) return 'there is no space left on the disk'
  const line = output.split('\n').find((text) => text.startsWith('ERROR: ')) ?? 'pip gave no reason'
  return `installing “${spec}” failed: ${line.replace('ERROR: ', '').slice(0, 200)}`
}
