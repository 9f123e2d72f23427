/** Branded ids: two kinds can't be mixed up. Made by `newId`, read back with the `as…` functions at a parsed edge. */
type Brand<T, B extends string> = T & { readonly __brand: B }

export type ClientId = Brand<string, 'ClientId'>
export type SessionId = Brand<string, 'SessionId'>
export type CallId = Brand<string, 'CallId'>
export type ApprovalId = Brand<string, 'ApprovalId'>
export type GrantId = Brand<string, 'GrantId'>
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

const prefixes = { client: 'cl', session: 'se', call: 'ca', approval: 'ap', grant: 'gr' } as const
type IdOf = { client: ClientId; session: SessionId; call: CallId; approval: ApprovalId; grant: GrantId }

/** A fresh random id, e.g. `ap_3f9c…` (96 random bits, Web Crypto). */
export function newId<K extends keyof typeof prefixes>(kind: K): IdOf[K] {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return `${prefixes[kind]}_${hex}` as IdOf[K]
}

export const serverNamePattern = /^[a-z0-9-]{1,24}$/
export const reservedServerNames: readonly string[] = ['gatehouse', 'cli']
