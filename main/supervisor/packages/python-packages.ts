import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { serverFailed } from '../../../shared/errors.ts'
import { passwordProblem } from './index-address.ts'
import { hostAndPort, runInstaller } from './install-run.ts'
import type { PythonOptions } from './package-command.ts'
import type { FetchedPackage, InstalledPackage, InstallRequest, PackageLaunch, PackagesOptions } from './packages.ts'
import { archiveHosts, findPython, type Python, pipProblem } from './python.ts'
import { lockedFrom, lockedPackage, normal, requirements, writeLock } from './python-lock.ts'
import { putInPlace, stagingFolder } from './staging.ts'

/** Packages of a Python index (`uvx …`): installed with pip into an environment of their own, run with its Python. */
export class PythonPackages {
  readonly #options: PackagesOptions

  constructor(options: PackagesOptions) {
    this.#options = options
  }

  /** @throws server.failed with the reason in words; sandbox.unavailable */
  async install(request: InstallRequest, options: PythonOptions): Promise<InstalledPackage> {
    const { folder, installed } = await this.fetch(request, options)
    try {
      await putInPlace(folder, join(this.#options.folder, request.server))
      return installed
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** The newest version its index has; nothing of it is installed or run. @throws as `install` */
  async latest(server: ServerName, spec: string, options: PythonOptions): Promise<string> {
    const wanted = parsePythonSpec(anyVersion(spec))
    if (!wanted) throw serverFailed(server, `“${spec}” is not a package of a Python index`)
    const python = await this.#found(server, options)
    const staging = await stagingFolder(this.#options.folder, server)
    try {
      const report = join(staging, 'report.json')
      await this.#environment({ server, spec }, python, staging)
      const look = ['--dry-run', '--no-deps', '--report', report, '--', wanted.requirement]
      await this.#pip({ server, spec }, python, staging, look)
      const found = this.#locked(server, report).find(({ name }) => name === wanted.name)
      if (!found) throw serverFailed(server, `“${spec}” was not found in its index`)
      return found.version
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  }

  /** Fetches it beside what is installed; nothing of it runs. @throws as `install` */
  async fetch(request: InstallRequest, options: PythonOptions): Promise<FetchedPackage> {
    const { server, spec, progress = () => {}, signal } = request
    const wanted = parsePythonSpec(spec)
    const more = options.with.map(parsePythonSpec)
    if (!wanted || more.some((one) => !one)) throw serverFailed(server, `“${spec}” is not a package of a Python index`)
    const python = await this.#found(server, options)
    const staging = await stagingFolder(this.#options.folder, server)
    try {
      progress(`Fetching ${spec} from ${python.index.host}`)
      await this.#environment(request, python, staging)
      const targets = [wanted, ...more].map((one) => one?.requirement ?? '')
      const report = join(staging, 'report.json')
      await this.#pip(request, python, staging, ['--report', report, '--', ...targets])
      progress('Checking what was fetched')
      const locked = this.#locked(server, report)
      writeFileSync(join(staging, 'requirements.txt'), requirements(locked))
      writeLock(staging, locked)
      const found = lockedPackage(staging, wanted.name)
      if (!found) throw serverFailed(server, `“${spec}” was not installed`)
      const entry = this.#entry(server, staging, wanted.name, request.bin)
      signal?.throwIfAborted()
      const { version, sha256 } = found
      const installed = { name: wanted.name, version, integrity: `sha256-${sha256}`, entry, scripts: [] }
      return { folder: staging, installed }
    } catch (error) {
      await rm(staging, { recursive: true, force: true })
      throw error
    }
  }

  /** @throws server.failed when it isn't installed, or is another version than the one agreed to */
  async launch(
    server: ServerName,
    installed: Pick<InstalledPackage, 'version' | 'entry' | 'integrity'>,
    args: readonly string[],
  ): Promise<PackageLaunch> {
    const folder = join(this.#options.folder, server)
    const name = nameIn(installed.entry)
    const found = lockedPackage(folder, name)
    if (!found) throw serverFailed(server, 'its package is not installed; install it again')
    if (found.version !== installed.version || `sha256-${found.sha256}` !== installed.integrity) {
      throw serverFailed(server, `its package is now ${name} ${found.version}, not the version you agreed to`)
    }
    return {
      executable: join(folder, 'venv', 'bin', 'python'),
      args: [join(folder, installed.entry), ...args],
      readable: [folder],
    }
  }

  async #found(server: ServerName, options: PythonOptions): Promise<Python> {
    const python = await findPython(options.version, options.index, this.#options.env ?? process.env)
    if (!python) throw serverFailed(server, noPython(options))
    const problem = passwordProblem(python.index)
    if (problem !== undefined) throw serverFailed(server, problem)
    return python
  }

  /** An environment without pip of its own where the computer's pip can install into it. */
  async #environment(request: InstallRequest, python: Python, staging: string): Promise<void> {
    const bare = python.hasPip ? ['--without-pip'] : []
    const args = ['-I', '-m', 'venv', ...bare, join(staging, 'venv')]
    const { code } = await this.#run(request, python, staging, args)
    if (code !== 0) throw serverFailed(request.server, noVenv)
  }

  /** Ready-made packages only: building one would run its code. */
  async #pip(request: InstallRequest, python: Python, staging: string, words: readonly string[]): Promise<void> {
    const inside = join(staging, 'venv', 'bin', 'python')
    const pip = python.hasPip ? ['-I', '-m', 'pip', '--python', inside] : ['-I', '-m', 'pip']
    const flags = [
      'install',
      '--isolated',
      '--no-input',
      '--no-cache-dir',
      '--only-binary',
      ':all:',
      '--progress-bar',
      'off',
    ]
    const where = ['--index-url', python.index.href, ...(python.cert ? ['--cert', python.cert] : [])]
    const args = [...pip, ...flags, ...where, ...words]
    const { code, output, refused } = await this.#run(
      request,
      python,
      staging,
      args,
      python.hasPip ? undefined : inside,
    )
    if (code !== 0) throw serverFailed(request.server, pipProblem(request.spec, python.index, output, refused))
  }

  #run(
    request: InstallRequest,
    python: Python,
    staging: string,
    args: readonly string[],
    executable = python.executable,
  ) {
    const { sandbox, warden } = this.#options
    return runInstaller({
      sandbox,
      warden,
      server: request.server,
      spec: request.spec,
      executable,
      args,
      hosts: [hostAndPort(python.index), ...archiveHosts(python.index)],
      env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_CONFIG_FILE: '/dev/null' },
      readable: python.cert ? [python.cert] : [],
      writable: [staging],
      ...(request.signal ? { signal: request.signal } : {}),
    })
  }

  #locked(server: ServerName, report: string) {
    try {
      return lockedFrom(readFileSync(report, 'utf8'))
    } catch (problem) {
      throw serverFailed(server, (problem as Error).message, problem)
    }
  }

  #entry(server: ServerName, staging: string, name: string, bin: string | undefined): string {
    const programs = programsOf(staging, name)
    const names = Object.keys(programs)
    const chosen = bin ?? (names.length === 1 ? names[0] : names.find((one) => normal(one) === name))
    const place = chosen === undefined ? undefined : programs[chosen]
    if (names.length === 0) throw serverFailed(server, `the package “${name}” has no program to run`)
    if (!chosen || !place) {
      throw serverFailed(server, `the package “${name}” has the programs ${names.join(', ')}; name one with --from`)
    }
    const entry = join('run', `${name}.py`)
    mkdirSync(join(staging, 'run'))
    writeFileSync(join(staging, entry), starter(chosen, place))
    return entry
  }
}

export const isPythonEntry = (entry: string): boolean => /^run[\\/][a-z0-9-]+\.py$/.test(entry)

const nameIn = (entry: string) => /^run[\\/]([a-z0-9-]+)\.py$/.exec(entry)?.[1] ?? ''

const noVenv =
  'Python could not make an environment for it. On Debian and Ubuntu: sudo apt install python3-venv python3-pip'

const noPython = ({ version, index }: PythonOptions): string =>
  index !== undefined && !/^https?:/.test(index)
    ? `“${index}” is no address of a Python index`
    : `Python ${version ?? '3'} was not found on this computer; Gatehouse does not fetch interpreters. Install it, then try again`

/** Without the version it names. */
export const anyVersion = (spec: string): string => spec.replace(/\s*(?:@|[<>=!~]).*$/, '')

/** `name`, `name[extra]`, each with an optional `@version` as `uvx` writes it, or a `==`, `>=` … of Python's own. */
export function parsePythonSpec(spec: string): { readonly name: string; readonly requirement: string } | undefined {
  const match =
    /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(\[[A-Za-z0-9,._-]+\])?(?:@([A-Za-z0-9.+!]+)|((?:[<>=!~]=?|===)[A-Za-z0-9.+!*<>=~, ]+))?$/.exec(
      spec,
    )
  if (!match?.[1]) return undefined
  const [, name, extras = '', at, range = ''] = match
  const version = at === undefined || at === 'latest' ? range : `==${at}`
  return { name: normal(name), requirement: `${name}${extras}${version}` }
}

/** Programs an installed package declares: name → where its function is. @see Entry points specification, packaging.python.org */
function programsOf(staging: string, name: string): Record<string, readonly [string, string]> {
  const modules = modulesOf(staging)
  const about = readdirSync(modules).find(
    (folder) => folder.endsWith('.dist-info') && normal(folder.split('-')[0] ?? '') === name,
  )
  const text = about ? readIfThere(join(modules, about, 'entry_points.txt')) : ''
  const section = /^\[console_scripts\]\s*$([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(text)?.[1] ?? ''
  const lines = section.split('\n').map((line) => /^\s*([\w.-]+)\s*=\s*([\w.]+)\s*:\s*([\w.]+)/.exec(line))
  return Object.fromEntries(lines.flatMap((found) => (found ? [[found[1], [found[2], found[3]]]] : [])))
}

function modulesOf(staging: string): string {
  const lib = join(staging, 'venv', 'lib')
  return join(lib, readdirSync(lib).find((folder) => folder.startsWith('python')) ?? '', 'site-packages')
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** A console script names its folder, and so does not survive a move; this one does not. */
const starter = (program: string, [module, attribute]: readonly [string, string]): string => `import sys
from functools import reduce
from importlib import import_module

sys.path.pop(0)
sys.argv[0] = ${JSON.stringify(program)}
sys.exit(reduce(getattr, ${JSON.stringify(attribute)}.split("."), import_module(${JSON.stringify(module)}))())
`
