import { rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { GatehouseHandlers } from '../shared/contract/contract.ts'
import { isFace } from '../shared/domain/server.ts'
import { type AlertDesk, buildAlerts } from './compose/alerts.ts'
import { type Areas, bridgeLauncher, buildAreas } from './compose/areas.ts'
import { giveBundledServers } from './compose/bundled-servers.ts'
import { checkDaily } from './compose/cell-updates.ts'
import { openCellBooks } from './compose/cells.ts'
import { buildDoors, type Doors } from './compose/doors.ts'
import { tellDueSecrets } from './compose/due-secrets.ts'
import { factsOf } from './compose/facts.ts'
import { buildFolderEnds } from './compose/folder-ends.ts'
import { forgetDaily } from './compose/forgetting.ts'
import { type Foundation, layFoundation } from './compose/foundation.ts'
import { buildHandlers } from './compose/handlers/handlers.ts'
import { forgetKeyLimits } from './compose/handlers/new-key.ts'
import type { ShellFacts } from './compose/handlers/system-handlers.ts'
import { buildChecks } from './compose/health.ts'
import { buildHosting, type Hosting } from './compose/hosting.ts'
import { settled } from './compose/integrity.ts'
import { LatestRefusals } from './compose/latest-refusals.ts'
import { writeLaunchers } from './compose/launchers.ts'
import { buildMemory } from './compose/memory.ts'
import { memoryEngine } from './compose/memory-engine.ts'
import { buildMetrics, type Metrics } from './compose/metrics.ts'
import { ownTools } from './compose/own-tools.ts'
import type { OutsideConfig } from './config/config.ts'
import type { Paths } from './config/paths.ts'
import type { KeyRing } from './credentials/key-ring.ts'
import type { Memory } from './memory/memory.ts'
import { wipeLeftovers } from './sandbox/zero-persistence.ts'
import { type AskPerson, ControlShell } from './shells/control/control.ts'
import type { Store } from './store/store.ts'
import type { Person } from './supervisor/to-client.ts'
import { reapLeftovers } from './supervisor/warden/record.ts'
import { Updates } from './updates/updates.ts'

/** Builds every part in order and hands it over; alone knows everyone. Nothing runs before `start()`. */
export interface Gatehouse {
  readonly base: Foundation
  readonly hosting: Hosting
  readonly areas: Areas
  readonly doors: Doors
  readonly memory: Memory
  readonly metrics: Metrics
  readonly alerts: AlertDesk
  readonly handlers: GatehouseHandlers
  readonly distDir: string
  start(): Promise<void>
  /** Takes no new call and lets those in flight end for up to ten seconds; what still runs then is ended with its server. */
  drain(): Promise<void>
  /** Drains, then ends everything; nothing is recorded after it. */
  stop(): Promise<void>
}

/** Milliseconds calls may go on once the app stops, and those that lost their server may take to be answered. */
const patienceMs = 10_000
const farewellMs = 1_000

export interface ComposeOptions {
  readonly paths: Paths
  readonly config: OutsideConfig
  readonly store: Store
  readonly ring: KeyRing
  readonly distDir: string
  /** A plain Node 24 for servers, bridge and warden. */
  readonly node: string
  readonly version: string
  readonly shell: ShellFacts
  /** Whether a window can ask the person right now. */
  readonly windowOpen: () => boolean
}

export async function compose(options: ComposeOptions): Promise<Gatehouse> {
  const { paths, distDir, node, version } = options
  const base = await layFoundation(paths, options.config, options.store, options.ring)
  const facts = factsOf(
    () => hosting.catalog,
    () => areas.filters,
    (name) => hosting.servers.get(name),
  )
  const refusals = new LatestRefusals()
  const memory = buildMemory(base, distDir)
  const hosting: Hosting = buildHosting(base, {
    distDir,
    node,
    version,
    ownTools: ownTools({
      catalog: () => hosting.catalog,
      permissions: () => areas.permissions,
      clients: () => areas.clients,
      factsOf: facts,
      refusals,
    }),
    onListsChanged: (kinds) => doors.listsChanged(kinds),
    judges: () => areas,
    onOutcome: (server, answered) => areas.limits.ended(server, answered),
    person: personHere(options.windowOpen, () => areas),
    contextOf: ({ workspace, id }) => memory.in(workspace).context(id),
    engineOf: (server) => (isFace(server) ? memoryEngine(base, memory, areas.flow) : undefined),
    cellBooks: await openCellBooks(base),
    askScripts: async (server, commands) =>
      (await areas.approvals.askPerson({ kind: 'scripts', server, commands })) === 'allow',
  })
  const areas: Areas = buildAreas(base, hosting, {
    home: homedir(),
    bridgeCommand: bridgeLauncher(paths.bin),
    onSessionEnded: (session) => {
      hosting.supervisor.endSession(session)
      refusals.forget(session)
      doors.endSession(session)
    },
  })
  const folderEnds = buildFolderEnds(base, hosting, areas)
  const checks = buildChecks(base, hosting, memory)
  const metrics = buildMetrics(base, hosting, areas, memory)
  const alerts = buildAlerts(base, metrics)
  const doors: Doors = buildDoors(
    base,
    hosting,
    areas,
    version,
    refusals,
    (socket, line, rest) => control.accept(socket, line, rest),
    () => handlers,
    metrics,
    checks,
  )
  const updates = new Updates({
    version,
    ...(options.shell.updates ? { source: options.shell.updates } : {}),
    settings: () => base.config.updates,
    onNewer: (newer) => base.notice('info', `There is a newer Gatehouse: ${newer}. See Settings.`),
  })
  const built = buildHandlers({
    base,
    hosting,
    areas,
    factsOf: facts,
    handle: doors.gateway.handle,
    tasks: doors.tasks,
    memory,
    metrics,
    alerts,
    checks,
    shell: options.shell,
    updates,
    distDir,
  })
  const handlers: GatehouseHandlers = settled(built, base.tables)
  const control = new ControlShell({
    handlers,
    events: base.events,
    operator: base.operator,
    runFolder: paths.run,
    askPerson: () => (options.windowOpen() ? askInWindow(areas) : undefined),
    log: base.log,
    language: () => base.settings.current.language,
  })

  const savingQuotas = setInterval(() => areas.quotas.save(), 1000).unref()

  let stopTellingDue = () => {}
  let stopForgetting = () => {}
  let stopLookingForUpdates = () => {}

  const start = async () => {
    reapLeftovers(join(paths.run, 'servers.json'))
    await wipeLeftovers(paths.serverTemp)
    await hosting.updating.recover()
    writeLaunchers(paths.bin, distDir, node, paths.home)
    await areas.clients.start()
    areas.tokens.start()
    if (base.tables.isSound()) forgetKeyLimits(areas) // a changed database stays as it was found
    stopTellingDue = tellDueSecrets(base)
    stopForgetting = forgetDaily(base)
    stopLookingForUpdates = checkDaily(() => updates.checkIfDaily())
    areas.sessions.start()
    areas.flow.start((session) => areas.sessions.get(session) !== undefined)
    await areas.approvals.start()
    doors.tasks.start()
    folderEnds.start()
    await giveBundledServers(base, hosting, options.store.fresh)
    await doors.socket.listen(paths.socket)
    hosting.cells.start()
    metrics.start()
    alerts.start()
    checks.start()
    void hosting.supervisor.prewarm('app-start')
    base.log.info({ version }, 'Gatehouse started')
    base.audit.append({ action: 'app.start', severity: 'info', summary: `Gatehouse ${version} started` })
  }
  const drainOnce = async () => {
    base.log.info('Gatehouse stops')
    base.audit.append({ action: 'app.stop', severity: 'info', summary: 'Gatehouse stopped' })
    doors.draining.begin()
    areas.approvals.stop()
    hosting.stopRepairs()
    hosting.security.stop()
    await alerts.stop() // servers that are ended from here on are not down
    await doors.draining.calm(patienceMs)
    folderEnds.stop()
    await hosting.supervisor.stopAll()
    await doors.draining.calm(farewellMs)
    await new Promise(setImmediate) // the last answers are on their way
  }
  let drained: Promise<void> | undefined
  const drain = () => {
    drained ??= drainOnce()
    return drained
  }
  const stop = async () => {
    await drain()
    doors.tasks.stop()
    areas.devices.stop()
    doors.rest.stop()
    areas.approvals.stop()
    await doors.socket.close()
    hosting.cells.stop()
    hosting.signIns.stop()
    await hosting.warden.stop()
    await hosting.sandbox.stop()
    areas.limits.stop()
    stopTellingDue()
    stopForgetting()
    stopLookingForUpdates()
    clearInterval(savingQuotas)
    areas.quotas.save()
    areas.sessions.stop()
    areas.clients.stop()
    checks.stop()
    metrics.stop()
    await memory.stop()
    rmSync(paths.endpoint, { force: true })
    await base.close()
  }
  return { base, hosting, areas, doors, memory, metrics, alerts, handlers, distDir, start, drain, stop }
}

/** Where bridges, command lines and scripts find the running app; no secret is in it. */
export function writeEndpoint(paths: Paths, httpUrl: string, httpsUrl?: string): void {
  const endpoint = {
    pid: process.pid,
    socket: paths.socket,
    httpUrl,
    mcpUrl: `${httpUrl}/mcp`,
    ...(httpsUrl ? { mcpHttpsUrl: `${httpsUrl}/mcp` } : {}),
    startedAt: Date.now(),
  }
  writeFileSync(paths.endpoint, JSON.stringify(endpoint), { mode: 0o600 })
}

function askInWindow({ approvals }: Areas): AskPerson {
  return async ({ program, ...question }) =>
    (await approvals.askPerson({ kind: 'verb', ...question, ...(program ? { program } : {}) })) === 'allow'
}

/** Whoever sits at a window of Gatehouse, for what a server asks and its client cannot show. */
function personHere(windowOpen: () => boolean, areas: () => Areas): Person {
  return {
    there: windowOpen,
    elicit: (params, { server, client, session, entry }, signal) => {
      const asker = { server: server.name, client: client.name, tool: entry.ownName, workspace: session.workspace }
      return areas().approvals.elicit({ ...asker, params, signal })
    },
  }
}
