import type { Viewer } from '../gateway/gateway.ts'
import type { ScriptFacts } from '../gateway/script-routes.ts'
import type { Areas } from './areas.ts'
import type { Hosting } from './hosting.ts'
import { keyView } from './key-view.ts'
import { ScriptRegistration, type ScriptRegistrationParts } from './script-registration.ts'

/** What scripts are told of servers, health and figures: of their client's workspace, and of servers it and its key see. */
export function scriptFacts(
  hosting: Hosting,
  { approvals, clients, sessions, limits }: Areas,
  version: string,
  api: ScriptRegistrationParts['api'],
): ScriptFacts {
  const registration = new ScriptRegistration({ api, askPerson: approvals.askPerson })
  const seen = ({ client: { name, workspace }, session }: Viewer) => {
    const listing = hosting.catalog.listing({ workspace, client: name, only: keyView(clients, session) })
    const shown = new Set(listing.entries.map(({ server }) => server))
    return hosting.servers.list().filter((server) => server.workspace === workspace && shown.has(server.name))
  }
  const states = (viewer: Viewer) =>
    seen(viewer).map((server) => {
      const { state, tools } = hosting.administration.summary(server)
      return { name: server.name, state, tools, load: limits.load(server.name) }
    })
  return {
    propose: (client, body) => registration.propose(client, body),
    confinedTo: (session) => clients.beyondKey(session, proposal),
    servers: (viewer) => states(viewer).map(({ name, state, tools }) => ({ name, state, tools })),
    health: (viewer) => {
      const servers = states(viewer).map(({ name, state }) => ({ name, state }))
      const ill = servers.some(({ state }) => state === 'failed' || state === 'backing-off')
      return { status: ill ? 'degraded' : 'healthy', version, servers }
    },
    metrics: (viewer) => {
      const { rss, heapUsed } = process.memoryUsage()
      const lines = [
        gauge('gatehouse_uptime_seconds', 'Since the app was started.', process.uptime()),
        gauge('process_resident_memory_bytes', 'Resident memory.', rss),
        gauge('nodejs_heap_size_used_bytes', 'Used heap.', heapUsed),
        gauge('gatehouse_sessions', 'Sessions that are open.', sessions.list().length),
        gauge('gatehouse_questions_pending', 'Questions that wait for the person.', approvals.pending().length),
        ...perServer(states(viewer)),
      ]
      return `${lines.join('\n')}\n`
    },
  }
}

/** No scope of a key names this: one that is confined to anything is confined to less. */
const proposal = { server: '', entry: { kind: 'server', name: 'servers.add' }, action: 'unknown' } as const

function perServer(states: readonly { name: string; state: string; load: { running: number; waiting: number } }[]) {
  const row = (name: string, help: string, value: (one: (typeof states)[number]) => number) => [
    `# HELP ${name} ${help}\n# TYPE ${name} gauge`,
    ...states.map((one) => `${name}{server="${one.name}"} ${value(one)}`),
  ]
  return [
    ...row('gatehouse_server_running', 'Whether a process or connection of the server is up.', ({ state }) =>
      state === 'running' ? 1 : 0,
    ),
    ...row('gatehouse_server_calls_running', 'Calls the server is at work on.', ({ load }) => load.running),
    ...row('gatehouse_server_calls_waiting', 'Calls that wait for their turn.', ({ load }) => load.waiting),
  ]
}

const gauge = (name: string, help: string, value: number) =>
  `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}`
