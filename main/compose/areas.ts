import { join } from 'node:path'
import type { Client } from '../../shared/domain/call.ts'
import type { ClientId, ServerName, SessionId } from '../../shared/domain/ids.ts'
import { AnswerStore } from '../approvals/answer-store.ts'
import { ApprovalStore } from '../approvals/approval-store.ts'
import { Approvals, type ApprovalsParts, type DecisionNote } from '../approvals/approvals.ts'
import { filePreview } from '../approvals/file-preview.ts'
import type { ReleaseAnchor } from '../approvals/late-answers.ts'
import { PatienceStore } from '../approvals/patience-store.ts'
import { markedValue } from '../approvals/shared-values.ts'
import { AccessTokens } from '../clients/access-tokens.ts'
import type { AiApps } from '../clients/apps/apps.ts'
import { ClientStore } from '../clients/client-store.ts'
import { Clients } from '../clients/clients.ts'
import { DeprecatedUses } from '../clients/deprecated-use.ts'
import { DevicePairing } from '../clients/device-pairing.ts'
import { KeyProgramStore } from '../clients/key-program-store.ts'
import { KeyPrograms } from '../clients/key-programs.ts'
import { BridgePairing } from '../clients/pairing.ts'
import { ProgramIdentities } from '../clients/programs/program-identity.ts'
import { Programs } from '../clients/programs/program-of.ts'
import { TokenFamilyStore } from '../clients/token-family-store.ts'
import { derivedKey } from '../credentials/derived-key.ts'
import type { KeyRing } from '../credentials/key-ring.ts'
import { defaultFilters } from '../filters/default-filters.ts'
import { FilterSettingsStore } from '../filters/filter-settings-store.ts'
import type { Filters } from '../filters/filters.ts'
import { OwnWordStore } from '../filters/own-word-store.ts'
import { Paths as PathRules, thisPlatform } from '../filters/paths.ts'
import { InformationFlow } from '../flow/information-flow.ts'
import { ReadsStore } from '../flow/reads-store.ts'
import { defaultServerLimits, Limits } from '../limits/limits.ts'
import { QuotaStore } from '../limits/quotas/quota-store.ts'
import { Quotas } from '../limits/quotas/quotas.ts'
import { defaultThrottle, Throttle } from '../limits/throttle.ts'
import { GrantStore } from '../permissions/grant-store.ts'
import { Permissions } from '../permissions/permissions.ts'
import { SessionStore } from '../sessions/session-store.ts'
import { Sessions } from '../sessions/sessions.ts'
import { WorkspaceStore } from '../workspaces/workspace-store.ts'
import { Workspaces } from '../workspaces/workspaces.ts'
import { buildApps } from './apps.ts'
import { countAnswer, historyOf } from './counted-answers.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'
import { limitsOf } from './server-limits.ts'

/** Everything that says who may do what. */
export interface Areas {
  readonly permissions: Permissions
  readonly approvals: Approvals
  /** How often the person answered what. */
  readonly answers: AnswerStore
  readonly workspaces: Workspaces
  readonly sessions: Sessions
  readonly clients: Clients
  readonly pairing: BridgePairing
  /** The programs at the doors, and which of them used which API key. */
  readonly programs: Programs
  readonly keyPrograms: KeyPrograms
  /** What clients use that will go away. */
  readonly deprecated: DeprecatedUses
  /** Pairing by a code, for HTTP clients. */
  readonly devices: DevicePairing
  /** Short-lived tokens for HTTP clients. */
  readonly tokens: AccessTokens
  /** AI apps’ own configuration files. */
  readonly apps: AiApps
  readonly filters: Filters
  /** What sessions have read. */
  readonly flow: InformationFlow
  readonly limits: Limits
  readonly quotas: Quotas
  readonly quotaStore: QuotaStore
  /** Real paths and membership in folders. */
  readonly folders: PathRules
}

export interface AreaHooks {
  /** A session is over; connections and processes kept for it end. */
  readonly onSessionEnded: (session: SessionId) => void
  readonly home: string
  readonly bridgeCommand: string
}

export function buildAreas(base: Foundation, hosting: Hosting, hooks: AreaHooks): Areas {
  const { store, seal, events, config, audit } = base
  const tampered = (what: string) => (id: string) =>
    base.forged.found(`A ${what} (${id}) was changed outside Gatehouse and counts for nothing.`)
  const pathRules = new PathRules(thisPlatform(hooks.home))

  const workspaces = new Workspaces({
    store: new WorkspaceStore(store.db, seal, tampered('workspace')),
    members: (name) => ({
      servers: hosting.servers
        .list()
        .filter(({ workspace }) => workspace === name)
        .map((server) => server.name),
      clients: clients
        .list()
        .filter(({ workspace, state }) => workspace === name && state !== 'revoked')
        .map((client) => client.name),
    }),
    onChange: () => events.emit('workspaces.changed', {}),
  })
  const answers = new AnswerStore(store.db)
  const permissions = new Permissions({
    history: (call) => historyOf(answers.of(call.client.id, call.entry.name)),
    cell: (server) => {
      const { status } = hosting.cells.stateOf(server)
      return status === 'active' || status === 'verified' ? undefined : status
    },
    store: new GrantStore(store.db, seal),
    folders: pathRules,
    onChange: () => events.emit('permissions.changed', {}),
    onReport: (problem) => base.notice('problem', `Permissions: ${problem}`),
  })
  const sessions = new Sessions({
    store: new SessionStore(store.db, seal),
    onProblem: (error) => base.log.warn({ err: error }, 'sessions could not be written'),
    onChange: (session) => events.emit('sessions.changed', session),
    onEnded: (session) => {
      permissions.endSession(session)
      flow.endSession(session)
      hooks.onSessionEnded(session)
    },
  })
  const flow = new InformationFlow({
    store: new ReadsStore(store.db, base.cipher),
    printKey: derivedKey(base.keys.data, 'prints of secrets'),
    onProblem: (problem) => base.notice('problem', `Information flow: ${problem}.`),
  })
  const markValue = markedValue(derivedKey(base.keys.data, 'values of answers'))
  const approvals = new Approvals({
    store: new ApprovalStore(store.db, seal, contentCipher(base), tampered('question')),
    present: presentIn(hosting),
    preview: filePreview,
    remember: (decision) => {
      permissions.remember(clients.known(decision.clientId).name, decision)
      if (decision.flow !== undefined) flow.allow(decision.sessionId, decision)
    },
    onAsked: (question) => events.emit('approvals.asked', question),
    onSettled: (settled) => events.emit('approvals.settled', settled),
    auditNote: (note) => {
      audit.append(decisionEvent(note))
      countAnswer(answers, note, markValue)
    },
    answers: (client, entry) => answers.of(client, entry),
    markValue,
    language: () => base.settings.current.language,
    anchor: releaseAnchor(base.ring),
    patience: new PatienceStore(store.db),
    settings: () => ({
      expiryMs: config.approvals.expirySeconds * 1000,
      patienceMs: config.approvals.answerAfterSeconds * 1000,
      floodLimit: config.approvals.openPerClient,
    }),
  })
  const shutOut = (client: ClientId) => {
    sessions.endClient(client)
    approvals
      .withdrawClient(client)
      .catch((error) => base.log.error({ err: error }, 'what a client was owed could not all be withdrawn'))
  }
  const keyProgramStore = new KeyProgramStore(store.db, seal, tampered('program of an API key'))
  const clients: Clients = new Clients({
    store: new ClientStore(store.db, seal, tampered('client record')),
    secrets: base.ring,
    folder: base.paths.clients,
    sessions,
    onRevoked: (client, name) => {
      permissions.endClient(client, name)
      tokens.revokeAll({ client })
      answers.forget(client)
      shutOut(client)
    },
    onSuspended: (client) => shutOut(client),
    onKeyIssued: (id) => keyProgramStore.expectFirst(id),
    onKeyReplaced: (client, credentialId) => {
      tokens.revokeAll({ credentialId })
      sessions.endClient(client)
    },
    onChanged: (client) => events.emit('clients.changed', client),
    bridgeCommand: hooks.bridgeCommand,
  })
  const tokens = new AccessTokens({
    store: new TokenFamilyStore(store.db, seal, tampered('token family')),
    secrets: base.ring,
    client: (id) => clients.known(id),
    onReused: (id) => tokenReused(base, hosting, clients.known(id).name),
  })
  const programs = new Programs(new ProgramIdentities())
  const pairing = new BridgePairing({
    clients,
    sessions,
    programOf: (pid) => programs.ofBridge(pid),
    askPerson: (question) => approvals.askPerson(question),
    needWorkspace: (name) => workspaces.need(name),
    onCrossing: (client, wanted) => void audit.append(crossingEvent(client, wanted)),
    language: () => base.settings.current.language,
  })
  const deprecated = new DeprecatedUses((id, use) => {
    base.log.warn({ client: id, use }, 'a client uses what is deprecated')
    clients.seen(id)
  })
  const devices = new DevicePairing({
    clients,
    askPerson: (question) => approvals.askPerson(question),
    begin: async (client) => {
      void audit.append(devicePaired(clients.known(client).name))
      return tokens.begin(client)
    },
  })
  const keyPrograms = new KeyPrograms({
    store: keyProgramStore,
    isSound: () => base.tables.isSound(),
    askPerson: (question) => approvals.askPerson(question),
    onNewProgram: ({ client }, program, asked) => {
      void audit.append(keyProgramEvent(client.name, program.executable, asked))
      clients.seen(client.id)
    },
  })
  const filters = defaultFilters({
    knownValues: base.credentials.knownValues,
    paths: pathRules,
    onChange: () => events.emit('filters.changed', {}),
    words: new OwnWordStore(store.db, seal, base.cipher, () =>
      base.forged.found(
        'A word of yours that is looked for was changed outside Gatehouse and is not looked for. Add it again.',
      ),
    ),
    settings: new FilterSettingsStore(store.db, seal, () =>
      base.forged.found(
        'What you set for filters was changed outside Gatehouse; until you set it again, the strict policy holds.',
      ),
    ),
  })
  const quotaStore = new QuotaStore(store.db, seal, tampered('limit'))
  const quotas = new Quotas(quotaStore)
  const limits = new Limits({
    quotas,
    throttle: new Throttle(() => ({ ...defaultThrottle, callsPerWindow: config.limits.callsPerMinute })),
    refuse: (server) => hosting.supervisor.admit(server),
    serverLimits: (server) =>
      server.running === undefined ? serverLimits() : limitsOf(server, serverLimits(), hosting),
  })
  const serverLimits = () => ({
    ...defaultServerLimits,
    concurrency: config.limits.concurrency,
    deadlineMs: config.limits.deadlineSeconds * 1000,
  })
  const apps = buildApps(base, clients, hooks)
  const ours = {
    permissions,
    approvals,
    answers,
    workspaces,
    sessions,
    clients,
    pairing,
    deprecated,
    devices,
    programs,
    keyPrograms,
    tokens,
    apps,
    limits,
    quotas,
    quotaStore,
  }
  return { ...ours, filters, flow, folders: pathRules }
}

const devicePaired = (client: string) => ({
  action: 'client.pair',
  severity: 'warning' as const,
  summary: `“${client}” was paired by its code and given tokens`,
  client,
})

/** Either the app used it twice or somebody has a copy: which of both cannot be told, so neither goes on. */
function tokenReused({ audit, notice }: Foundation, { incidents }: Pick<Hosting, 'incidents'>, client: string): void {
  const summary = `A refresh token of “${client}” was used a second time, so all its tokens were revoked. If the app did not do that itself, somebody has a copy.`
  audit.append({ action: 'token.reused', severity: 'critical', summary, client })
  incidents.symptom('gatehouse' as ServerName, 'intrusion', summary)
  notice('problem', summary)
}

const decisionWords: Record<DecisionNote['state'], string> = {
  pending: 'was asked about',
  approved: 'was allowed',
  denied: 'was not allowed',
  expired: 'was not answered in time',
  cancelled: 'was withdrawn',
}

function decisionEvent({ id, kind, state, by, scope, client, entry, risk, bound }: DecisionNote) {
  const how = scope ? ` (${scope})` : ''
  const risky = kind === 'call' && risk !== undefined ? `, ${risk} risk` : ''
  return {
    action: `approval.${state}`,
    severity: state === 'approved' && scope !== 'once' ? ('warning' as const) : ('notice' as const),
    summary: `${entry} for ${client} ${decisionWords[state]}${how}${risky}${by ? `, by ${by}` : ''}`,
    client,
    approval: id,
    ...(bound === undefined ? {} : { workspace: bound.workspace }),
    ...(kind === 'call' ? { tool: entry } : {}),
    ...(state === 'approved' ? { decision: 'allow' } : state === 'denied' ? { decision: 'deny' } : {}),
  }
}

const crossingEvent = ({ name, workspace }: Client, wanted: string) => ({
  workspace,
  action: 'workspace.crossing',
  severity: 'critical' as const,
  summary: `${name} wanted into the workspace “${wanted}”, which is not its own, and was refused`,
  decision: 'deny',
  client: name,
})

const keyProgramEvent = (client: string, executable: string, asked: boolean) => ({
  action: 'key.program',
  severity: asked ? ('warning' as const) : ('notice' as const),
  summary: `The API key of ${client} is used by ${executable}${asked ? ', as the user agreed' : ' (the first program)'}`,
  client,
})

function contentCipher({ cipher }: Foundation) {
  return {
    encrypt: (text: string) => cipher.seal(Buffer.from(text), 'approval'),
    decrypt: (text: string) => cipher.open(text, 'approval').toString(),
  }
}

/** In the keychain, so that a used answer put back into the database is not honoured again. */
function releaseAnchor(ring: KeyRing): ReleaseAnchor {
  const name = 'approval-releases'
  return {
    load: async () => JSON.parse((await ring.get(name))?.toString() ?? '[]') as string[],
    save: async (marks) => ring.set(name, Buffer.from(JSON.stringify(marks))),
  }
}

/** By its pin: an address made from a template has a name of its own, and a prompt may be called like a tool. */
export const presentIn =
  ({ servers, catalog }: Pick<Hosting, 'servers' | 'catalog'>): ApprovalsParts['present'] =>
  (server, _entry, pin) => {
    const config = servers.get(server)
    const found = catalog.entries(server).find((entry) => entry.pin === pin)
    return config && found ? { server: config, entry: found } : undefined
  }

export const bridgeLauncher = (bin: string) =>
  join(bin, process.platform === 'win32' ? 'gatehouse-bridge.cmd' : 'gatehouse-bridge')
