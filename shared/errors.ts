import type { MemoryLimits } from './domain/memory.ts'
import type { errors } from './messages/en/errors.ts'

export type ErrorCode = keyof typeof errors

/** The one error that crosses a boundary: a stable code and the parameters of its sentences in `shared/messages`. */
export class GatehouseError extends Error {
  override readonly name = 'GatehouseError'
  constructor(
    readonly code: ErrorCode,
    readonly params: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(code, options)
  }
}

export const unexpected = (reference: string, cause: unknown) =>
  new GatehouseError('internal.unexpected', { reference }, { cause })
export const clientUnpaired = (client: string) => new GatehouseError('client.unpaired', { client })
export const clientRevoked = (client: string) => new GatehouseError('client.revoked', { client })
/** An API key came from a program it was not used by before, and the person did not agree (yet). */
export const keyElsewhere = (client: string, program: string) =>
  new GatehouseError('client.key-elsewhere', { client, program })
export const clientSuspended = (client: string) => new GatehouseError('client.suspended', { client })
export const pairingBusy = () => new GatehouseError('client.pairing-busy')
export const sessionEnded = () => new GatehouseError('session.ended')
export const rateLimited = (client: string, seconds: number) =>
  new GatehouseError('limits.rate', { client, seconds: String(seconds) })
export const serverRate = (server: string, seconds: number) =>
  new GatehouseError('limits.server-rate', { server, seconds: String(seconds) })
/** @param quota what is used up; `seconds` until it is whole again */
export const quotaSpent = (
  {
    holder,
    name,
    measure,
    per,
    most,
  }: Readonly<Record<'holder' | 'name' | 'measure' | 'per', string>> & { most: number },
  seconds: number,
) => new GatehouseError('limits.quota', { holder, name, measure, per, most: String(most), seconds: String(seconds) })
export const serverBusy = (server: string) => new GatehouseError('limits.busy', { server })
/** It does not read what it is sent. */
export const serverFull = (server: string) => new GatehouseError('limits.unread', { server })
/** @param most resources a session may watch at one server */
export const tooManyWatched = (server: string, most: number) =>
  new GatehouseError('limits.watched', { server, most: String(most) })
export const deadlineExceeded = (entry: string, seconds: number) =>
  new GatehouseError('limits.deadline', { entry, seconds: String(seconds) })
export const entryUnknown = (entry: string) => new GatehouseError('catalog.unknown', { entry })
export const entryQuarantined = (entry: string) => new GatehouseError('catalog.quarantined', { entry })
export const argumentsInvalid = (entry: string, problem: string) =>
  new GatehouseError('arguments.invalid', { entry, problem })
export const argumentsUnsafe = (entry: string, problem: string) =>
  new GatehouseError('arguments.unsafe', { entry, problem })
export const roundInvalid = (entry: string) => new GatehouseError('arguments.round', { entry })
export const tooLarge = (limit: string) => new GatehouseError('wire.too-large', { limit })
export const malformed = () => new GatehouseError('wire.malformed')
export const filterBlocked = (entry: string, filter: string, problem: string) =>
  new GatehouseError('filters.blocked', { entry, filter, problem })
/** @param rule its sentence; it stands within another one */
export const policyDenied = (entry: string, rule: string) =>
  new GatehouseError('policy.denied', { entry, rule: rule.replace(/\.$/, '') })
/** @param scopes what the API key is confined to */
export const keyScope = (entry: string, scopes: string) => new GatehouseError('client.key-scope', { entry, scopes })
export const approvalDenied = (entry: string, reason: string) =>
  new GatehouseError('approvals.denied', { entry, reason })
export const approvalWaiting = (entry: string, id: string, where: string) =>
  new GatehouseError('approvals.waiting', { entry, id, where })
export const approvalExpired = (entry: string) => new GatehouseError('approvals.expired', { entry })
export const approvalCancelled = (entry: string) => new GatehouseError('approvals.cancelled', { entry })
export const callCancelled = (entry: string) => new GatehouseError('call.cancelled', { entry })
export const callWithdrawn = (entry: string) => new GatehouseError('call.withdrawn', { entry })
export const approvalFlood = (client: string) => new GatehouseError('approvals.flood', { client })
export const approvalUnknown = (id: string) => new GatehouseError('approvals.unknown', { id })
export const approvalStale = (entry: string) => new GatehouseError('approvals.stale', { entry })
export const serverDisabled = (server: string, reason: string) =>
  new GatehouseError('server.disabled', { server, reason })
export const serverFailed = (server: string, problem: string, cause?: unknown) =>
  new GatehouseError('server.failed', { server, problem }, { cause })
export const serverCrashed = (server: string, problem: string) =>
  new GatehouseError('server.crashed', { server, problem })
export const signInNeeded = (server: string) =>
  new GatehouseError('server.sign-in-needed', { server, problem: 'it wants you to sign in.' })
export const scopeNeeded = (server: string, scopes: string) =>
  new GatehouseError('server.scope-needed', { server, scopes, problem: 'it wants rights you did not give it.' })
export const signInFailed = (server: string, problem: string) =>
  new GatehouseError('server.sign-in-failed', { server, problem })
export const serverUnknown = (server: string) => new GatehouseError('server.unknown', { server })
export const serverExists = (server: string) => new GatehouseError('server.exists', { server })
export const sandboxUnavailable = (server: string, problem: string, remedy: string) =>
  new GatehouseError('sandbox.unavailable', { server, problem, remedy })
export const inputInvalid = (problem: string) => new GatehouseError('input.invalid', { problem })
export const operatorRequired = () => new GatehouseError('operator.required')
export const operatorWrong = () => new GatehouseError('operator.wrong')
export const operatorDeclined = (verb: string) => new GatehouseError('operator.declined', { verb })
export const loginInvalid = (minutes: number) => new GatehouseError('browser.login', { minutes: String(minutes) })
export const requestForeign = () => new GatehouseError('browser.foreign')
/** @param given the setting that is there */
export const httpsIncomplete = (given: string, missing: string) =>
  new GatehouseError('https.incomplete', { given, missing })
export const portInUse = (port: number) => new GatehouseError('browser.port', { port: String(port) })
export const appNotRunning = (home: string) => new GatehouseError('app.not-running', { home })
export const auditUnwritable = (problem: string, cause?: unknown) =>
  new GatehouseError('audit.unwritable', { problem }, { cause })
export const auditLost = (entry: string, cause: unknown) => new GatehouseError('audit.lost', { entry }, { cause })
export const storeTampered = () => new GatehouseError('store.tampered')
export const storeNewer = (found: number, known: number) =>
  new GatehouseError('store.newer', { found: String(found), known: String(known) })
export const storeUnwritable = (folder: string, problem: string) =>
  new GatehouseError('store.unwritable', { folder, problem })
export const storeNoRoom = (folder: string, neededBytes: number, freeBytes: number) =>
  new GatehouseError('store.no-room', {
    folder,
    needed: String(Math.ceil(neededBytes / 1e6)),
    free: String(Math.floor(freeBytes / 1e6)),
  })
export const storeLocked = (pid: number) => new GatehouseError('store.locked', { pid: String(pid) })
export const keysUnavailable = (problem: string, remedy: string) =>
  new GatehouseError('keys.unavailable', { problem, remedy })
export const storeCorrupt = (file: string, problem: string, cause?: unknown) =>
  new GatehouseError('store.corrupt', { file, problem }, { cause })
export const secretMissing = (server: string, name: string) => new GatehouseError('secrets.missing', { server, name })
export const operatorThrottled = (seconds: number) =>
  new GatehouseError('operator.throttled', { seconds: String(seconds) })
export const operatorUnset = () => new GatehouseError('operator.unset')
export const appDebugged = (found: string) => new GatehouseError('app.debugged', { found })
export const appStopping = () => new GatehouseError('app.stopping')
/** Nothing was done. An app that is started again is back within ten seconds. */
export const appDraining = () => new GatehouseError('app.draining', { seconds: '10' })
export const appAbsent = (app: string, file: string) => new GatehouseError('apps.absent', { app, file })
export const appFileChanged = (file: string) => new GatehouseError('apps.changed', { file })
export const appFileUnparsable = (file: string, problem: string) =>
  new GatehouseError('apps.unparsable', { file, problem })
export const appFileUnsafe = (file: string, problem: string) => new GatehouseError('apps.unsafe', { file, problem })
export const cellPending = (server: string) => new GatehouseError('cell.pending', { server })
export const cellUndeclared = (entry: string, server: string) =>
  new GatehouseError('cell.undeclared', { entry, server })
export const cellUpdating = (server: string) => new GatehouseError('cell.updating', { server })
export const cellSuspended = (server: string, reason: string) =>
  new GatehouseError('cell.suspended', { server, reason })
export const cellRevoked = (server: string, reason: string) => new GatehouseError('cell.revoked', { server, reason })
/** @param reason the step's, whose sentence says what happened */
export const verificationStopped = () => new GatehouseError('audit.stopped')
export const privacyCancelled = () => new GatehouseError('privacy.cancelled')
export const privacyRunning = () => new GatehouseError('privacy.running')
/** @param problem what is wrong with it, in technical words */
export const bundleSignatureBroken = (problem: string) => new GatehouseError('bundle.signature', { problem })
export const cellFailed = (server: string, step: string, reason: string, params: Readonly<Record<string, string>>) =>
  new GatehouseError(reason === 'analysis.grave' || reason === 'analysis.squatting' ? 'cell.grave' : 'cell.failed', {
    ...params,
    server,
    step,
    reason,
  })
export const memoryUnknown = (name: string) => new GatehouseError('memory.unknown', { name })
export const memoryExists = (name: string) => new GatehouseError('memory.exists', { name })
/** @param limit what is limited; its words are in the catalogues */
export const memoryLimit = (limit: keyof MemoryLimits, most: number) =>
  new GatehouseError('memory.limit', { limit, most: String(most) })
export const memoryTooLarge = (megabytes: number) => new GatehouseError('memory.too-large', { most: String(megabytes) })
export const memoryNoWrite = (write: string) => new GatehouseError('memory.no-write', { write })
export const memoryUndone = (write: string) => new GatehouseError('memory.undone', { write })
export const memoryChangedSince = (name: string, write: string) =>
  new GatehouseError('memory.changed-since', { name, write })
export const memoryUnavailable = (problem: string, cause?: unknown) =>
  new GatehouseError('memory.unavailable', { problem }, { cause })
export const memoryBadFile = (line: number, reason: string) =>
  new GatehouseError('memory.bad-file', { line: String(line), reason })
export const memoryImportCancelled = () => new GatehouseError('memory.import-cancelled')
/** @see contextLimits */
export const memoryContextLimit = () => new GatehouseError('memory.context-limit')
export const memoryContextSecret = () => new GatehouseError('memory.context-secret')
export const memoryLearningOff = (client: string) => new GatehouseError('memory.learning-off', { client })
export const memoryEmbedder = (embedder: string, problem: string) =>
  new GatehouseError('memory.embedder', { embedder, problem })
