import type { Viewer } from '../gateway/gateway.ts'
import type { ScriptFacts } from '../gateway/script-routes.ts'
import { type Checks, worst } from '../health/checks.ts'
import { type Family, gauge, type Labels } from '../telemetry/family.ts'
import { metricsJson, prometheusText } from '../telemetry/prometheus.ts'
import type { Areas } from './areas.ts'
import type { Hosting } from './hosting.ts'
import { keyView } from './key-view.ts'
import type { Metrics } from './metrics.ts'
import { ScriptRegistration, type ScriptRegistrationParts } from './script-registration.ts'

/** What scripts are told of servers, health and figures: of their client's workspace, and of servers it and its key see. */
export function scriptFacts(
  hosting: Hosting,
  { approvals, clients, limits }: Areas,
  version: string,
  api: ScriptRegistrationParts['api'],
  metrics: Pick<Metrics, 'families'>,
  checks: Pick<Checks, 'report'>,
): ScriptFacts {
  const registration = new ScriptRegistration({ api, askPerson: approvals.askPerson })
  const listed = ({ client: { name, workspace }, session }: Viewer) =>
    hosting.catalog.listing({ workspace, client: name, only: keyView(clients, session) })
  const namesOf = (viewer: Viewer) =>
    new Set<string>([...seen(viewer), ...listed(viewer).entries].map(({ name }) => name))
  const seen = (viewer: Viewer) => {
    const { workspace } = viewer.client
    const listing = listed(viewer)
    const shown = new Set(listing.entries.map(({ server }) => server))
    return hosting.servers.list().filter((server) => server.workspace === workspace && shown.has(server.name))
  }
  const states = (viewer: Viewer) =>
    seen(viewer).map((server) => {
      const { state, tools } = hosting.administration.summary(server)
      return { name: server.name, state, tools, load: limits.load(server.name) }
    })
  return {
    propose: (client, body, waitMs) => registration.propose(client, body, waitMs),
    proposal: (client, id, waitMs) => registration.outcome(client, id, waitMs),
    confinedTo: (session) => clients.beyondKey(session, proposal),
    servers: (viewer) => states(viewer).map(({ name, state, tools }) => ({ name, state, tools })),
    health: async (viewer) => {
      const servers = states(viewer).map(({ name, state }) => ({ name, state }))
      const components = (await checks.report()).map(({ name, state }) => ({ name, state }))
      const ill = servers.some(({ state }) => state === 'failed' || state === 'backing-off')
      const status = worst([...components.map(({ state }) => state), ill ? 'degraded' : 'healthy'])
      return { status, version, components, servers }
    },
    metrics: (viewer, format) => {
      const families = [...visibleTo(viewer, metrics.families(), namesOf(viewer)), ...perServer(states(viewer))]
      return format === 'json' ? JSON.stringify({ metrics: metricsJson(families) }) : prometheusText(families)
    },
  }
}

/** Figures that say nothing of servers, tools or other apps. */
const ofTheApp =
  /^(?:gatehouse_uptime|process_|nodejs_|mcp_memory_usage|mcp_cpu_usage|mcp_event_loop|gatehouse_event_loop)/

/** Of servers and tools the caller sees, and of no other client than itself. */
function visibleTo({ client }: Viewer, families: readonly Family[], names: ReadonlySet<string>): Family[] {
  const mine = ({ server, tool_name, client: of }: Labels, name: string) => {
    if (of !== undefined && of !== client.name) return false
    if (server === undefined && tool_name === undefined) return ofTheApp.test(name)
    return names.has(server ?? '') || names.has(tool_name ?? '')
  }
  return families
    .map((family) => ({ ...family, samples: family.samples.filter(({ labels }) => mine(labels, family.name)) }))
    .filter(({ samples }) => samples.length > 0)
}

/** No scope of a key names this: one that is confined to anything is confined to less. */
const proposal = { server: '', entry: { kind: 'server', name: 'servers.add' }, action: 'unknown' } as const

function perServer(
  states: readonly { name: string; state: string; load: { running: number; waiting: number } }[],
): Family[] {
  const row = (name: string, help: string, value: (one: (typeof states)[number]) => number) =>
    gauge(
      name,
      help,
      states.map((one) => ({ labels: { server: one.name }, value: value(one) })),
    )
  return [
    row('gatehouse_server_running', 'Whether a process or connection of the server is up.', ({ state }) =>
      state === 'running' ? 1 : 0,
    ),
    row('gatehouse_server_calls_running', 'Calls the server is at work on.', ({ load }) => load.running),
    row('gatehouse_server_calls_waiting', 'Calls that wait for their turn.', ({ load }) => load.waiting),
  ]
}
