import { bundledNames } from '../../shared/contract/servers.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'

export type Bundled = (typeof bundledNames)[number]

/** As far as they differ; none has folders until the person names one. */
const settings = {
  filesystem: { sandbox: 2, shared: true },
  memory: { sandbox: 3, shared: false },
} as const satisfies Record<Bundled, Pick<ServerConfig, 'sandbox' | 'shared'>>

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

/**
 * Each bundled server is there from the start, or, in a data folder that is older than it, from the first start that knows it;
 * once, so that one the person removed stays away. One that cannot be listed is tried again at the next start.
 */
export async function giveBundledServers(
  { settings, log, notice }: Foundation,
  { administration, servers }: Pick<Hosting, 'administration' | 'servers'>,
  fresh: boolean,
): Promise<void> {
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
