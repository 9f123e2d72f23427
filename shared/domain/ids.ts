/** Branded ids: two kinds can't be mixed up. Made by `newId`, read back with the `as…` functions at a parsed edge. */
type Brand<T, B extends string> = T & { readonly __brand: B }

export type ClientId = Brand<string, 'ClientId'>
export type SessionId = Brand<string, 'SessionId'>
export type CallId = Brand<string, 'CallId'>
export type ApprovalId = Brand<string, 'ApprovalId'>
export type GrantId = Brand<string, 'GrantId'>
/** A call that its client follows as a task. */
export type TaskId = Brand<string, 'TaskId'>
export type IncidentId = Brand<string, 'IncidentId'>
export type AlertId = Brand<string, 'AlertId'>
/** A hosted server's name: `[a-z0-9-]{1,24}`; `gatehouse` and `cli` are reserved. */
export type ServerName = Brand<string, 'ServerName'>
export type WorkspaceName = Brand<string, 'WorkspaceName'>
/** The stable name an AI app sees: `SERVER__NAME` for tools and prompts, the URI for resources. */
export type EntryName = Brand<string, 'EntryName'>
/** Wall-clock milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = Brand<number, 'EpochMs'>
/** Lower-case hex SHA-256. */
export type Sha256 = Brand<string, 'Sha256'>

export const defaultWorkspace = 'personal' as WorkspaceName

const prefixes = {
  client: 'cl',
  session: 'se',
  call: 'ca',
  approval: 'ap',
  grant: 'gr',
  task: 'ta',
  incident: 'in',
  alert: 'al',
} as const
type IdOf = {
  client: ClientId
  session: SessionId
  call: CallId
  approval: ApprovalId
  grant: GrantId
  task: TaskId
  incident: IncidentId
  alert: AlertId
}

const idBytes = 12
/** Random bytes drawn in bulk: one call of the system's generator costs more than a whole id. */
const pool = new Uint8Array(4096 - (4096 % idBytes))
let used = pool.length
const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function refill(): void {
  crypto.getRandomValues(pool)
  used = 0
}

/** A fresh random id, e.g. `ap_3f9c…` (96 random bits, Web Crypto). */
export function newId<K extends keyof typeof prefixes>(kind: K): IdOf[K] {
  if (used + idBytes > pool.length) refill()
  let hex = ''
  for (const end = used + idBytes; used < end; used++) hex += hexOf[pool[used] ?? 0]
  return `${prefixes[kind]}_${hex}` as IdOf[K]
}

export const serverNamePattern = /^[a-z0-9-]{1,24}$/
export const reservedServerNames: readonly string[] = ['gatehouse', 'cli']
