import { join } from 'node:path'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { RemoteOrigin } from '../../shared/domain/remote.ts'
import { told } from '../../shared/messages/finding-words.ts'
import type { Language } from '../../shared/messages/messages.ts'
import { Catalog } from '../catalog/catalog.ts'
import { PinStore } from '../catalog/pin-store.ts'
import type { ListedKind } from '../catalog/shown-kinds.ts'
import { ViewStore } from '../catalog/view-store.ts'
import { Views } from '../catalog/views.ts'
import { describe, steers } from '../cells/analysis/describe.ts'
import type { Cells } from '../cells/cells.ts'
import type { TrustRoots } from '../cells/trust.ts'
import type { SignIns } from '../credentials/oauth/oauth.ts'
import { SystemSandbox } from '../sandbox/system-sandbox.ts'
import { ServerAdministration } from '../supervisor/administration.ts'
import { Compliance } from '../supervisor/compliance/compliance.ts'
import { GradeStore } from '../supervisor/compliance/grade-store.ts'
import type { OwnTools } from '../supervisor/hosts/own-host.ts'
import type { Incidents } from '../supervisor/incidents/incidents.ts'
import type { LaunchParts } from '../supervisor/launch.ts'
import { pythonOf } from '../supervisor/origin.ts'
import { Packages } from '../supervisor/packages/packages.ts'
import type { EngineOf, LeaseSecrets } from '../supervisor/ports.ts'
import { RefusedHosts } from '../supervisor/refused-hosts.ts'
import { openRemote } from '../supervisor/remote/remote-host.ts'
import { ServerStore } from '../supervisor/server-store.ts'
import { Supervisor } from '../supervisor/supervisor.ts'
import type { Person } from '../supervisor/to-client.ts'
import { Updating } from '../supervisor/updating.ts'
import { markName } from '../supervisor/warden/marks.ts'
import { Warden } from '../supervisor/warden/warden.ts'
import { checkDaily, updateCheck } from './cell-updates.ts'
import { buildCells, type CellBooks, cellStateOf, shownCell } from './cells.ts'
import { contextForServers, type SessionContextOf } from './context-for-servers.ts'
import type { Foundation } from './foundation.ts'
import { askForScripts, type InstallScriptsParts } from './install-scripts.ts'
import { recordWiped } from './record-wiped.ts'
import { buildRepair } from './repair.ts'
import { breakerOf, retryOf } from './resilience.ts'
import { buildSecurity, type Security } from './security.ts'
import { type AsksJudges, buildServerAsks } from './server-asks.ts'
import { buildSignIns } from './sign-ins.ts'
import { toldWarnings } from './told-warnings.ts'

/** Servers: what they are, what they offer, how they are confined and run. */
export interface Hosting {
  readonly servers: ServerStore
  readonly catalog: Catalog
  readonly sandbox: SystemSandbox
  readonly supervisor: Supervisor
  readonly administration: ServerAdministration
  readonly warden: Warden
  readonly refusedHosts: RefusedHosts
  /** How well servers speak MCP. */
  readonly compliance: Compliance
  readonly signIns: SignIns
  readonly incidents: Incidents
  readonly cells: Cells
  readonly trust: TrustRoots
  readonly packages: Packages
  /** The plain Node servers run on. */
  readonly node: string
  readonly checkUpdates: ReturnType<typeof updateCheck>
  readonly updating: Updating
  /** What servers must not do, and what follows. */
  readonly security: Security
  /** Before everything is ended: what ends now is nobody's trouble. */
  readonly stopRepairs: () => void
}

export interface HostingOptions {
  readonly distDir: string
  /** The plain Node that bundled and package servers run on. */
  readonly node: string
  readonly version: string
  readonly ownTools: OwnTools
  readonly onListsChanged: (kinds: readonly ListedKind[]) => void
  /** What judges what servers ask and tell clients. */
  readonly judges: () => AsksJudges
  /** A call ended in a way that says whether its server works. */
  readonly onOutcome: (server: ServerName, answered: boolean) => void
  /** Asks the person what a server asks and its client cannot show. */
  readonly person: Person
  /** What bundled servers are the faces of. */
  readonly engineOf: EngineOf
  /** What a session is about. */
  readonly contextOf: SessionContextOf
  readonly cellBooks: CellBooks
  /** Asks the person whether a package's install scripts may run; unanswered means no. */
  readonly askScripts: InstallScriptsParts['ask']
}

export function buildHosting(base: Foundation, options: HostingOptions): Hosting {
  const { paths, store, seal, credentials, events, config, audit } = base
  const servers = new ServerStore(store.db, seal)
  if (!base.tables.isSound())
    servers.distrust('The database was changed outside Gatehouse. See: gatehouse integrity show')
  const pins = new PinStore(store.db, seal, (server, entry) =>
    base.forged.found(
      `What you accepted of “${entry}” of “${server}” was changed outside Gatehouse; it is held back until you review it.`,
    ),
  )
  const views = new Views(
    new ViewStore(store.db, seal),
    (holder, name) =>
      base.forged.found(
        `What the ${holder} “${name}” sees was changed outside Gatehouse; it sees nothing until you set it again.`,
      ),
    () => config.rollout.toolSearchPercent,
  )
  const tellWarnings = toldWarnings(
    () => catalog,
    () => servers.list(),
    (name) => administration.announce(name),
  )
  const onListsChanged = (_: ServerName, kinds: readonly ListedKind[]) => {
    options.onListsChanged(kinds)
    tellWarnings()
  }
  const catalog: Catalog = new Catalog(pins, servers, views, onListsChanged, Date.now, { describe, steers })
  const security = buildSecurity(base, {
    servers,
    incidents: () => repair.incidents,
    supervisor: () => supervisor,
    cells: () => cells,
  })
  const sandbox = new SystemSandbox({
    decoys: security.decoys,
    onDecoyTouched: security.onDecoyTouched,
    dataFolder: paths.home,
    serverTemp: paths.serverTemp,
    neverReachable: [paths.socket],
    onHelper: (pid) => warden.watch(pid),
    mark: { name: markName, next: () => warden.newMark() },
  })
  const warden = new Warden({
    node: options.node,
    script: join(options.distDir, 'warden.js'),
    recordFile: join(paths.run, 'servers.json'),
  })
  const signIns = buildSignIns(base, {
    documentUrl: config.oauth.clientMetadataUrl,
    onSignedIn: (name) => administration.restart(name),
    onStands: (name) => administration.announce(name),
  })
  const lease: LeaseSecrets = (server) => credentials.lease(server)
  const refusedHosts = new RefusedHosts({
    store: servers,
    restartIdle: (name) => supervisor.hosted(name).stopIdle(performance.now(), 0),
    onFirst: (server, host) => {
      const summary = `“${server}” wanted to reach ${host} and was refused`
      audit.append({ action: 'server.host-refused', severity: 'notice', summary, server })
    },
    onChange: (server) => events.emit('hosts.changed', { server }),
  })
  const askAboutScripts = askForScripts({
    base,
    windowOpen: options.person.there,
    ask: options.askScripts,
    run: async (server, scripts) => {
      await packages.runScripts(server, scripts)
      await cells.replaced(server) // what they made is part of its code from now on
    },
    restart: (server) => administration.restart(server),
  })
  const packages: Packages = new Packages({
    sandbox,
    folder: paths.packages,
    node: options.node,
    warden,
    onScripts: (server, scripts) => void askAboutScripts(server, scripts),
  })
  const launch = { node: options.node, bundles: join(options.distDir, 'servers'), packages }
  const cells: Cells = buildCells(base, options.cellBooks, {
    servers,
    catalog,
    packages,
    bundles: launch.bundles,
    reader: { node: options.node, script: join(options.distDir, 'code-reader.js') },
    end: (name) => supervisor.restart(name),
    announce: (name) => administration.announce(name),
    decoysTouched: security.decoysTouched,
  })
  const repair = buildRepair(base, {
    servers,
    packages: notingReplaced(packages, cells),
    lease,
    supervisor: () => supervisor,
  })
  const supervisor: Supervisor = new Supervisor({
    ...repair.hooks,
    store: servers,
    sandbox: refusedHosts.watching(sandbox),
    warden,
    catalog,
    launch,
    lease,
    authorize: (server) => signIns.authorizeFor(server),
    redact: base.redact,
    ownTools: options.ownTools,
    clientInfo: { name: 'gatehouse', version: options.version },
    logs: paths.logs,
    onChange: (name) => administration.announce(name),
    toClient: buildServerAsks(base, options.judges),
    onOutcome: (name, answered) => options.onOutcome(name, answered),
    onWiped: recordWiped(base),
    hears: security.hears,
    onUsage: security.onUsage,
    onAnswered: security.onAnswered,
    person: options.person,
    engineOf: options.engineOf,
    contextOf: contextForServers(
      options.contextOf,
      (name) => cells.get(name)?.manifest,
      () => options.judges().filters,
    ),
    mayRun: (server, instance) => cells.mayRun(server, instance),
    mayUse: (server, entry) => cells.requireFor(server, entry),
    limits: {
      idleMs: config.servers.idleStopSeconds * 1000,
      initializeMs: config.servers.startSeconds * 1000,
      probeMs: Math.min(10_000, config.servers.startSeconds * 1000),
      breaker: breakerOf(config.servers),
      retry: retryOf(config.servers),
    },
  })
  const compliance = new Compliance({
    store: servers,
    grades: new GradeStore(store.db),
    sandbox: {
      confine: async (request) => {
        await cells.mayRun(request.server, request.instance)
        return sandbox.confine(request)
      },
    },
    warden,
    connect: async (server, secrets) => {
      await cells.mayRun(server, 'grading')
      const authorize = signIns.authorizeFor(server)
      const origin = server.origin as RemoteOrigin
      return (events) => openRemote({ origin, secrets, ...(authorize ? { authorize } : {}) }, events)
    },
    launch,
    lease: (server) => credentials.lease(server),
    redact: base.redact,
    clientInfo: { name: 'gatehouse', version: options.version },
    onGraded: ({ server, score, grade, checkedAt }) =>
      events.emit('compliance.graded', { server, score, grade, checkedAt }),
    startMs: config.servers.startSeconds * 1000,
  })
  const administration: ServerAdministration = new ServerAdministration({
    store: servers,
    supervisor,
    catalog,
    sandbox,
    launch,
    onChange: (summary) => {
      catalog.serverChanged(summary.name as ServerName)
      events.emit('servers.changed', summary)
    },
    signInOf: (server) => signIns.stateOf(server),
    cells,
    cellOf: (server) => cellStateOf(cells, server),
    language: () => base.settings.current.language,
    saysOf: (name) => ({
      ...registrationOf(cells, name, base.settings.current.language),
      warnings: [...catalog.warnings(name)],
      findings: catalog.findings(name).map((finding) => told(finding, base.settings.current.language)),
    }),
    onRemoved: (name) => {
      events.emit('servers.removed', { name })
      repair.forget(name)
      repair.incidents.serverRemoved(name)
      security.forget(name)
      refusedHosts.forget(name)
      compliance.forget(name)
      void updating.forget(name)
      credentials
        .removeAll(name)
        .catch((error) =>
          base.notice('problem', `The secrets of “${name}” could not be removed: ${error.code ?? error}`),
        )
    },
  })
  for (const name of servers.broken())
    base.forged.found(
      `The record of “${name}” was changed outside Gatehouse, so it is switched off. Remove it and add it again.`,
    )
  const { incidents } = repair
  const checkUpdates = updateCheck(cells, servers.list, (name, origin) =>
    packages.latest(name, origin.spec, pythonOf(origin)),
  )
  const updating = new Updating({
    store: servers,
    supervisor,
    packages,
    cells,
    announce: (name) => administration.announce(name),
  })
  const stopDaily = config.cells.updates === 'daily' ? checkDaily(checkUpdates) : undefined
  return {
    servers,
    catalog,
    sandbox,
    supervisor,
    administration,
    warden,
    refusedHosts,
    signIns,
    incidents,
    cells,
    trust: options.cellBooks.trust,
    packages,
    node: options.node,
    checkUpdates,
    updating,
    stopRepairs: () => {
      stopDaily?.()
      repair.stop()
    },
    security,
    compliance,
  }
}

function registrationOf(cells: Cells, name: ServerName, language: Language) {
  const record = cells.get(name)
  return record ? { registration: shownCell(record, language) } : {}
}

/** An earlier version that worked, put back by a repair, is what is registered from then on. */
const notingReplaced = (packages: Packages, cells: Cells): LaunchParts['packages'] => ({
  install: async (request) => {
    const installed = await packages.install(request)
    await cells.replaced(request.server)
    return installed
  },
  launch: (server, installed, args) => packages.launch(server, installed, args),
  folderOf: (server) => packages.folderOf(server),
  remove: (server) => packages.remove(server),
})
