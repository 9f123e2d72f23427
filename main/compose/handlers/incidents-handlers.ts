import type { z } from 'zod'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { health } from '../../../shared/contract/incidents.ts'
import type { EpochMs, ServerName } from '../../../shared/domain/ids.ts'
import { type Checks, type Condition, worst } from '../../health/checks.ts'
import type { Hosting } from '../hosting.ts'
import { toShown } from '../repair.ts'
import { letGoOn } from '../security.ts'
import { type Note, noted } from './recorded.ts'

export function incidentsHandlers(hosting: Hosting, note: Note): GatehouseHandlers['incidents'] {
  const { incidents } = hosting
  return {
    list: ({ server, status }) => ({
      incidents: incidents.list({ ...(server ? { server } : {}), ...(status ? { status } : {}) }).map(toShown),
      figures: incidents.figures(),
    }),
    show: ({ id }) => toShown(incidents.need(id)),
    resolve: ({ id, leaveOff }, { description }) => {
      const { server } = incidents.need(id)
      const what = `The incident ${id} of “${server}” was called resolved${leaveOff ? '; the server stays as it is' : ''}`
      return noted(note, [description, 'incident.resolve', what], async () => {
        const resolved = incidents.resolve(id)
        if (!leaveOff) await letGoOn(hosting, id)
        return toShown(resolved)
      })
    },
  }
}

type Report = z.input<(typeof health.report)['output']>

export function healthHandlers(checks: Checks, hosting: Hosting): GatehouseHandlers['health'] {
  return {
    report: async () => {
      const components = (await checks.report()).map((one) => ({ ...one, checkedAt: one.checkedAt as EpochMs }))
      const servers = hosting.servers.list().map(({ name }) => serverHealth(hosting, name))
      const state = worst([...components.map((one) => one.state), ...servers.map(asPart)])
      return { state, components, servers }
    },
    behaviour: ({ server }) => {
      hosting.servers.need(server)
      const { behaviour } = hosting.security
      return { figures: [...behaviour.shown(server)], mixEntropy: behaviour.mixEntropy(server) }
    },
    usage: ({ server }) => {
      hosting.servers.need(server)
      return { samples: [...hosting.supervisor.upkeep.governor.samples(server)] }
    },
    usages: () => {
      const { governor } = hosting.supervisor.upkeep
      const running = hosting.servers.list().filter(({ name }) => governor.usage(name) !== undefined)
      return { servers: running.map(({ name }) => ({ name, samples: [...governor.samples(name)] })) }
    },
  }
}

function serverHealth(hosting: Hosting, name: ServerName): Report['servers'][number] {
  const { supervisor, administration, servers, incidents } = hosting
  const { state, problem } = administration.summary(servers.need(name))
  const processes = supervisor.upkeep.health.findings(name)
  const usage = supervisor.upkeep.governor.usage(name)
  const throttled = supervisor.upkeep.governor.isThrottled(name)
  const breaker = supervisor.hosted(name).breaker.state
  const troubled = breaker !== 'closed' || throttled || processes.some(({ well }) => !well)
  const failed = state === 'failed' || state === 'backing-off' || servers.need(name).disabledReason !== undefined
  return {
    name,
    state: failed ? 'unhealthy' : troubled || incidents.openOf(name) ? 'degraded' : 'healthy',
    detail: problem ?? state,
    breaker,
    throttled,
    processes,
    ...(usage === undefined ? {} : { usage }),
  }
}

/** A server that fails makes the whole less well, not ill: the others go on. */
const asPart = ({ state }: Report['servers'][number]): Condition => (state === 'healthy' ? 'healthy' : 'degraded')
