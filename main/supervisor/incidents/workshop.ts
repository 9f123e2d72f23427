import type { ServerName } from '../../../shared/domain/ids.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { serverFailed } from '../../../shared/errors.ts'
import type { HealthMonitor } from '../health/health-monitor.ts'
import type { HostedServer } from '../hosted-server.ts'
import type { InstalledPackages, LeaseSecrets } from '../ports.ts'
import type { ServerStore } from '../server-store.ts'
import type { IncidentStore } from './incident-store.ts'
import type { Trial, Workshop } from './repairer.ts'

export interface WorkshopParts {
  readonly servers: ServerStore
  readonly incidents: IncidentStore
  readonly packages: InstalledPackages
  readonly hosted: (name: ServerName) => HostedServer
  readonly health: Pick<HealthMonitor, 'isWell'>
  readonly lease: LeaseSecrets
  readonly onChange: (name: ServerName) => void
}

/** The repairs themselves, on hosted servers. A repair never gives a server a right it did not have. */
export function workshop(parts: WorkshopParts): Workshop {
  const { servers, hosted, onChange } = parts
  const tryOut = (name: ServerName) => started(parts, name)
  return {
    isWanted: (name) => servers.get(name)?.enabled === true,
    waitMs: (name) => hosted(name).waitMs(),
    restart: async (name) => {
      await endSilent(parts, hosted(name))
      return tryOut(name)
    },
    recreate: async (name) => {
      await hosted(name).stopAll()
      return tryOut(name)
    },
    lastGood: async (name) => {
      const again = await lastGoodOf(parts, servers.need(name))
      if (again === undefined) return undefined
      await hosted(name).stopAll()
      servers.set(name, { origin: again })
      return tryOut(name)
    },
    disable: (name, reason) => {
      if (servers.need(name).origin.kind === 'remote') return false
      servers.disable(name, reason)
      void hosted(name).stopAll()
      onChange(name)
      return true
    },
    mended: (name) => {
      hosted(name).breaker.close()
      onChange(name)
    },
  }
}

/** A process for a look at it: for a server that is shared it is the one everyone gets, which then stays. */
async function started({ servers, hosted, health, lease }: WorkshopParts, name: ServerName): Promise<Trial> {
  const server = hosted(name)
  const live = await server.start({ instance: 'repair', peer: undefined, secrets: await lease(servers.need(name)) })
  return {
    isWell: async () => server.isRunning(live) && (await health.isWell(live)),
    end: () => server.stopInstance('repair'),
  }
}

/** Sessions whose process answers keep it. */
async function endSilent({ health }: WorkshopParts, server: HostedServer): Promise<void> {
  const looks = [...server.running].map(async ([instance, live]) => {
    if (!(await health.isWell(live))) await server.stopInstance(instance)
  })
  await Promise.all(looks)
}

/**
 * Installs the version that last ran well again: only one the person agreed to under the same command, and only what
 * the registry served then.
 */
async function lastGoodOf(
  { incidents, packages }: WorkshopParts,
  { name, origin }: ServerConfig,
): Promise<ServerConfig['origin'] | undefined> {
  const good = incidents.goodPackage(name)
  if (origin.kind !== 'package' || origin.runner !== 'npx' || good?.spec !== origin.spec) return undefined
  const named = origin.spec.replace(/(?<=.)@[^@/]*$/, '')
  const installed = await packages.install({ server: name, spec: `${named}@${good.version}` })
  if (installed.integrity !== good.integrity)
    throw serverFailed(name, `${named} ${good.version} is no longer what it was when it worked.`)
  const { version, entry, integrity } = installed
  return { ...origin, installed: { version, entry, integrity } }
}

/** Notes which version of a package works, once a health check found it well. */
export function noteGoodPackage(incidents: IncidentStore, server: ServerConfig | undefined): void {
  if (server?.origin.kind !== 'package' || server.origin.installed === undefined) return
  const { spec, installed } = server.origin
  const known = incidents.goodPackage(server.name)
  if (known?.spec === spec && known.version === installed.version && known.integrity === installed.integrity) return
  incidents.setGoodPackage(server.name, { spec, version: installed.version, integrity: installed.integrity })
}
