import type { CatalogEntry, EntryKind } from '../../shared/domain/catalog.ts'
import type { EntryName, ServerName, WorkspaceName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { PythonOptions } from './packages/package-command.ts'

/** Everything a server offers, as it said it. */
export interface Listing {
  readonly entries: readonly { readonly kind: EntryKind; readonly definition: JsonObject }[]
}

/** The catalog, as far as the supervisor feeds and shows it. */
export interface CatalogFeed {
  /**
   * What a server offers now.
   * @param accept the person accepts all of it
   * @param complete false when it is what one session's process offers, which may be less than everything
   */
  offer(server: ServerName, listing: Listing, accept: boolean, complete: boolean): void
  /** The entry is still what the person accepted. @throws catalog.quarantined, catalog.unknown */
  confirm(entry: CatalogEntry): void
  forget(server: ServerName): void
  counts(server: ServerName): { readonly tools: number; readonly quarantined: number; readonly warningCount: number }
  summary(server: ServerName): readonly {
    readonly kind: EntryKind
    readonly name: EntryName
    readonly title: string
    readonly description: string
    readonly quarantine?: 'new' | 'changed'
  }[]
}

/** Installed packages, as `packages/packages.ts` provides them. */
export interface InstalledPackages {
  install(request: {
    readonly server: ServerName
    readonly spec: string
    readonly bin?: string
    /** For `uvx` only. */
    readonly python?: PythonOptions
    readonly progress?: (sentence: string) => void
    readonly signal?: AbortSignal
  }): Promise<Installed>
  /** @throws server.failed when it isn't installed, or is another version than the one agreed to */
  launch(server: ServerName, installed: Installed, args: readonly string[]): Promise<Launch>
  folderOf(server: ServerName): string
  remove(server: ServerName): Promise<void>
}

export interface Installed {
  readonly version: string
  readonly entry: string
  readonly integrity: string
}

/** What the sandbox is asked to run. */
export interface Launch {
  readonly executable: string
  readonly args: readonly string[]
  readonly readable: readonly string[]
}

/** Something of Gatehouse's own that a bundled server is only the face of. */
export interface Engine {
  /**
   * What the call’s client is to be asked before it is done, such as its model; nothing is done by this.
   * @returns parameters of `sampling/createMessage`; undefined when it is done without
   */
  prepare?(call: Equipped): JsonObject | undefined
  /**
   * Does a call as it was judged; who makes it, in which workspace and with which arguments is the call's and not the face's.
   * @param given what the face found out for it, such as what the client's model answered; nothing but that is its own
   * @returns JSON
   */
  run(call: Equipped, given: unknown): Promise<unknown>
  /** Tells that something changed. @returns stop telling */
  watch(workspace: WorkspaceName, tell: (change: unknown) => void): () => void
}
/** Nothing where its manifest does not ask, or nothing was said. Never throws. */
export type ContextOf = (call: Equipped) => Promise<JsonObject | undefined>
export type EngineOf = (server: ServerConfig) => Engine | undefined

/** Leases a server's secrets for a start no call asked for: the first listing. @throws keys.unavailable */
export type LeaseSecrets = (server: ServerConfig) => Promise<Readonly<Record<string, string>>>
