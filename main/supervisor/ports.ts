import type { EntryKind } from '../../shared/domain/catalog.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

/** Everything a server offers, as it said it. */
export interface Listing {
  readonly entries: readonly { readonly kind: EntryKind; readonly definition: JsonObject }[]
}

/** The catalog, as far as the supervisor feeds and shows it. */
export interface CatalogFeed {
  /** @param accept the person accepts what is offered, unseen changes included only on the first listing */
  offer(server: ServerName, listing: Listing, accept: boolean): void
  forget(server: ServerName): void
  counts(server: ServerName): { readonly tools: number; readonly quarantined: number }
  summary(server: ServerName): readonly {
    readonly kind: EntryKind
    readonly name: string
    readonly title: string
    readonly description: string
    readonly quarantine?: 'new' | 'changed'
  }[]
}

/** Installed packages (`packages/`). */
export interface Packages {
  install(
    spec: string,
    name: ServerName,
    options: { readonly progress: (sentence: string) => void; readonly signal: AbortSignal },
  ): Promise<{ readonly version: string; readonly entry: string; readonly integrity: string }>
  entry(
    name: ServerName,
  ): { readonly executable: string; readonly args: readonly string[]; readonly readable: readonly string[] } | undefined
}

/** Leases a server's secrets for a start no call asked for: the first listing. @throws keys.unavailable */
export type LeaseSecrets = (server: ServerConfig) => Promise<Readonly<Record<string, string>>>
