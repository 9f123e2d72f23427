import { askedIn } from '../../shared/domain/askable.ts'
import type { CallFacts, Client, Session } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { type EntryName, newId, type ServerName, type Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Filters } from '../filters/filters.ts'
import { questionOf } from '../kernel/server-asks.ts'

export type FactsOf = (client: Client, session: Session, tool: EntryName, args: JsonObject) => CallFacts

/** What the kernel's own stages would find out about a call, without making it: for explanations. @throws as they do */
export function factsOf(
  catalog: () => Catalog,
  filters: () => Filters,
  serverOf: (name: ServerName) => ServerConfig | undefined,
): FactsOf {
  return (client, session, tool, args) => {
    const asked = askedIn(tool)
    const asking = asked && serverOf(asked.server as ServerName)
    if (asked && asking) return askFacts({ client, session, server: asking }, tool, asked.ownName)
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

/** What a server asks of a client while some call runs. */
function askFacts(who: Pick<CallFacts, 'client' | 'session' | 'server'>, name: EntryName, ownName: string): CallFacts {
  const { server } = who
  const entry = { kind: 'tool', name, server: server.name, ownName, title: ownName, definition: {} } as const
  const call: CallFacts = {
    ...who,
    callId: newId('call'),
    entry: { ...entry, pin: '' as Sha256 },
    method: 'tools/call',
    arguments: {},
    canonical: '{}',
    paths: [],
    urls: [],
    commands: [],
  }
  return questionOf(call, name, ownName)
}
