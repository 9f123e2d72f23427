import { connect } from 'node:net'
import { freeDiskOf } from '../audit/disk-reserve.ts'
import { type Check, Checks, type Condition, type Found } from '../health/checks.ts'
import type { Memory } from '../memory/memory.ts'
import { diskFinding } from './doctor.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'

/** A keychain that is locked may ask the person: not every half minute. */
const keychainEveryMs = 10 * 60_000

const conditions = { ok: 'healthy', warning: 'degraded', problem: 'unhealthy' } as const
const well = (detail: string): Found => ({ state: 'healthy', detail })

/** How well each part of Gatehouse is; servers are looked at by the supervisor. */
export function buildChecks(base: Foundation, { sandbox }: Hosting, memory: Memory): Checks {
  const checks: readonly Check[] = [
    { name: 'database', look: () => databaseFound(base) },
    { name: 'audit', look: () => auditFound(base) },
    { name: 'keychain', everyMs: keychainEveryMs, look: () => keychainFound(base) },
    { name: 'sandbox', look: () => sandboxFound(sandbox) },
    { name: 'bridge', look: () => answers(base.paths.socket) },
    { name: 'memory', look: () => memoryFound(memory) },
    { name: 'disk', look: () => diskFound(base) },
  ]
  return new Checks({
    checks,
    onChange: ({ name, state, detail }, before) => {
      base.log[state === 'healthy' ? 'info' : 'warn']({ part: name, state, before: before.state }, `health: ${detail}`)
      base.events.emit('health.changed', { name, state })
    },
  })
}

function databaseFound({ store, tables }: Foundation): Found {
  store.db.prepare('SELECT 1').get()
  if (!tables.isSound()) return { state: 'unhealthy', detail: 'It was changed outside Gatehouse.' }
  return well('It answers.')
}

function auditFound({ audit }: Foundation): Found {
  audit.assertWritable()
  return well(`${audit.size} entries; the next one can be written.`)
}

async function keychainFound({ ring }: Foundation): Promise<Found> {
  if ((await ring.get('key/rows')) === undefined)
    return { state: 'unhealthy', detail: 'Gatehouse’s keys are not there.' }
  return well(`Keys and secrets are in ${ring.describe()}.`)
}

async function sandboxFound(sandbox: Hosting['sandbox']): Promise<Found> {
  const { available, kind, problem } = await sandbox.status()
  return available ? well(`Servers are confined by ${kind}.`) : { state: 'degraded', detail: problem ?? '' }
}

/** Whether anybody listens; nothing is said, so nothing comes of it. */
function answers(socket: string): Promise<Found> {
  return new Promise((resolve, reject) => {
    const line = connect(socket)
    line.once('connect', () => {
      line.destroy()
      resolve(well('Bridges can connect.'))
    })
    line.once('error', (error: NodeJS.ErrnoException) => reject(new Error(`Bridges cannot connect (${error.code}).`)))
  })
}

/** Asked only for what is written already: a memory nobody uses is not started for this. */
function memoryFound(memory: Memory): Found {
  const count = memory.workspaces().length
  return well(count === 0 ? 'Nothing is kept yet.' : `Kept for ${count} ${count === 1 ? 'workspace' : 'workspaces'}.`)
}

function diskFound({ paths }: Foundation): Found {
  const { state, finding } = diskFinding(freeDiskOf(paths.home)())
  return { state: conditions[state as keyof typeof conditions], detail: finding }
}

export type { Condition }
