import type { z } from 'zod'
import type { finding } from '../../shared/contract/system.ts'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import { DiskReserve, type DiskSpace, freeDiskOf } from '../audit/disk-reserve.ts'
import type { Memory } from '../memory/memory.ts'
import { copiesBeforeUpdates } from '../store/before-update.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'
import { faultText } from './memory.ts'

type Finding = z.input<typeof finding>

const ok = (id: string, text: string): Finding => ({ id, state: 'ok', finding: text, remedy: '' })
const megabyte = 1024 ** 2
const gigabyte = 1024 ** 3
/** Free space of less than this many reserves is said beforehand. */
const nearFactor = 2

/** Looks at everything a person may have to do something about, and says what. Changes nothing. */
export async function examine(base: Foundation, hosting: Hosting, memory: Memory): Promise<Finding[]> {
  return [
    await sandboxFinding(hosting),
    keyFinding(base),
    await operatorFinding(base),
    await auditFinding(base),
    diskFinding(freeDiskOf(base.paths.home)()),
    ...updateFindings(base),
    ...(await memoryFindings(memory)),
    ...serverFindings(hosting),
    ...base.notices.map(
      (text, index): Finding => ({
        id: `notice-${index + 1}`,
        state: 'warning',
        finding: text,
        remedy: 'See the log for details.',
      }),
    ),
  ]
}

async function sandboxFinding({ sandbox }: Hosting): Promise<Finding> {
  const { available, kind, problem, remedy } = await sandbox.status()
  if (available) return ok('sandbox', `Servers are confined by ${kind}.`)
  return {
    id: 'sandbox',
    state: 'problem',
    finding: `Servers cannot be confined: ${problem ?? ''}`,
    remedy: remedy ?? '',
  }
}

function keyFinding({ ring }: Foundation): Finding {
  if (ring.vault?.state() === 'unwatched')
    return {
      id: 'keychain',
      state: 'warning',
      finding: `Keys and secrets are in ${ring.describe()}. No system keychain answers that could remember how far it has come, so an older copy of the whole data folder, put in its place, would not be found.`,
      remedy: 'Unlock or install a system keychain, or keep the data folder where no other program can write.',
    }
  return ok('keychain', `Keys and secrets are in ${ring.describe()}.`)
}

async function operatorFinding({ operator }: Foundation): Promise<Finding> {
  if (await operator.isSet()) return ok('operator', 'The operator passphrase is set.')
  return {
    id: 'operator',
    state: 'warning',
    finding: 'No operator passphrase is set, so the command line can change nothing.',
    remedy: 'Set it in the window, or with: gatehouse operator set',
  }
}

async function auditFinding({ audit }: Foundation): Promise<Finding> {
  const { valid, sentence } = await audit.verify()
  if (valid) return ok('audit', sentence)
  return {
    id: 'audit',
    state: 'problem',
    finding: sentence,
    remedy: 'Keep a copy of the audit folder and find out who changed it.',
  }
}

/** The way back after an update: an older Gatehouse reads nothing that a newer one changed. */
function updateFindings({ paths }: Foundation): Finding[] {
  return copiesBeforeUpdates(paths.backups).map(({ file }) => ({
    id: 'before-update',
    state: 'ok',
    finding: `The database as it was before the latest update is in ${file}, for thirty days.`,
    remedy: `To go back: stop Gatehouse, put that file in the place of ${paths.database} (without a -wal and -shm beside it), start the version you had, then: gatehouse integrity show`,
  }))
}

/** Warns before the part of the disk kept for the audit log is reached (audit/disk-reserve.ts), and says when it is. */
export function diskFinding(space: DiskSpace): Finding {
  const free = sizeInWords(space.freeBytes)
  if (reaches(space)) {
    const remedy = 'Free some space: until then calls that may change something are refused.'
    return {
      id: 'disk',
      state: 'problem',
      finding: `Only ${free} of disk are free: the rest is kept for the audit log.`,
      remedy,
    }
  }
  if (!reaches({ ...space, freeBytes: space.freeBytes / nearFactor })) return ok('disk', `${free} of disk are free.`)
  const remedy =
    'Free some space: with less than 5 % of the disk (at most 1 GB), calls that may change something are refused.'
  return { id: 'disk', state: 'warning', finding: `Only ${free} of disk are free.`, remedy }
}

function reaches(space: DiskSpace): boolean {
  try {
    new DiskReserve(() => space).assertRoom()
    return false
  } catch {
    return true
  }
}

const sizeInWords = (bytes: number): string =>
  bytes >= gigabyte ? `${(bytes / gigabyte).toFixed(1)} GB` : `${Math.floor(bytes / megabyte)} MB`

/** Checks what every workspace remembers; what is made from the rest is put right on the way. */
async function memoryFindings(memory: Memory): Promise<Finding[]> {
  const found = await Promise.all(memory.workspaces().map((workspace) => memoryFinding(memory, workspace)))
  return found.flat()
}

async function memoryFinding(memory: Memory, workspace: WorkspaceName): Promise<Finding[]> {
  const id = `memory-${workspace}`
  const faults = await memory
    .in(workspace)
    .check()
    .catch((error: Error) => [unreadable(error)])
  const { vectorIndex } = await memory
    .in(workspace)
    .overview()
    .catch(() => ({ vectorIndex: undefined }))
  const said = faults.map(faultText).join('; ')
  const state = faults.every(({ repaired }) => repaired) ? 'warning' : 'problem'
  const remedy =
    state === 'warning' ? 'Nothing: it is put right.' : 'Restore it from a backup, or export it and begin anew.'
  const first: Finding =
    faults.length === 0
      ? ok(id, `The memory of the workspace “${workspace}” is sound.`)
      : { id, state, finding: `The memory of the workspace “${workspace}”: ${said}.`, remedy }
  if (vectorIndex?.kind !== 'scan') return [first]
  const slow = `sqlite-vec cannot be loaded (${vectorIndex.problem}), so similar concepts are found slowly.`
  return [first, { id: `${id}-vectors`, state: 'warning', finding: slow, remedy: 'Reinstall Gatehouse.' }]
}

const unreadable = (error: Error) => ({
  problem: error instanceof GatehouseError ? sentence(error, 'person') : error.message,
  repaired: false,
})

function serverFindings({ administration }: Hosting): Finding[] {
  return administration.list().flatMap((server): Finding[] => {
    const found: Finding[] = []
    if (server.problem)
      found.push({
        id: `server-${server.name}`,
        state: 'warning',
        finding: `“${server.name}”: ${server.problem}`,
        remedy: `See: gatehouse servers logs ${server.name}`,
      })
    if (server.quarantined > 0)
      found.push({
        id: `review-${server.name}`,
        state: 'warning',
        finding: `${server.quarantined} entries of “${server.name}” are held back until you review them.`,
        remedy: `Review them under Servers, or with: gatehouse servers review ${server.name}`,
      })
    return found
  })
}
