import type { AllowedPath } from './folder-rights.ts'
import type { EpochMs, ServerName, Sha256, WorkspaceName } from './ids.ts'
import type { RemoteOrigin } from './remote.ts'
import type { RunningSettings } from './running.ts'

/** 0 none, 1 basic, 2 standard, 3 strict, 4 paranoid (DESIGN section 6). */
export type SandboxLevel = 0 | 1 | 2 | 3 | 4

/** The command a package was named with. */
export type PackageRunner = 'npx' | 'pnpm dlx' | 'yarn dlx' | 'bunx' | 'uvx'

export interface InstalledVersion {
  readonly version: string
  readonly entry: string
  readonly integrity: string
}

/** How a server came in, and thereby how it is run. */
export type ServerOrigin =
  | { readonly kind: 'bundled'; readonly bundle: string }
  | {
      readonly kind: 'command'
      readonly command: string
      readonly args: readonly string[]
      /** Of a command that came in an MCP bundle: where it was unpacked, and what it says it is. */
      readonly bundle?: {
        readonly folder: string
        readonly name: string
        readonly version: string
        readonly sha256: string
      }
    }
  /** A package command (npx …) resolved and installed once under `packages/NAME`. */
  | {
      readonly kind: 'package'
      readonly runner: PackageRunner
      readonly spec: string
      /** Its program, where that was named apart. */
      readonly bin?: string
      /** What else steers the installation: `--python 3.12`, `--index-url …`. */
      readonly options?: readonly string[]
      readonly args: readonly string[]
      readonly installed?: InstalledVersion
      /** What is put back unless the version that is taking its place is registered: an update is under way. */
      readonly before?: { readonly spec: string; readonly installed: InstalledVersion }
    }
  /** On another computer: nothing runs here, so nothing confines it; `sandbox` is 0. */
  | RemoteOrigin

/** What the person configured and agreed to. Changes only through the person (DESIGN section 2, "Two attackers"). */
export interface ServerConfig {
  readonly name: ServerName
  readonly workspace: WorkspaceName
  readonly origin: ServerOrigin
  readonly sandbox: SandboxLevel
  readonly allowedPaths: readonly AllowedPath[]
  /** `host` or `host:port`; no wildcards but a leading `*.`. */
  readonly allowedHosts: readonly string[]
  /** Hosts it is refused without asking the person again. */
  readonly neverHosts?: readonly string[]
  /** Plain environment values, by name. Secrets are only named, never here. */
  readonly env: Readonly<Record<string, string>>
  /** Environment names whose values are in the keychain under (server, name). */
  readonly secretNames: readonly string[]
  /** The person trusted this server: its tools need no question, its hints may lower a risk. */
  readonly trusted: boolean
  /** The person lets it know what a session is about, if its manifest asks for that. */
  readonly context?: boolean
  /** One process for all sessions. Otherwise one process a session (2025-era servers). */
  readonly shared: boolean
  /** How it is run; none of it gives it a right. */
  readonly running?: RunningSettings
  /** Hash of the manifest it is registered with, and the checksum of its code; absent until it is registered. */
  readonly cell?: Sha256
  readonly code?: Sha256
  /** Checksum of the code whose grave findings the person accepted before it could be registered; for no other code. */
  readonly acceptedCode?: Sha256
  readonly enabled: boolean
  readonly addedAt: EpochMs
  /** Why it is off, when something other than the person turned it off. */
  readonly disabledReason?: string
}

/**
 * A face of an engine of Gatehouse's own. Each session has its own process of it, so that what one was told never gets into
 * another's answer.
 */
export const isFace = ({ origin }: Pick<ServerConfig, 'origin'>): boolean =>
  origin.kind === 'bundled' && origin.bundle === 'memory'

export type ServerState = 'disabled' | 'idle' | 'installing' | 'starting' | 'running' | 'backing-off' | 'failed'
