import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isOver } from '../../shared/domain/folder-rights.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { confinedEnvironment } from './environment.ts'
import { hostsFile, setUpCapabilities, untilForwarded, withForwards } from './forward-inside.ts'
import type { Program } from './interpreter.ts'
import type { ProcessLimits } from './limits.ts'
import { mountsFor } from './mounts.ts'
import { type Network, networkFor } from './network.ts'
import { homeSecrets, isInside, type Places, realPath } from './places.ts'
import { copyPrivately, type PrivateCopy } from './private-copy.ts'
import { systemProgram } from './probe.ts'
import type { SandboxRuntime, Wrapped } from './runtime.ts'
import type { RefusedHost, Wiped } from './sandbox.ts'
import { tasks } from './scope.ts'
import { shellWord } from './shell-words.ts'
import { wipe } from './wipe.ts'
import { wiped } from './zero-persistence.ts'

export interface Confined {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly onRefused: (listener: (refused: RefusedHost) => void) => () => void
  /** @returns false where a running process can't be given more */
  readonly allowHosts: (hosts: readonly string[]) => boolean
  /** Its own ones, which count for its disk. */
  readonly folders: readonly string[]
  /** Level 4, after `release`. */
  readonly wiped?: () => Wiped | undefined
  readonly release: () => Promise<void>
}

export interface BubblewrapRequest {
  readonly server: ServerConfig
  readonly program: Program
  readonly readable: readonly string[]
  readonly writable: readonly string[]
  readonly secrets: Readonly<Record<string, string>>
  readonly instance: string
  readonly limits: ProcessLimits
}

/** Confines a process with bubblewrap: Linux, levels 1 to 4. */
export class Bubblewrap {
  readonly #runtime: SandboxRuntime
  readonly #places: Places
  readonly #bwrap: string
  readonly #user: NodeJS.ProcessEnv

  constructor(runtime: SandboxRuntime, places: Places, bwrap: string, user: NodeJS.ProcessEnv) {
    this.#runtime = runtime
    this.#places = places
    this.#bwrap = bwrap
    this.#user = user
  }

  async confine(request: BubblewrapRequest): Promise<Confined> {
    const { server, program } = request
    const own = this.#ownFolders(request)
    try {
      return await this.#confine(
        request,
        own,
        program,
        server.sandbox === 4 ? await this.#copied(server, own) : undefined,
      )
    } catch (problem) {
      await wipe(own.root)
      throw problem
    }
  }

  async #confine(
    request: BubblewrapRequest,
    own: Own,
    program: Program,
    copy: PrivateCopy | undefined,
  ): Promise<Confined> {
    const { server } = request
    const id = this.#runtime.newId()
    const network = await networkFor(server, id, this.#runtime)
    try {
      const line = `${untilForwarded(network.forwards)}exec ${[program.executable, ...program.args].map(shellWord).join(' ')}`
      const wrapped = await this.#runtime.wrap(server.sandbox >= 3 ? 'true' : line, id, server.name)
      const inner = server.sandbox >= 3 ? [...wrapped.filter, program.executable, ...program.args] : wrapped.command
      return {
        argv: [
          ...this.#outer(request, wrapped, own, network, copy),
          '--',
          ...bounded(request.limits),
          ...withForwards(network.forwards, inner),
        ],
        env: {
          ...confinedEnvironment(server, request.secrets, { ...own, executable: program.executable, user: this.#user }),
          ...network.env(wrapped.env),
        },
        cwd: own.home,
        onRefused: network.onRefused,
        allowHosts: network.allowHosts,
        folders: isInside(own.home, own.root) ? [own.root] : [own.root, own.home],
        ...ending(own, network, copy),
      }
    } catch (problem) {
      await network.release()
      throw problem
    }
  }

  #outer(
    request: BubblewrapRequest,
    wrapped: Wrapped,
    own: Own,
    { socket, forwards }: Network,
    copy: PrivateCopy | undefined,
  ): string[] {
    const { mounts, seal } = mountsFor({
      server: request.server,
      places: this.#places,
      readable: [...request.readable, ...request.program.readable, runtimeVendor(wrapped)],
      writable: request.writable,
      ownHome: own.home,
      ownTemp: own.temp,
      ...(copy ? { copies: copy.at } : {}),
    })
    const proxy = socket ?? (request.server.sandbox === 2 ? wrapped.proxySocket : undefined)
    const link = proxy ? ['--bind', proxy, wrapped.proxySocket] : []
    const passedOn = forwards.flatMap(({ socket: outside, at }) => ['--bind', outside, at])
    const names = forwards.length > 0 ? ['--ro-bind', ownHosts(own, hostsFile(forwards)), '/etc/hosts'] : []
    const more = ['--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', 'gatehouse']
    const kernel = ['--dev', '/dev', '--proc', '/proc', ...kernelSettings(), ...seal, '--chdir', own.home]
    const able = setUpCapabilities(forwards)
    return [this.#bwrap, ...wrapped.options, ...able, ...more, ...mounts, ...link, ...passedOn, ...names, ...kernel]
  }

  /** Neither keys nor anything of Gatehouse's own is copied, as neither is laid open. */
  #copied({ allowedPaths }: ServerConfig, own: Own): Promise<PrivateCopy> {
    const { home, dataFolder, serverTemp, neverReachable } = this.#places
    const allowed = new Set(allowedPaths.map(({ path }) => path))
    const keys = homeSecrets.map((name) => join(home, name)).filter((path) => !allowed.has(path))
    const over = allowedPaths.filter((folder) => isOver(folder))
    const open = allowedPaths.filter((folder) => !over.includes(folder))
    const closed = [...keys, ...over.map(({ path }) => path), dataFolder, serverTemp, ...neverReachable]
    return copyPrivately(open, join(own.root, 'copies'), closed)
  }

  /** A home that stays (but at level 4), a temp folder that goes; both 0700 and of this server only. */
  #ownFolders({ server, instance }: BubblewrapRequest): Own {
    const base = join(this.#places.serverTemp, server.workspace, server.name)
    const root = join(base, `run-${instance.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 40)}`)
    const own = { root, home: join(server.sandbox === 4 ? root : base, 'home'), temp: join(root, 'tmp') }
    for (const folder of [own.home, own.temp]) mkdirSync(folder, { recursive: true, mode: 0o700 })
    return { root: realPath(own.root), home: realPath(own.home), temp: realPath(own.temp) }
  }
}

/**
 * Set inside, where the user namespace counts its own tasks alone: more than these cannot be started, however fast. Not
 * for an administrator in a container, whom the system exempts. No core is dumped: it would hold the secrets.
 */
function bounded(limits: ProcessLimits): string[] {
  const prlimit = systemProgram('prlimit')
  return prlimit ? [prlimit, `--nproc=${tasks(limits)}`, '--core=0', '--'] : []
}

/** How it ends: at level 4 with a look at what it left. */
function ending(own: Own, network: Network, copy: PrivateCopy | undefined): Pick<Confined, 'release' | 'wiped'> {
  let left: Wiped | undefined
  const release = async () => {
    await network.release()
    if (copy) left = await wiped(own.root, copy)
    else await wipe(own.root)
  }
  return copy ? { release, wiped: () => left } : { release }
}

interface Own {
  readonly root: string
  readonly home: string
  readonly temp: string
}

function ownHosts(own: Own, text: string): string {
  const file = join(own.root, 'hosts')
  writeFileSync(file, text, { mode: 0o644 })
  return file
}

/** Of `/proc`, what an administrator could write: bubblewrap leaves it writable for one, as in a container. */
const kernelSettings = (): string[] =>
  ['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus', '/proc/fs', '/proc/acpi', '/proc/scsi']
    .filter((path) => existsSync(path))
    .flatMap((path) => ['--ro-bind', path, path])

/** The folder of the library's system call filter, which the inside must be able to run. */
function runtimeVendor(wrapped: Wrapped): string {
  const filter = wrapped.filter[2] ?? fileURLToPath(import.meta.url)
  return statSync(filter).isFile() ? dirname(filter) : filter
}
