import { createHash } from 'node:crypto'
import type { CatalogEntry, EntryKind } from '../../shared/domain/catalog.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { ownServer } from './own-entries.ts'

/** A list of its own with a notification of its own; templates are told of with resources. */
export const listedKinds = ['tool', 'resource', 'prompt'] as const satisfies readonly EntryKind[]
export type ListedKind = (typeof listedKinds)[number]

export const listedAs = (kind: EntryKind): ListedKind | undefined => {
  if (kind === 'resource-template') return 'resource'
  return listedKinds.find((listed) => listed === kind)
}

/** Which lists are others than before, for somebody at least: what is held back or belongs to a server that is off is in none. */
export class ShownKinds {
  #prints: ReadonlyMap<ListedKind, string> = new Map()

  constructor(private readonly configOf: (name: ServerName) => ServerConfig | undefined) {}

  /** @returns those that changed since this was asked last */
  changed(entries: readonly CatalogEntry[]): ListedKind[] {
    const before = this.#prints
    this.#prints = new Map(listedKinds.map((kind) => [kind, this.#print(kind, entries)]))
    return listedKinds.filter((kind) => before.get(kind) !== this.#prints.get(kind))
  }

  #print(kind: ListedKind, entries: readonly CatalogEntry[]): string {
    const hash = createHash('sha256')
    for (const entry of entries) {
      if (listedAs(entry.kind) !== kind || entry.quarantine !== undefined || entry.server === ownServer.name) continue
      const config = this.configOf(entry.server)
      if (config?.enabled) hash.update(JSON.stringify([entry.name, entry.pin, config.workspace, config.trusted]))
    }
    return hash.digest('base64')
  }
}
