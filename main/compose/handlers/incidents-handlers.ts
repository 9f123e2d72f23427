import type { z } from 'zod'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { health } from '../../../shared/contract/incidents.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { freeDiskOf } from '../../audit/disk-reserve.ts'
import { diskFinding } from '../doctor.ts'
import type { Foundation } from '../foundation.ts'
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
type Condition = Report['state']

export function healthHandlers(base: Foundation, hosting: Hosting): GatehouseHandlers['health'] {
  return {
    report: async () => {
      const components = await componentsOf(base, hosting)
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
  }
}

async function componentsOf(base: Foundation, { sandbox }: Hosting): Promise<Report['components']> {
  const { available, kind, problem } = await sandbox.status()
  const disk = diskFinding(freeDiskOf(base.paths.home)())
  const conditions = { ok: 'healthy', warning: 'degraded', problem: 'unhealthy' } as const
  return [
    { name: 'database', ...databaseHealth(base) },
    { name: 'disk', state: conditions[disk.state], detail: disk.finding },
    {
      name: 'sandbox',
      state: available ? 'healthy' : 'degraded',
      detail: available ? `Servers are confined by ${kind}.` : (problem ?? ''),
    },
  ]
}

function databaseHealth({ store }: Foundation): { state: Condition; detail: string } {
  try {
    store.db.prepare('SELECT 1').get()
    return { state: 'healthy', detail: 'It answers.' }
  } catch {
    return { state: 'unhealthy', detail: 'It does not answer.' }
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

const order: readonly Condition[] = ['healthy', 'degraded', 'unhealthy']
const worst = (states: readonly Condition[]): Condition =>
  order[Math.max(...states.map((one) => order.indexOf(one)))] ?? 'healthy'
