import type { z } from 'zod'
import type { finding } from '../../shared/contract/system.ts'
import { DiskReserve, type DiskSpace, freeDiskOf } from '../audit/disk-reserve.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'

type Finding = z.input<typeof finding>

const ok = (id: string, text: string): Finding => ({ id, state: 'ok', finding: text, remedy: '' })
const megabyte = 1024 ** 2
const gigabyte = 1024 ** 3
/** Free space of less than this many reserves is said beforehand. */
const nearFactor = 2

/** Looks at everything a person may have to do something about, and says what. Changes nothing. */
export async function examine(base: Foundation, hosting: Hosting): Promise<Finding[]> {
  return [
    await sandboxFinding(hosting),
    keyFinding(base),
    await operatorFinding(base),
    await auditFinding(base),
    diskFinding(freeDiskOf(base.paths.home)()),
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
