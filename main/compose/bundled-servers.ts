import { bundledNames } from '../../shared/contract/servers.ts'
import { defaultWorkspace, type EpochMs, type ServerName, type WorkspaceName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'

export type Bundled = (typeof bundledNames)[number]

/** As far as they differ; none has folders until the person names one. */
const settings = {
  filesystem: { sandbox: 2, shared: true },
  memory: { sandbox: 3, shared: false },
} as const satisfies Record<Bundled, Pick<ServerConfig, 'sandbox' | 'shared'>>

/** Characters of a server’s name. */
const longestName = 24

/** A server Gatehouse comes with, as it is added. */
export const bundledServer = (
  bundle: Bundled,
  { name = bundle as ServerName, workspace = defaultWorkspace }: Partial<Pick<ServerConfig, 'name' | 'workspace'>> = {},
): ServerConfig => ({
  name,
  workspace,
  origin: { kind: 'bundled', bundle },
  ...settings[bundle],
  allowedPaths: [],
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: false,
  enabled: true,
  addedAt: Date.now() as EpochMs,
})

/** The server of this kind a workspace has; of several, the one under its own name, else the oldest. */
export function bundledIn(
  servers: readonly ServerConfig[],
  bundle: Bundled,
  workspace: WorkspaceName,
): ServerConfig | undefined {
  const its = servers.filter(
    ({ origin, workspace: own }) => own === workspace && origin.kind === 'bundled' && origin.bundle === bundle,
  )
  return its.find(({ name }) => name === bundle) ?? its.toSorted((a, b) => a.addedAt - b.addedAt)[0]
}

/** A name for one more of this kind that no server has: its own, with the workspace behind it, or counted on. */
export function freeName(
  servers: readonly Pick<ServerConfig, 'name'>[],
  bundle: Bundled,
  workspace: WorkspaceName,
): ServerName {
  const taken = new Set<string>(servers.map(({ name }) => name))
  const cut = (end: string) => `${`${bundle}-${workspace}`.slice(0, longestName - end.length).replace(/-+$/, '')}${end}`
  if (workspace === defaultWorkspace && !taken.has(bundle)) return bundle as ServerName
  let name = cut('')
  for (let count = 2; taken.has(name); count++) name = cut(`-${count}`)
  return name as ServerName
}

/**
 * Each bundled server is there from the start, or, in a data folder that is older than it, from the first start that knows it;
 * once, so that one the person removed stays away. One that cannot be listed is tried again at the next start, and so is
 * what waits for the person to decide about a database that was changed.
 */
export async function giveBundledServers(
  { settings, tables, log, notice }: Foundation,
  { administration, servers }: Pick<Hosting, 'administration' | 'servers'>,
  fresh: boolean,
): Promise<void> {
  if (!tables.isSound()) return
  if (fresh) settings.change({ givenServers: [] })
  const given = new Set<string>(settings.current.givenServers)
  for (const bundle of bundledNames.filter((one) => !given.has(one)))
    try {
      const server = bundledServer(bundle)
      const isFree = servers.get(server.name) === undefined
      if (isFree) await administration.addBundled(server).catch(() => administration.addBundled(server)) // a computer just started is slow
      if (isFree && !fresh)
        notice(
          'info',
          `Gatehouse comes with the server “${bundle}” now. It is under Servers; remove it if you do not want it.`,
        )
      settings.change({ givenServers: [...given.add(bundle)] })
    } catch (error) {
      log.warn({ err: error }, `the ${bundle} server could not be listed`)
      notice(
        'problem',
        `The server “${bundle}” did not start. Restart Gatehouse to try again, or look at it with: gatehouse doctor`,
      )
    }
}
