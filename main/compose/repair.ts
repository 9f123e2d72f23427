import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import { IncidentStore } from '../supervisor/incidents/incident-store.ts'
import { Incidents } from '../supervisor/incidents/incidents.ts'
import { Repairer } from '../supervisor/incidents/repairer.ts'
import { noteGoodPackage, workshop } from '../supervisor/incidents/workshop.ts'
import type { LaunchParts } from '../supervisor/launch.ts'
import type { LeaseSecrets } from '../supervisor/ports.ts'
import type { ServerStore } from '../supervisor/server-store.ts'
import type { Supervisor, SupervisorParts } from '../supervisor/supervisor.ts'
import type { Foundation } from './foundation.ts'

export interface Repair {
  readonly incidents: Incidents
  readonly hooks: Pick<SupervisorParts, 'onTrouble' | 'onGivenUp' | 'onThrottle' | 'onChecked'>
  /** Which version of a removed server's package worked counts for nothing. */
  readonly forget: (server: ServerName) => void
  /** Nothing is repaired any more. */
  stop(): void
}

export interface RepairParts {
  readonly servers: ServerStore
  readonly packages: LaunchParts['packages']
  readonly lease: LeaseSecrets
  readonly supervisor: () => Supervisor
}

/** What happens when a server is in trouble: an incident, a repair, a record, and the person is told how it ended. */
export function buildRepair(base: Foundation, { servers, packages, lease, supervisor }: RepairParts): Repair {
  let stopped = false
  const store = new IncidentStore(base.store.db)
  const incidents = new Incidents({
    store,
    now: () => Date.now() as EpochMs,
    redact: base.redact,
    onChange: (incident) => {
      base.log.info({ incident: incident.id, server: incident.server, status: incident.status }, 'an incident')
      base.events.emit('incidents.changed', toShown(incident))
    },
  })
  const bench = workshop({
    servers,
    incidents: store,
    packages,
    hosted: (name) => supervisor().hosted(name),
    health: { isWell: (live) => supervisor().upkeep.health.isWell(live) },
    lease,
    onChange: (name) => supervisor().changed(name),
  })
  const repairer = new Repairer({
    incidents,
    workshop: { ...bench, isWanted: (name) => !stopped && bench.isWanted(name) },
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
    tell: (sentence) => {
      base.audit.append({ action: 'server.failed', severity: 'warning', summary: sentence })
      base.notice('problem', sentence)
    },
    onError: (error) => base.log.error({ err: error }, 'a repair failed'),
  })
  return {
    incidents,
    forget: store.forgetGoodPackage,
    stop: () => {
      stopped = true
    },
    hooks: {
      onTrouble: (server, kind, detail) => {
        if (stopped) return
        base.log.warn({ server, kind }, 'a server is in trouble')
        repairer.report(server, kind, detail)
      },
      onGivenUp: (server, reason) => repairer.gaveUp(server, reason),
      onThrottle: (server, throttled, problem) => {
        const what = throttled ? `gets one call at a time: ${problem}` : 'is within its quota again'
        const severity = throttled ? 'warning' : 'info'
        base.audit.append({ action: 'server.throttle', severity, summary: `“${server}” ${what}`, server })
        if (throttled) base.notice('warning', `“${server}” ${what}`)
      },
      onChecked: (server, well) => {
        if (well) noteGoodPackage(store, servers.get(server))
      },
    },
  }
}

/** Lists the contract may carry on: it promises nobody else changes them. */
export const toShown = ({ symptoms, attempts, ...incident }: ReturnType<Incidents['need']>) => ({
  ...incident,
  symptoms: [...symptoms],
  attempts: [...attempts],
})
