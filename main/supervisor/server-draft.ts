import type { z } from 'zod'
import type { ServerDraft, serverChange } from '../../shared/contract/servers.ts'
import { defaultWorkspace, type EpochMs, type ServerName, type WorkspaceName } from '../../shared/domain/ids.ts'
import type { RunningSettings } from '../../shared/domain/running.ts'
import { secretsNamedIn } from '../../shared/domain/secret-reference.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { inputInvalid } from '../../shared/errors.ts'
import { givenFolders } from './given-folders.ts'
import type { ServerStore } from './server-store.ts'

/*
 * From what a person says of a server to how it is configured.
 */

export type Change = Partial<Omit<z.output<typeof serverChange>, 'name'>> & { readonly workspace?: WorkspaceName }

/** What says what a process may do; a remote server stays at sandbox 0, whatever is set. */
const ofProcesses = ['sandbox', 'allowedPaths', 'allowedHosts', 'env'] as const

/** @throws input.invalid */
export function configOf(
  draft: Omit<ServerDraft, 'command' | 'args'>,
  origin: ServerConfig['origin'],
  now: number,
): ServerConfig {
  return {
    name: draft.name,
    workspace: draft.workspace ?? defaultWorkspace,
    origin,
    sandbox: draft.sandbox ?? 2,
    allowedPaths: givenFolders(origin, draft.allowedPaths ?? [], [], now as EpochMs),
    allowedHosts: draft.allowedHosts ?? [],
    env: knowing(draft.env ?? {}, draft.secretNames ?? []),
    secretNames: draft.secretNames ?? [],
    trusted: draft.trusted ?? false,
    shared: draft.shared ?? false,
    ...(draft.context ? { context: true } : {}),
    ...(draft.running ? { running: settled(draft.running) } : {}),
    enabled: true,
    addedAt: now as EpochMs,
  }
}

/** What is set anew. @throws server.unknown, input.invalid */
export function configChange(store: ServerStore, name: ServerName, change: Change, now: number): Partial<ServerConfig> {
  const { origin, secretNames, allowedPaths: before } = store.need(name)
  if (origin.kind === 'remote' && ofProcesses.some((setting) => change[setting] !== undefined))
    throw inputInvalid('Nothing of a remote server runs here: it has no sandbox, folders, hosts or environment.')
  const { allowedPaths, running, ...rest } = change
  if (change.env) knowing(change.env, change.secretNames ?? secretNames)
  const paths =
    allowedPaths === undefined ? {} : { allowedPaths: givenFolders(origin, allowedPaths, before, now as EpochMs) }
  const run = running === undefined ? {} : { running: runningWith(store, name, running) }
  return { ...defined(rest), ...paths, ...run }
}

/** @throws input.invalid when a server is to stand in for itself, or one that does not exist */
function runningWith(store: ServerStore, name: ServerName, change: NonNullable<Change['running']>): RunningSettings {
  for (const other of change.fallback ?? [])
    if (other === name || store.get(other) === undefined)
      throw inputInvalid(`“${other}” cannot stand in for “${name}”: name another server that you added.`)
  return settled({ ...store.need(name).running, ...defined(change) })
}

/** @throws input.invalid for a value with a secret that the server does not have */
function knowing(env: ServerConfig['env'], secretNames: readonly string[]): ServerConfig['env'] {
  for (const [variable, value] of Object.entries(env)) {
    const unknown = secretsNamedIn(value).find((name) => !secretNames.includes(name))
    if (unknown !== undefined)
      throw inputInvalid(
        `${variable} refers to the secret “${unknown}”, which this server does not have. Name it as one of its secrets.`,
      )
  }
  return env
}

/** Without those that go back to their default. */
const settled = (running: object): RunningSettings =>
  Object.fromEntries(Object.entries(running).filter(([, value]) => value !== undefined && value !== null))

/** Without the members that are undefined, which a partial change may carry. */
function defined<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
