import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { EntryKind } from '../../shared/domain/catalog.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import { appDraining, sessionEnded } from '../../shared/errors.ts'
import { newTrail } from '../audit/call-trail.ts'
import type { ListedKind } from '../catalog/shown-kinds.ts'
import { BridgeSocket } from '../gateway/bridge-socket.ts'
import type { GatewayParts, Viewer } from '../gateway/gateway.ts'
import { quietly } from '../gateway/quiet-errors.ts'
import { registerMcpRoutes } from '../gateway/streamable-http.ts'
import type { TaskDesk } from '../gateway/tasks/task-desk.ts'
import { Unread } from '../gateway/unread.ts'
import { endsOf } from '../gateway/vouched-connections.ts'
import type { Checks } from '../health/checks.ts'
import { handle } from '../kernel/kernel.ts'
import type { KernelParts } from '../kernel/ports.ts'
import { refuse } from '../kernel/refuse.ts'
import { Rounds } from '../kernel/rounds.ts'
import { onceATurn } from '../store/once-a-turn.ts'
import type { Areas } from './areas.ts'
import { AtRest } from './at-rest.ts'
import { counted } from './counted.ts'
import { Draining } from './draining.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'
import { watched, watchIntrusions } from './intrusions.ts'
import { keyView } from './key-view.ts'
import type { LatestRefusals } from './latest-refusals.ts'
import { measured } from './measured.ts'
import type { Metrics } from './metrics.ts'
import { scriptFacts } from './script-facts.ts'
import type { ScriptRegistrationParts } from './script-registration.ts'
import { standInEvent, withStandIns } from './stand-in.ts'
import { buildTasks } from './tasks.ts'
import { tokenGrants } from './token-grants.ts'
import { watchedCertificates, watchedHandshake, watchedKeys, watchedPrograms } from './watched-doors.ts'

/** The ways in for AI apps. Both lead to the kernel, and nowhere else. */
export interface Doors {
  readonly gateway: GatewayParts
  readonly socket: BridgeSocket
  readonly tasks: TaskDesk
  readonly registerMcp: (http: FastifyInstance) => void
  listsChanged(kinds: readonly ListedKind[]): void
  endSession(session: SessionId): void
  readonly rest: AtRest
  readonly draining: Draining
}

export function buildDoors(
  base: Foundation,
  hosting: Hosting,
  areas: Areas,
  version: string,
  refusals: LatestRefusals,
  onControl: (socket: Socket, firstLine: string, rest: Buffer) => void,
  api: ScriptRegistrationParts['api'],
  metrics: Pick<Metrics, 'families'>,
  checks: Pick<Checks, 'report'>,
): Doors {
  const parts = kernelParts(base, hosting, areas)
  const watchers = new Set<(kind: EntryKind) => void>()
  const ended = new Set<(session: SessionId) => void>()
  const { sessions, clients, pairing } = areas
  const intrusions = watchIntrusions(base, hosting, areas)
  const rest = new AtRest()
  const draining = new Draining()
  const judged = measured(
    draining.guarding(
      (received) => handle(received, parts),
      (received) => refuse(received, appDraining(), parts),
    ),
    base,
  )
  const tasks = buildTasks(base, areas, (received) => gateway.handle(received))
  const gateway: GatewayParts = {
    handle: counted(
      // a name is shown and recorded as it came, also of a call that is refused: a secret in it is none
      refusals.remembering(
        withStandIns(
          watched(
            (received) => judged({ ...received, target: base.redact(received.target) }),
            () => intrusions,
          ),
          hosting,
          ({ asked, answered }) => void base.audit.append(standInEvent(asked, answered)),
        ),
      ),
      (session, refused) => {
        rest.busy()
        sessions.count(session, refused)
      },
      (error) => base.log.warn({ err: error }, 'a call could not be counted'),
    ),
    catalog: {
      list: (kind, viewer) => hosting.catalog.listing(onlooker(viewer, clients)).list(kind),
      instructions: (viewer) => hosting.catalog.listing(onlooker(viewer, clients)).instructions,
      tool: (name, viewer) => toolOf(hosting.catalog, name, viewer),
      onChanged: (listener) => {
        watchers.add(listener)
        return () => watchers.delete(listener)
      },
    },
    sessions: {
      open: ({ clientId, door, credentialId }) => {
        const client = clients.known(clientId)
        return { client, session: sessions.open(client, door, undefined, credentialId) }
      },
      find: (id) => {
        const session = sessions.get(id)
        if (!session) throw sessionEnded()
        return clients.identify({ clientId: session.client, sessionId: id })
      },
      end: (id) => void sessions.end(id),
      touch: (id, protocol) => {
        sessions.touch(id, protocol)
        const client = protocol === '2024-11-05' ? sessions.get(id)?.client : undefined
        if (client) areas.deprecated.note(client, 'old-revision')
      },
      leave: (id) => sessions.leave(id),
      onEnded: (listener) => {
        ended.add(listener)
        return () => ended.delete(listener)
      },
    },
    takesOldNames: ({ id, name }) => {
      areas.deprecated.note(id, 'old-names')
      return base.settings.current.oldNames.includes(name.toLowerCase())
    },
    tasks,
    tellServers: (session, method) => hosting.supervisor.notifySession(session, method),
    onReady: (session, peer) => void hosting.supervisor.prewarm('session-start', { session, peer }),
    newTrail,
    unread: new Unread((client) => base.refusals.note({ ...leftUnread, client })),
    onError: quietly((what, times) => base.log.warn({ error: what, times }, 'gateway')),
    version,
  }
  const socket = new BridgeSocket({
    ...gateway,
    handshake: (connection) =>
      watchedHandshake(pairing.handshake(signalOf(connection)), (id) => clients.known(id).name, base.refusals),
    onControl,
  })
  const vouchForKey = watchedPrograms(
    async (caller, connection) => areas.keyPrograms.vouch(caller, await areas.programs.ofCaller(connection)),
    base.refusals,
  )
  return {
    gateway,
    socket,
    tasks,
    rest,
    draining,
    registerMcp: (http) =>
      registerMcpRoutes(http, {
        ...gateway,
        authenticate: watchedKeys(
          (bearer) => (bearer.startsWith('gh_') ? clients.authenticate(bearer) : areas.tokens.verify(bearer)),
          base.refusals,
          () => intrusions.unknownKey(),
        ),
        authenticateCertificate: watchedCertificates(clients.authenticateCertificate, base.refusals),
        scripts: scriptFacts(hosting, areas, version, api, metrics, checks),
        guessingSeconds: () => intrusions.guessingSeconds,
        vouchForKey,
        tokens: {
          grants: tokenGrants(areas.tokens, (bearer) => clients.authenticate(bearer), vouchForKey, areas.devices),
          startPairing: async (name, { raw }) =>
            areas.devices.begin(name, await areas.programs.ofCaller(endsOf(raw.socket))),
          revoke: (token) => areas.tokens.revoke(token),
        },
        hasServer: (client, name) => hosting.servers.get(name)?.workspace === client.workspace,
        forStateless: (client, credential) => sessions.forStateless(client, credential),
        takesOldSse: base.config.oldSse === 'on',
      }),
    listsChanged: (kinds) => {
      for (const watcher of watchers) for (const kind of kinds) watcher(kind)
    },
    endSession: (session) => {
      tasks.endSession(session)
      socket.disconnect(session)
      for (const listener of ended) listener(session)
    },
  }
}

const leftUnread = {
  action: 'session.cut-off',
  what: 'was cut off: it asked for more and more, and did not read the answers',
}

function kernelParts(base: Foundation, hosting: Hosting, areas: Areas): KernelParts {
  return {
    audit: base.audit,
    records: { isSound: onceATurn(() => base.tables.isSound()) },
    clients: areas.clients,
    limits: areas.limits,
    catalog: hosting.catalog,
    cells: hosting.cells,
    filters: areas.filters,
    rounds: new Rounds(),
    flow: areas.flow,
    permissions: areas.permissions,
    approvals: areas.approvals,
    credentials: base.credentials,
    servers: hosting.supervisor,
  }
}

const onlooker = ({ client, session, view }: Viewer, clients: Areas['clients']) => ({
  workspace: session.workspace,
  client: client.name,
  only: keyView(clients, session),
  ...(view ? { view } : {}),
})

/** The definition of a tool this session may call; undefined for any other. */
function toolOf(catalog: Hosting['catalog'], target: string, { client, session, view }: Viewer) {
  try {
    return catalog.resolve({ method: 'tools/call', target, client, session, ...(view ? { view } : {}) }).entry
      .definition
  } catch {
    return undefined
  }
}

function signalOf(socket: Socket): AbortSignal {
  const controller = new AbortController()
  socket.once('close', () => controller.abort())
  return controller.signal
}
