import { homedir } from 'node:os'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { sandboxUnavailable, serverFailed } from '../../shared/errors.ts'
import { Bubblewrap, type Confined } from './bubblewrap.ts'
import type { Decoys, DecoyTouch } from './decoys/decoys.ts'
import { plainEnvironment, refusedNames } from './environment.ts'
import { findProgram, type Program } from './interpreter.ts'
import { defaultLimits, type KeptBy, limitsFor, limitsInWords, type ProcessLimits, TreeGuard } from './limits.ts'
import { mayTouchInWords } from './may-touch.ts'
import { pathProblem } from './mounts.ts'
import { isInside, type Places, realPath } from './places.ts'
import { mostCopiedBytes, TooLargeToCopy } from './private-copy.ts'
import { nodePermissionFlag, probeBubblewrap, systemProgram } from './probe.ts'
import { SandboxRuntime } from './runtime.ts'
import type { Confinement, ConfinementRequest, RefusedHost, Sandbox, SandboxStatus } from './sandbox.ts'
import { findScope, type Scope } from './scope.ts'

export interface SandboxOptions {
  readonly dataFolder: string
  /** Parent of servers' private folders; `paths.serverTemp`. */
  readonly serverTemp: string
  /** Further files no server may reach, e.g. the kernel socket outside the data folder. */
  readonly neverReachable?: readonly string[]
  /** The person's home folder; default: the system's answer. */
  readonly home?: string
  /** The person's environment, for PATH, locale and time zone; default `process.env`. */
  readonly env?: NodeJS.ProcessEnv
  readonly limits?: ProcessLimits
  /** Put into every private home. */
  readonly decoys?: Decoys
  readonly onDecoyTouched?: (touch: DecoyTouch) => void
  readonly platform?: NodeJS.Platform
  /** Told about every process the sandbox itself needs beside the servers, to be ended with the app: `warden.watch`. */
  readonly onHelper?: (pid: number) => void
  /** Carried by every process and handed on to what it starts: by it what escapes its group is found again. */
  readonly mark?: { readonly name: string; readonly next: () => string }
}

/** The sandbox of this computer: bubblewrap on Linux; nothing is started confined where there is none. */
export class SystemSandbox implements Sandbox {
  readonly #runtime: SandboxRuntime
  readonly #options: SandboxOptions
  readonly #env: NodeJS.ProcessEnv
  readonly #limits: ProcessLimits
  readonly #platform: NodeJS.Platform
  readonly #permissionFlags = new Map<string, Promise<string | undefined>>()
  readonly #guard = new TreeGuard()
  #status: Promise<SandboxStatus> | undefined
  #scope: Promise<Scope | undefined> | undefined

  constructor(options: SandboxOptions) {
    this.#options = options
    this.#runtime = new SandboxRuntime(options.onHelper)
    this.#env = options.env ?? process.env
    this.#limits = options.limits ?? defaultLimits
    this.#platform = options.platform ?? process.platform
  }

  status(): Promise<SandboxStatus> {
    this.#status ??= this.#platform === 'linux' ? probeBubblewrap() : Promise.resolve(noSandboxHere(this.#platform))
    return this.#status
  }

  mayTouch(server: ServerConfig, readable: readonly string[]): readonly string[] {
    return mayTouchInWords(server, readable)
  }

  async confine(request: ConfinementRequest): Promise<Confinement> {
    const { server } = request
    const places = this.#places()
    const program = findProgram(request.executable, request.args, { home: places.home, path: this.#env.PATH ?? '' })
    if (!program) throw serverFailed(server.name, `there is no program “${request.executable}” to run`)
    const confined =
      server.sandbox === 0 ? this.#unconfined(request, program, places) : await this.#confined(request, program, places)
    const status = await this.status()
    const describe = server.sandbox === 0 ? 'not confined' : `${status.kind}, level ${server.sandbox}`
    const scope = server.sandbox === 0 ? undefined : await this.#scopes()
    const marked = { ...confined, env: { ...confined.env, ...this.#mark() } }
    const limited = scope
      ? { ...marked, ...scope.wrap(marked.argv, marked.env, limitsFor(server, this.#limits)) }
      : marked
    return this.#confinement(request, limited, describe)
  }

  async limitsInWords(server: ServerConfig): Promise<string> {
    const scoped = server.sandbox > 0 && (await this.#scopes()) !== undefined
    const by: KeptBy = this.#platform !== 'linux' ? 'nobody' : scoped ? 'cgroup' : 'looking'
    return limitsInWords(limitsFor(server, this.#limits), by)
  }

  async stop(): Promise<void> {
    await this.#runtime.stop()
  }

  async #confined(request: ConfinementRequest, program: Program, places: Places): Promise<Confined> {
    const { server } = request
    const status = await this.status()
    const bwrap = systemProgram('bwrap')
    if (!status.available || !bwrap) throw sandboxUnavailable(server.name, status.problem ?? '', status.remedy ?? '')
    const readable = [...new Set(request.readable.map(realPath))]
    const problem = pathProblem(server, places) ?? tooBroad(readable, places) ?? nameProblem(server)
    if (problem) throw serverFailed(server.name, problem)
    const strict = server.sandbox >= 3 ? await this.#withoutChildProcesses(program) : program
    const writable = (request.writable ?? []).map(realPath)
    const { secrets, instance } = request
    const sandbox = new Bubblewrap(this.#runtime, places, bwrap, this.#env)
    try {
      const limits = limitsFor(server, this.#limits)
      return await sandbox.confine({ server, program: strict, readable, writable, secrets, instance, limits })
    } catch (cause) {
      if (cause instanceof TooLargeToCopy) throw serverFailed(server.name, tooLarge, cause)
      throw serverFailed(server.name, 'its sandbox could not be prepared', cause)
    }
  }

  #unconfined({ server, secrets }: ConfinementRequest, program: Program, places: Places): Confined {
    return {
      argv: [program.executable, ...program.args],
      env: plainEnvironment(server, secrets, this.#env),
      cwd: places.home,
      folders: [],
      onRefused: () => () => {},
      allowHosts: () => true,
      release: async () => {},
    }
  }

  /** Node's own permission model: files are the sandbox's business, processes and native add-ons are refused. */
  async #withoutChildProcesses(program: Program): Promise<Program> {
    if (program.kind !== 'node') return program
    const known = this.#permissionFlags.get(program.executable) ?? nodePermissionFlag(program.executable)
    this.#permissionFlags.set(program.executable, known)
    const flag = await known
    if (!flag) return program
    const allowed = ['--allow-fs-read=*', '--allow-fs-write=*']
    return { ...program, args: [flag, ...allowed, ...program.args] }
  }

  #confinement(request: ConfinementRequest, confined: Confined, describe: string): Confinement {
    const refused = new Map<string, RefusedHost>()
    const listeners = new Set<(one: RefusedHost) => void>()
    const stopListening = confined.onRefused((one) => {
      const key = `${one.host}:${one.port ?? ''}`
      if (refused.has(key)) return
      refused.set(key, one)
      for (const listener of listeners) listener(one)
    })
    let stopGuard = () => {}
    let stopDecoys = () => {}
    const touches: DecoyTouch[] = []
    const decoyHome =
      request.server.sandbox > 0 ? this.#options.decoys?.in(confined.cwd, request.server.name) : undefined
    decoyHome?.plant()
    let released: Promise<void> | undefined
    const end = async () => {
      stopGuard()
      stopDecoys()
      stopListening()
      await confined.release().catch(() => {})
      if (request.server.sandbox === 4) this.#options.decoys?.forget(confined.cwd)
    }
    return {
      argv: confined.argv,
      env: confined.env,
      cwd: confined.cwd,
      describe,
      mayTouch: mayTouchInWords(request.server, request.readable),
      guard: (pid, exceeded) => {
        if (decoyHome)
          stopDecoys = decoyHome.watch(({ kind, how }) => {
            const touch = this.#options.decoys?.touch(request.server.name, kind, how)
            if (touch) touches.push(touch)
            if (touch) this.#options.onDecoyTouched?.(touch)
          })
        stopGuard = this.#guard.guard(pid, limitsFor(request.server, this.#limits), confined.folders, exceeded)
      },
      deniedHosts: () => [...refused.values()],
      onDeniedHost: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      allowHosts: confined.allowHosts,
      touchedDecoys: () => touches,
      ...(confined.wiped ? { wiped: confined.wiped } : {}),
      release: () => {
        released ??= end()
        return released
      },
    }
  }

  #scopes(): Promise<Scope | undefined> {
    this.#scope ??= this.#platform === 'linux' ? findScope(this.#env) : Promise.resolve(undefined)
    return this.#scope
  }

  #mark(): Record<string, string> {
    const { mark } = this.#options
    return mark ? { [mark.name]: mark.next() } : {}
  }

  /** As the file system knows them now: links in the way to the data folder are followed. */
  #places(): Places {
    const { dataFolder, serverTemp, neverReachable = [], home = homedir() } = this.#options
    return {
      home: realPath(home),
      dataFolder: realPath(dataFolder),
      serverTemp: realPath(serverTemp),
      neverReachable: neverReachable.map(realPath),
    }
  }
}

const tooLarge = `its allowed folders hold more than the ${mostCopiedBytes / 1024 ** 2} MB that level 4 copies for every call. Allow a smaller folder, or choose level 3`

const noSandboxHere = (platform: NodeJS.Platform): SandboxStatus => ({
  available: false,
  kind: 'none',
  problem: platform === 'win32' ? 'Windows offers no sandbox per server' : `there is no sandbox for ${platform} yet`,
  remedy: 'Choose level 0 (not confined) for a server you trust completely.',
})

/** A folder to be laid open that would open Gatehouse's own data or the whole home with it. */
function tooBroad(readable: readonly string[], places: Places): string | undefined {
  const found = readable.find((path) => isInside(places.dataFolder, path) || isInside(places.home, path))
  return found && `${found} is too broad a folder for a program`
}

function nameProblem(server: ServerConfig): string | undefined {
  const names = refusedNames(server)
  return names.length > 0
    ? `the environment names ${names.join(', ')} would change how the sandbox itself starts`
    : undefined
}
