import type { CallFacts } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { EntryName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Effect } from '../../shared/domain/verdict.ts'
import { GatehouseError, keyScope } from '../../shared/errors.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Listing } from '../catalog/listings.ts'
import type { Clients } from '../clients/clients.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { Permissions } from '../permissions/permissions.ts'
import { reasonSentence } from '../permissions/sentences.ts'
import type { OwnTools } from '../supervisor/hosts/own-host.ts'
import type { FactsOf } from './facts.ts'
import { keyView } from './key-view.ts'
import type { LatestRefusals } from './latest-refusals.ts'

export interface OwnToolParts {
  readonly catalog: () => Catalog
  readonly permissions: () => Permissions
  readonly clients: () => Clients
  readonly factsOf: FactsOf
  readonly refusals: LatestRefusals
}

const says: Record<Effect, string> = {
  allow: 'may be used without asking the user',
  ask: 'asks the user first',
  deny: 'is not allowed by the user’s rules',
}
const defaultFound = 5
/** With more tools than this each by itself would fill a model's memory: servers are summed up. */
const mostLines = 100

/**
 * Gatehouse's own tools but `await_approval` and `call_tool`, which never get here: the kernel unwraps them. Each speaks
 * only of what the calling client sees, and of no rule by its text.
 */
export function ownTools(parts: OwnToolParts): OwnTools {
  const listingOf = (call: Equipped): Listing =>
    parts.catalog().listing({
      workspace: call.session.workspace,
      client: call.client.name,
      only: keyView(parts.clients(), call.session),
    })
  const effectOf = (call: Equipped, tool: EntryName, args: JsonObject) => {
    const facts: CallFacts = parts.factsOf(call.client, call.session, tool, args)
    const verdict = parts.permissions().evaluate(facts)
    const { server, entry } = facts
    const scopes = parts.clients().beyondKey(call.session, { server: server.name, entry, action: verdict.action })
    if (scopes !== undefined) throw keyScope(tool, scopes)
    return verdict
  }
  return {
    find_tools: async (call) => {
      const { query, server, limit } = call.arguments
      const { search } = listingOf(call)
      const most = typeof limit === 'number' ? limit : defaultFound
      return { text: found(search.find(String(query), most, typeof server === 'string' ? server : undefined)) }
    },
    capabilities: async (call) => {
      const only = call.arguments.server
      const entries = listingOf(call)
        .entries.filter(({ kind, server }) => kind === 'tool' && server !== 'gatehouse')
        .filter(({ server }) => typeof only !== 'string' || server === only)
      const tools = entries.map((entry) => ({ entry, effect: attempt(() => effectOf(call, entry.name, {}).effect) }))
      const text = typeof only !== 'string' && tools.length > mostLines ? summed(tools) : lined(tools)
      return { text: text || 'No tools can be used at the moment.' }
    },
    explain_refusal: async (call) => {
      const { tool, arguments: args } = call.arguments
      if (typeof tool !== 'string') return { text: latest(parts.refusals, call) }
      const verdict = effectOf(call, tool as EntryName, (args ?? {}) as JsonObject)
      const remedy = verdict.effect === 'deny' ? ' Only the user can change that, under Permissions in Gatehouse.' : ''
      const why = verdict.reasons.map((reason) => reasonSentence(reason))
      return { text: [`${tool} ${says[verdict.effect]}.${remedy}`, ...why].join(' ') }
    },
  }
}

/** What a model needs to call it, and no more: every character costs. */
function found(entries: readonly CatalogEntry[]): string {
  if (entries.length === 0) return 'Nothing found. Try other words; gatehouse__capabilities names what there is.'
  return JSON.stringify(
    entries.map(({ name, definition }) => ({
      name,
      ...(definition.description === undefined ? {} : { description: definition.description }),
      inputSchema: definition.inputSchema ?? {},
    })),
  )
}

interface Judged {
  readonly entry: CatalogEntry
  readonly effect: Effect | undefined
}

const lined = (tools: readonly Judged[]) =>
  tools.flatMap(({ entry, effect }) => (effect ? [`${entry.name} (${entry.title}): ${says[effect]}`] : [])).join('\n')

function summed(tools: readonly Judged[]): string {
  const lines = [...Map.groupBy(tools, ({ entry }) => entry.server)].map(([server, of]) => {
    const counts = Map.groupBy(of, ({ effect }) => effect)
    const parts = (['allow', 'ask', 'deny'] as const).flatMap((effect) => {
      const count = counts.get(effect)?.length ?? 0
      return count === 0
        ? []
        : [`${count} ${effect === 'allow' ? 'free to use' : effect === 'ask' ? 'ask first' : 'not allowed'}`]
    })
    return `${server}: ${of.length} tools (${parts.join(', ')})`
  })
  return [
    ...lines,
    'For one server’s tools, give its name as “server”; to find a tool, use gatehouse__find_tools.',
  ].join('\n')
}

function latest(refusals: LatestRefusals, { session }: Equipped): string {
  const refusal = refusals.of(session.id)
  if (refusal === undefined) return 'Nothing has been refused in this session.'
  const seconds = Math.max(0, Math.round((Date.now() - refusal.atMs) / 1000))
  return `Your latest refused call was ${refusal.target}, ${seconds} s ago. ${refusal.sentence}`
}

/** A tool that cannot be judged without its arguments, or is gone meanwhile, is left out. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof GatehouseError) return undefined
    throw error
  }
}
