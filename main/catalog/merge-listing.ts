import type { EntryKind } from '../../shared/domain/catalog.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { ownNameOf, pinOf } from './pin.ts'
import type { PinRecord } from './pin-store.ts'
import { claimedUri, hashedName, stableName } from './stable-names.ts'

export interface Offered {
  readonly kind: EntryKind
  readonly definition: JsonObject
}

export interface OfferOptions {
  /** The person accepts what is offered here. */
  readonly accept: boolean
  /** What of it is held back all the same, until the person accepts exactly that. */
  readonly holds?: (offered: Offered) => boolean
  /** Everything the server has; what is missing is gone. A session's listing may lack what its client can't do. */
  readonly complete: boolean
  readonly now: number
}

/**
 * Joins what a server offers now with what is kept of it. Names once given stay; a definition that names nothing, or
 * the same thing twice, is left out.
 *
 * @param records of all servers: names and URIs are unique among all of them
 * @returns this server's records; those without `accepted` and `offered` are to be dropped
 */
export function mergeListing(
  server: ServerName,
  offered: readonly Offered[],
  records: readonly PinRecord[],
  options: OfferOptions,
): PinRecord[] {
  const kept = new Map(records.filter((record) => record.server === server).map((record) => [keyOf(record), record]))
  const names = new Set(records.map((record) => `${record.kind}\n${record.stableName}`))
  const merged = new Map<string, PinRecord>()
  for (const { kind, definition } of offered) {
    const ownName = ownNameOf(kind, definition)
    const key = `${kind}\n${ownName}`
    if (ownName === undefined || merged.has(key)) continue
    const before = kept.get(key)
    const version = { definition, pin: pinOf(kind, definition) }
    const held = version.pin !== before?.accepted?.pin && options.holds?.({ kind, definition })
    const accepted = options.accept && !held ? version : before?.accepted
    merged.set(key, {
      server,
      kind,
      ownName,
      position: options.complete ? merged.size : (before?.position ?? kept.size + merged.size),
      stableName: before?.stableName ?? freshName(server, kind, ownName, names),
      pinnedAt: before?.pinnedAt ?? options.now,
      offered: version,
      ...(accepted === undefined ? {} : { accepted }),
    })
  }
  for (const [key, record] of kept) if (!merged.has(key)) merged.set(key, missing(record, options))
  return [...merged.values()]
}

const keyOf = (record: PinRecord) => `${record.kind}\n${record.ownName}`

function missing(record: PinRecord, { accept, complete }: OfferOptions): PinRecord {
  if (!complete) return record
  const { offered: _offered, accepted, ...bare } = record
  return accept || accepted === undefined ? bare : { ...bare, accepted }
}

function freshName(server: ServerName, kind: EntryKind, ownName: string, names: Set<string>): string {
  const isUri = kind === 'resource' || kind === 'resource-template'
  const first =
    isUri && !ownName.startsWith('gatehouse-resource:')
      ? ownName
      : isUri
        ? claimedUri(server, ownName)
        : stableName(server, ownName)
  const second = isUri ? claimedUri(server, ownName) : hashedName(server, ownName)
  const name = names.has(`${kind}\n${first}`) ? second : first
  names.add(`${kind}\n${name}`)
  return name
}
