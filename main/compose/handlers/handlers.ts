import { dirname } from 'node:path'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Caller } from '../../../shared/contract/define.ts'
import type { Client, Reply, Session } from '../../../shared/domain/call.ts'
import { type EpochMs, newId } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { newTrail } from '../../audit/call-trail.ts'
import { cliClientId, windowClientId } from '../../clients/clients.ts'
import type { TaskDesk } from '../../gateway/tasks/task-desk.ts'
import type { Checks } from '../../health/checks.ts'
import type { Received } from '../../kernel/exchange.ts'
import type { Memory } from '../../memory/memory.ts'
import { Roles } from '../../permissions/roles.ts'
import { Rules } from '../../permissions/rules.ts'
import type { Updates } from '../../updates/updates.ts'
import type { AlertDesk } from '../alerts.ts'
import type { Areas } from '../areas.ts'
import { Backups } from '../backups.ts'
import type { FactsOf } from '../facts.ts'
import type { Foundation } from '../foundation.ts'
import type { Hosting } from '../hosting.ts'
import type { Metrics } from '../metrics.ts'
import { buildPrivacy } from '../privacy/privacy.ts'
import { buildMatrix } from '../rule-matrix.ts'
import { knownToRules, simulation } from '../simulation.ts'
import { alertsHandlers } from './alerts-handlers.ts'
import { approvalsHandlers } from './approvals-handlers.ts'
import { appsHandlers } from './apps-handlers.ts'
import { auditHandlers } from './audit-handlers.ts'
import { backupHandlers } from './backup-handlers.ts'
import { bundlesHandlers } from './bundles-handlers.ts'
import { catalogHandlers } from './catalog-handlers.ts'
import { cellsHandlers } from './cells-handlers.ts'
import { complianceHandlers } from './compliance-handlers.ts'
import { configHandlers } from './config-handlers.ts'
import { filtersHandlers } from './filters-handlers.ts'
import { hostsHandlers } from './hosts-handlers.ts'
import { healthHandlers, incidentsHandlers } from './incidents-handlers.ts'
import { integrityHandlers } from './integrity-handlers.ts'
import { limitsHandlers } from './limits-handlers.ts'
import { logsHandlers } from './logs-handlers.ts'
import { memoryHandlers } from './memory-handlers.ts'
import { metricsHandlers, tracesHandlers } from './metrics-handlers.ts'
import { forgetKeyLimits, newKey } from './new-key.ts'
import { permissionsHandlers } from './permissions-handlers.ts'
import { privacyHandlers } from './privacy-handlers.ts'
import { noted, noteIn } from './recorded.ts'
import { remoteHandlers } from './remote-handlers.ts'
import { secretsHandlers } from './secrets-handlers.ts'
import { serversHandlers } from './servers-handlers.ts'
import { signInsHandlers } from './sign-ins-handlers.ts'
import { type ShellFacts, systemHandlers } from './system-handlers.ts'
import { tasksHandlers } from './tasks-handlers.ts'
import { updatesHandlers } from './updates-handlers.ts'
import { workspacesHandlers } from './workspaces-handlers.ts'

export interface HandlerParts {
  readonly base: Foundation
  readonly hosting: Hosting
  readonly areas: Areas
  readonly factsOf: FactsOf
  readonly handle: (received: Received) => Promise<Reply>
  readonly tasks: TaskDesk
  readonly memory: Memory
  readonly metrics: Metrics
  readonly alerts: AlertDesk
  readonly checks: Checks
  readonly shell: ShellFacts
  readonly updates: Updates
  /** Where the built app lies. */
  readonly distDir: string
}

/** One handler for every route of the contract. They ask the areas; none reaches a server but through the kernel. */
export function buildHandlers(parts: HandlerParts): GatehouseHandlers {
  const { base, hosting, areas } = parts
  const note = noteIn(base.audit)
  const rules = new Rules({
    permissions: areas.permissions,
    folders: areas.folders,
    factsOf: (name, tool, args) => {
      const client = clientNamed(areas, name)
      return parts.factsOf(client, noSession(client), tool, args)
    },
    known: () => knownToRules(hosting, areas),
    language: () => base.settings.current.language,
  })
  const simulate = simulation({ base, areas, rules })
  return {
    alerts: alertsHandlers(parts.alerts, note),
    approvals: approvalsHandlers(areas.approvals, areas.answers, areas.permissions),
    apps: appsHandlers(base, hosting, areas.apps, areas.workspaces, note),
    bundles: bundlesHandlers(
      hosting,
      base.credentials,
      { packages: base.paths.packages, node: hosting.node },
      areas.workspaces,
      note,
    ),
    cells: cellsHandlers(hosting, note, () => base.settings.current.language),
    audit: auditHandlers(base, note),
    backup: backupHandlers(new Backups(base, parts.memory, () => areas.clients.secretNames()), parts.shell, note),
    catalog: catalogHandlers(hosting, areas, base, note),
    clients: {
      list: () => ({
        clients: areas.clients.list().map((client) => {
          const patienceMs = areas.approvals.seenPatience(client.id)
          const tokens = client.tokens.map((key) => ({ ...key, programs: programsOf(areas, key.id) }))
          const deprecated = areas.deprecated.of(client.id)
          const oldNames = base.settings.current.oldNames.includes(client.name.toLowerCase())
          return {
            ...client,
            tokens,
            ...(patienceMs === undefined ? {} : { patienceMs }),
            ...(deprecated.length > 0 ? { deprecated } : {}),
            ...(oldNames ? { oldNames } : {}),
          }
        }),
      }),
      pair: ({ name, workspace }, { description }) =>
        noted(note, [description, 'client.pair', `“${name}” was paired`, 'warning'], () =>
          areas.clients.pairByPerson(
            name,
            workspace === undefined ? undefined : areas.workspaces.need(workspace as Client['workspace']),
          ),
        ),
      token: (wanted, { description }) =>
        noted(note, [description, 'client.token', `An API key for “${wanted.name}” was made`, 'warning'], () =>
          newKey(areas, wanted),
        ),
      certificate: ({ name, pem, scopes }, { description }) =>
        noted(note, [description, 'client.token', `A certificate was taken for “${name}”`, 'warning'], () =>
          areas.clients.certificate(name, pem, scopes),
        ),
      rotateKey: ({ name, id }, { description }) =>
        noted(note, [description, 'client.key-rotated', `A key of “${name}” got another secret`, 'warning'], () =>
          areas.clients.rotateKey(name, id),
        ),
      revokeKey: ({ name, id }, { description }) =>
        noted(note, [description, 'client.key-revoked', `A key of “${name}” was revoked`, 'warning'], () => {
          areas.clients.revokeKey(name, id)
          forgetKeyLimits(areas)
        }),
      revoke: ({ name }, { description }) =>
        noted(note, [description, 'client.revoke', `“${name}” was revoked`, 'warning'], () =>
          areas.clients.revoke(name).finally(() => forgetKeyLimits(areas)),
        ),
      suspend: ({ name }, { description }) =>
        noted(note, [description, 'client.suspend', `“${name}” was suspended`, 'warning'], () =>
          areas.clients.suspend(name),
        ),
      resume: ({ name }, { description }) =>
        noted(note, [description, 'client.resume', `“${name}” was resumed`, 'warning'], () =>
          areas.clients.resume(name),
        ),
      setOldNames: ({ name, taken }, { description }) => {
        const client = clientNamed(areas, name)
        const others = base.settings.current.oldNames.filter((one) => one !== client.name.toLowerCase())
        note(description, 'client.old-names', `Old method names of “${name}” are ${taken ? 'taken' : 'not taken'}`)
        base.settings.change({ oldNames: taken ? [...others, client.name.toLowerCase()] : others })
      },
      snippet: ({ name, workspace }) =>
        areas.clients.snippet(name, workspace === undefined ? undefined : areas.workspaces.need(workspace)),
    },
    compliance: complianceHandlers(hosting.compliance, note),
    config: configHandlers(base, hosting.catalog, note),
    filters: filtersHandlers(areas.filters, hosting, note),
    health: healthHandlers(parts.checks, hosting),
    incidents: incidentsHandlers(hosting, note),
    logs: logsHandlers(base),
    limits: limitsHandlers(areas, hosting, note),
    integrity: integrityHandlers(base, areas.permissions, parts.shell, note),
    hosts: hostsHandlers(hosting, note),
    memory: memoryHandlers(base, parts.memory, areas, note),
    metrics: metricsHandlers(parts.metrics),
    privacy: privacyHandlers(base, buildPrivacy(parts), parts.memory),
    permissions: permissionsHandlers({
      rules,
      roles: new Roles(areas.permissions),
      simulate,
      matrix: () => buildMatrix(rules, areas, hosting),
      hosting,
      workspaces: areas.workspaces,
      note,
    }),
    remote: remoteHandlers(hosting, base.credentials, areas.workspaces, note),
    secrets: secretsHandlers(base.credentials, hosting, note),
    servers: serversHandlers(hosting, note, () => base.settings.current.language, areas.workspaces),
    sessions: {
      list: () => ({ sessions: areas.sessions.list() }),
      show: ({ id }) => {
        const session = areas.sessions.list().find((one) => one.id === id)
        if (!session) throw inputInvalid(`There is no session ${id}.`)
        return { session, calls: base.audit.calls().filter((call) => call.session === id), flow: areas.flow.of(id) }
      },
      end: ({ id }, caller) => {
        if (!areas.sessions.get(id)) throw inputInvalid('This session has already ended.')
        note(caller.description, 'session.end', `The session ${id} was ended`)
        areas.sessions.end(id)
      },
      suspend: ({ id }, caller) => {
        if (!areas.sessions.get(id)) throw inputInvalid('This session has already ended.')
        note(caller.description, 'session.suspend', `The session ${id} was suspended`)
        areas.sessions.suspend(id)
      },
      resume: ({ id }, caller) => {
        if (areas.sessions.get(id)?.state !== 'suspended') throw inputInvalid('This session is not suspended.')
        note(caller.description, 'session.resume', `The session ${id} was resumed`)
        areas.sessions.wake(id)
      },
      calls: () => base.audit.calls(),
    },
    signIns: signInsHandlers(hosting, parts.shell, note),
    system: systemHandlers(base, hosting, areas.approvals, parts, note),
    tasks: tasksHandlers(parts.tasks, note),
    traces: tracesHandlers(base.traces),
    updates: updatesHandlers(parts.updates, dirname(parts.distDir), note),
    workspaces: workspacesHandlers(areas, hosting, parts.memory, note),
    tools: {
      list: ({ server }) => ({ tools: toolsOf(hosting, server), warnings: [...hosting.catalog.warnings(server)] }),
      describe: ({ name }) => {
        const tool = hosting.catalog.entries().find((entry) => entry.kind === 'tool' && entry.name === name)
        if (!tool) throw inputInvalid(`There is no tool “${name}”.`)
        const { inputSchema } = tool.definition
        return { name, ...(inputSchema === undefined ? {} : { inputSchema }) }
      },
      call: async ({ name, arguments: args }, caller) => {
        const reply = await parts.handle(callBy(caller, areas, name, args))
        if (reply.kind === 'error') throw inputInvalid(`The server answered with an error: ${reply.error.message}`)
        const { content, structuredContent, isError } = reply.result
        return {
          isError: isError === true,
          content: Array.isArray(content) ? content : [],
          ...(structuredContent === undefined ? {} : { structuredContent }),
        }
      },
    },
  }
}

function toolsOf({ catalog }: Hosting, server: string | undefined) {
  return catalog
    .entries()
    .filter((entry) => entry.kind === 'tool' && (server === undefined || entry.server === server))
    .map(({ name, server, title, definition, quarantine }) => ({
      name,
      server,
      title,
      description: String(definition.description ?? ''),
      ...(quarantine ? { quarantine } : {}),
    }))
}

function programsOf({ keyPrograms }: Areas, keyId: string) {
  return keyPrograms.of(keyId).map((program) => ({ ...program, parents: [...program.parents] }))
}

function clientNamed(areas: Areas, name: string): Client {
  const client = areas.clients.named(name)
  if (!client) throw inputInvalid(`There is no client called “${name}”.`)
  return client
}

/** For explanations, which open nothing in anybody's name. */
const noSession = ({ id: client, workspace }: Client): Session => ({
  id: newId('session'),
  client,
  workspace,
  door: 'window',
  state: 'active',
})

/** A call as any AI app's, by the built-in client of the carrier; it is judged and recorded the same way. */
function callBy(caller: Caller, areas: Areas, target: string, args: unknown): Received {
  const [door, clientId] =
    caller.carrier === 'cli' ? (['cli', cliClientId] as const) : (['window', windowClientId] as const)
  const session = areas.sessions.forStateless(areas.clients.known(clientId), 'contract', undefined, door)
  return {
    callId: newId('call'),
    receivedAt: Date.now() as EpochMs,
    startedMs: performance.now(),
    door,
    credential: { clientId, sessionId: session.id },
    method: 'tools/call',
    target,
    arguments: args,
    peer: {
      protocol: '2025-11-25',
      capabilities: {},
      progress: () => {},
      request: () => Promise.reject(inputInvalid('Nobody here can answer a server’s own questions.')),
      notify: () => {},
    },
    signal: caller.signal ?? new AbortController().signal,
    trail: newTrail(),
  }
}
