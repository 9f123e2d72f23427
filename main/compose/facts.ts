import type { CallFacts, Client, Session } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { type EntryName, newId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Filters } from '../filters/filters.ts'

export type FactsOf = (client: Client, session: Session, tool: EntryName, args: JsonObject) => CallFacts

/** What the kernel's own stages would find out about a call, without making it: for explanations. @throws as they do */
export function factsOf(catalog: () => Catalog, filters: () => Filters): FactsOf {
  return (client, session, tool, args) => {
    const { server, entry } = catalog().resolve({ method: 'tools/call', target: tool, client, session })
    const found = filters().call({ server, entry, arguments: args })
    return {
      callId: newId('call'),
      client,
      session,
      server,
      entry,
      method: 'tools/call',
      arguments: found.arguments,
      canonical: canonicalJson(found.arguments),
      paths: found.paths,
      urls: found.urls,
      commands: found.commands,
      ...(found.labels.length > 0 ? { labels: found.labels } : {}),
    }
  }
}
