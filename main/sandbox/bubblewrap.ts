import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { isLocalName } from './addresses.ts'
import { confinedEnvironment } from './environment.ts'
import type { Program } from './interpreter.ts'
import { mountsFor } from './mounts.ts'
import { type Places, realPath } from './places.ts'
import { PublicEgress } from './public-egress.ts'
import type { SandboxRuntime, Wrapped } from './runtime.ts'
import type { RefusedHost } from './sandbox.ts'
import { shellWord } from './shell-words.ts'

export interface Confined {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly onRefused: (listener: (refused: RefusedHost) => void) => () => void
  readonly release: () => Promise<void>
}

export interface BubblewrapRequest {
  readonly server: ServerConfig
  readonly program: Program
  readonly readable: readonly string[]
  readonly writable: readonly string[]
  readonly secrets: Readonly<Record<string, string>>
  readonly instance: string
}

/** Confines a process with bubblewrap: Linux, levels 1 to 3. */
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
    const id = this.#runtime.newId()
    const network = await this.#network(server, id)
    try {
      const line = `exec ${[program.executable, ...program.args].map(shellWord).join(' ')}`
      const wrapped = await this.#runtime.wrap(server.sandbox >= 3 ? 'true' : line, id, server.name)
      const inner = server.sandbox >= 3 ? [...wrapped.filter, program.executable, ...program.args] : wrapped.command
      return {
        argv: [...this.#outer(request, wrapped, own, network.socket), '--', ...inner],
        env: {
          ...confinedEnvironment(server, request.secrets, { ...own, executable: program.executable, user: this.#user }),
          ...network.env(wrapped.env),
        },
        cwd: own.home,
        onRefused: network.onRefused,
        release: async () => {
          await network.release()
          rmSync(own.root, { recursive: true, force: true })
        },
      }
    } catch (problem) {
      await network.release()
      throw problem
    }
  }

  #outer(request: BubblewrapRequest, wrapped: Wrapped, own: Own, socket: string | undefined): string[] {
    const { mounts, seal } = mountsFor({
      server: request.server,
      places: this.#places,
      readable: [...request.readable, ...request.program.readable, runtimeVendor(wrapped)],
      writable: request.writable,
      ownHome: own.home,
      ownTemp: own.temp,
    })
    const proxy = socket ?? (request.server.sandbox === 2 ? wrapped.proxySocket : undefined)
    const link = proxy ? ['--bind', proxy, wrapped.proxySocket] : []
    const more = ['--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', 'gatehouse']
    const kernel = ['--dev', '/dev', '--proc', '/proc', ...kernelSettings(), ...seal, '--chdir', own.home]
    return [this.#bwrap, ...wrapped.options, ...more, ...mounts, ...link, ...kernel]
  }

  /** A home that stays, a temp folder that goes; both 0700 and of this server only. */
  #ownFolders({ server, instance }: BubblewrapRequest): Own {
    const base = join(this.#places.serverTemp, server.workspace, server.name)
    const root = join(base, `run-${instance.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 40)}`)
    const own = { root, home: join(base, 'home'), temp: join(root, 'tmp') }
    for (const folder of [own.home, own.temp]) mkdirSync(folder, { recursive: true, mode: 0o700 })
    return { root: realPath(own.root), home: realPath(own.home), temp: realPath(own.temp) }
  }

  async #network(server: ServerConfig, id: string): Promise<Network> {
    if (server.sandbox >= 3) return noNetwork
    if (server.sandbox === 1) return anyPublicHost()
    await this.#runtime.start()
    this.#runtime.allow(id, namedHosts(server))
    return {
      socket: undefined,
      env: (proxy) => proxy,
      onRefused: (listener) => this.#runtime.onRefused(id, listener),
      release: async () => this.#runtime.forget(id),
    }
  }
}

interface Own {
  readonly root: string
  readonly home: string
  readonly temp: string
}

interface Network {
  readonly socket: string | undefined
  readonly env: (proxy: Readonly<Record<string, string>>) => Readonly<Record<string, string>>
  readonly onRefused: (listener: (refused: RefusedHost) => void) => () => void
  readonly release: () => Promise<void>
}

const noNetwork: Network = {
  socket: undefined,
  env: () => ({}),
  onRefused: () => () => {},
  release: async () => {},
}

/** Level 1 goes out by a proxy of its own that knows the server by its socket and refuses what is not public. */
async function anyPublicHost(): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-'))
  const socket = join(folder, 'out.sock')
  const listeners = new Set<(refused: RefusedHost) => void>()
  const egress = new PublicEgress((refused) => {
    for (const listener of listeners) listener(refused)
  })
  await egress.listen(socket)
  return {
    socket,
    env: withoutLibraryProxy,
    onRefused: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    release: async () => {
      await egress.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The same variables, without the user name and password of a proxy this server never meets. */
function withoutLibraryProxy(env: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => /^(https?_proxy|all_proxy|grpc_proxy|no_proxy)$/i.test(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, value.replace(/\/\/[^@/]*@/, '//')]))
}

/** The hosts the person named, without those that stand for this computer or the local network. */
export const namedHosts = (server: ServerConfig): string[] =>
  server.allowedHosts.filter((host) => !isLocalName(host.replace(/^\*\./, '').replace(/:\d+$/, '')))

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
