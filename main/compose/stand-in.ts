import type { Reply } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import { type EpochMs, newId, type ServerName } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { newTrail } from '../audit/call-trail.ts'
import type { Received } from '../kernel/exchange.ts'
import { RemoteProblem } from '../supervisor/remote/remote-problem.ts'
import type { Hosting } from './hosting.ts'

type Handle = (received: Received) => Promise<Reply>
/** Told of every answer one server gave for another. */
type OnStoodIn = (stoodIn: { readonly asked: CatalogEntry; readonly answered: CatalogEntry }) => void

/**
 * Calls of a server that is down go to the servers the person named for that, in order, where they offer a tool of the
 * same name and schema. Such a call is one of its own: identified, judged by the rules for the other server, asked about,
 * recorded under its name. The answer says who gave it.
 */
export function withStandIns(
  handle: Handle,
  hosting: Pick<Hosting, 'servers' | 'catalog'>,
  onStoodIn: OnStoodIn,
): Handle {
  return async (received) => {
    try {
      return await handle(received)
    } catch (error) {
      const asked = askedOf(received, error, hosting)
      if (asked === undefined) throw error
      for (const entry of standInsFor(asked, hosting)) {
        try {
          const reply = await handle(anew(received, entry))
          onStoodIn({ asked, answered: entry })
          return signed(reply, entry.server)
        } catch (again) {
          if (!isDown(again, entry, hosting)) throw again
        }
      }
      throw error
    }
  }
}

export const standInEvent = (asked: CatalogEntry, answered: CatalogEntry) => ({
  action: 'call.stood-in',
  severity: 'notice' as const,
  summary: `“${answered.server}” answered ${answered.name} in place of ${asked.name}, whose server is down`,
  server: answered.server,
  tool: answered.name,
})

/** The tool whose server is down; undefined when nothing is down, or nobody can stand in for it. */
function askedOf(received: Received, error: unknown, hosting: Pick<Hosting, 'servers' | 'catalog'>) {
  if (received.method !== 'tools/call' || received.unhurried !== undefined || received.extra !== undefined) return
  if (!(error instanceof GatehouseError) || received.signal.aborted) return
  const name = error.params.server as ServerName | undefined
  if (name === undefined || !hosting.servers.get(name)?.running?.fallback?.length) return
  const entry = hosting.catalog
    .entries(name)
    .find((one) => one.kind === 'tool' && (received.view ? one.ownName : one.name) === received.target)
  return entry !== undefined && isDown(error, entry, hosting) ? entry : undefined
}

/** It did not begin, or doing it twice is as good as once. */
function isDown(error: unknown, entry: CatalogEntry, { servers }: Pick<Hosting, 'servers'>): boolean {
  if (!(error instanceof GatehouseError)) return false
  const server = servers.get(entry.server)
  if (error.code === 'server.disabled') return server?.disabledReason !== undefined
  const hints = entry.definition.annotations as { readOnlyHint?: unknown } | undefined
  const onlyReads = server?.trusted === true && hints?.readOnlyHint === true
  if (error.code === 'server.failed') return onlyReads || !(error.cause instanceof RemoteProblem)
  return error.code === 'server.crashed' && onlyReads
}

function standInsFor(asked: CatalogEntry, { servers, catalog }: Pick<Hosting, 'servers' | 'catalog'>): CatalogEntry[] {
  const server = servers.get(asked.server)
  return (server?.running?.fallback ?? []).flatMap((name) => {
    const other = servers.get(name)
    if (other === undefined || !other.enabled || other.workspace !== server?.workspace) return []
    const entry = catalog.entries(name).find((one) => one.kind === 'tool' && one.ownName === asked.ownName)
    return entry !== undefined && entry.quarantine === undefined && sameSchema(entry, asked) ? [entry] : []
  })
}

const sameSchema = (one: CatalogEntry, other: CatalogEntry): boolean =>
  (['inputSchema', 'outputSchema'] as const).every(
    (member) => canonicalJson(one.definition[member] ?? null) === canonicalJson(other.definition[member] ?? null),
  )

/** A call of its own: nothing decided about the first one counts for it. */
function anew({ view: _view, ...received }: Received, entry: CatalogEntry): Received {
  return {
    ...received,
    callId: newId('call'),
    receivedAt: Date.now() as EpochMs,
    startedMs: performance.now(),
    target: entry.name,
    trail: newTrail(),
  }
}

function signed(reply: Reply, server: ServerName): Reply {
  if (reply.kind !== 'result') return reply
  const meta = reply.result._meta
  const kept = typeof meta === 'object' && meta !== null && !Array.isArray(meta) ? meta : {}
  return { kind: 'result', result: { ...reply.result, _meta: { ...kept, 'gatehouse/answered-by': server } } }
}
