/**
 * The sandbox: how a server's process is confined (DESIGN section 6). This file is the port; the others are one way each.
 *
 * It turns a server's configuration into a command line that can be spawned directly (never through a shell), with the
 * environment, the working folder and the sentences a person reads. It refuses to start anything itself, and it refuses
 * to hand out an unconfined command for a server that is to be confined.
 */
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { DecoyTouch } from './decoys/decoys.ts'

export interface SandboxStatus {
  /** Whether servers at level ≥ 1 can run on this computer. */
  readonly available: boolean
  /** e.g. "bubblewrap 0.11.0"; "none" when there is none. */
  readonly kind: string
  /** One sentence: why there is no sandbox. */
  readonly problem?: string
  /** One sentence: what to do about it. */
  readonly remedy?: string
}

export interface ConfinementRequest {
  readonly server: ServerConfig
  /** Absolute path, or a name looked up on the user's PATH. */
  readonly executable: string
  readonly args: readonly string[]
  /** Further absolute folders or files it may read: its package folder, its bundle. Added to those found by following the executable. */
  readonly readable: readonly string[]
  /** Absolute folders it may write besides those the person allowed; only for installing packages. */
  readonly writable?: readonly string[]
  /** Environment values that are secret; they travel only in the environment of the process. */
  readonly secrets: Readonly<Record<string, string>>
  /** Tells apart processes of one server (a session id, "shared"). Its temp folder belongs to (server, instance). */
  readonly instance: string
}

export interface RefusedHost {
  readonly host: string
  readonly port?: number
  /** Of a host the person allowed: the port is Gatehouse's own, or the name lies elsewhere than it may. */
  readonly why?: 'own port' | 'moved'
}

/** What a process left that may leave nothing (level 4). */
export interface Wiped {
  /** Nothing of it runs and nothing of it is on disk any more. */
  readonly complete: boolean
  /** Files of its private copies that it changed, added or removed. */
  readonly changedFiles: number
}

/** Everything needed to `spawn(argv[0], argv.slice(1), { env, cwd, detached: true })`. */
export interface Confinement {
  readonly argv: readonly string[]
  /** The whole environment; nothing else may be added. Contains secrets: never log it. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** One line for the window, e.g. "bubblewrap, level 2". */
  readonly describe: string
  /** What it may touch, in sentences. */
  readonly mayTouch: readonly string[]
  /**
   * Starts keeping the limits of the process tree under `pid`; call it once, right after spawn.
   * @param exceeded called once, after the tree was killed, with one sentence saying which limit
   */
  guard(pid: number, exceeded: (sentence: string) => void): void
  /** Hosts the server tried to reach and was refused, oldest first, each once. */
  deniedHosts(): readonly RefusedHost[]
  /** Calls back for every newly refused host. @returns stop listening */
  onDeniedHost(listener: (refused: RefusedHost) => void): () => void
  /**
   * The hosts it may reach from now on, all of them.
   * @returns false when only a new process can be given them
   */
  allowHosts(hosts: readonly string[]): boolean
  /** Decoys it touched, as far as was seen: within a second, and all once it is released. */
  touchedDecoys(): readonly DecoyTouch[]
  /** Level 4, after `release`: what was thrown away with it. */
  wiped?(): Wiped | undefined
  /** After the process ended: network rules, limits and temp folder go. Never throws; a second call does nothing. */
  release(): Promise<void>
}

export interface Sandbox {
  /** Cheap after the first time; the first time it really starts an empty sandbox to see. */
  status(): Promise<SandboxStatus>
  /** What a person is told before agreeing; starts nothing, creates nothing. */
  mayTouch(server: ServerConfig, readable: readonly string[]): readonly string[]
  /** Its limits and who keeps them, e.g. "memory 2048 MB, 128 processes …; measured every second, ended when exceeded". */
  limitsInWords(server: ServerConfig): Promise<string>
  /**
   * @throws sandbox.unavailable when the server asks for level ≥ 1 and this computer offers none
   * @throws server.failed when the executable does not exist
   */
  confine(request: ConfinementRequest): Promise<Confinement>
  stop(): Promise<void>
}
