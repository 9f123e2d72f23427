import type { QuotaKind } from '../../../shared/domain/running.ts'
import type { Usage } from './measure.ts'

/** What all processes of one server may use together. */
export interface Quota {
  /** Processor cores. */
  readonly cpu: number
  readonly memoryMb: number
  /** Read and written, a second. */
  readonly diskMb: number
  /** Calls at a time. */
  readonly connections: number
}

/**
 * @see spec, platform I: resource governor. Network traffic is measured and shown where a server has a network of its own
 * (`network-use.ts`); it is no quota, as it cannot be known of servers at level 0. `connections` are calls at a time.
 */
export const quotas: Readonly<Record<Exclude<QuotaKind, 'none'>, Quota>> = {
  filesystem: { cpu: 0.5, memoryMb: 512, diskMb: 100, connections: 10 },
  database: { cpu: 1, memoryMb: 1024, diskMb: 200, connections: 20 },
  web: { cpu: 0.3, memoryMb: 256, diskMb: 50, connections: 50 },
}

/** So much over a quota is still within it. */
const tolerance = 1.1
const mb = 1024 ** 2

/** How much of its tightest quota is used: 1 is the quota itself. */
export function shareUsed(usage: Usage, quota: Quota): number {
  return Math.max(
    usage.cpu / quota.cpu,
    usage.memoryBytes / (quota.memoryMb * mb),
    (usage.readBytes + usage.writtenBytes) / (quota.diskMb * mb),
  )
}

/** @returns the end of a sentence naming what is used too much, or undefined */
export function brokenQuota(usage: Usage, quota: Quota): string | undefined {
  if (usage.cpu > quota.cpu * tolerance)
    return `it uses ${usage.cpu.toFixed(2)} processor cores; its quota is ${quota.cpu}.`
  const memoryMb = usage.memoryBytes / mb
  if (memoryMb > quota.memoryMb * tolerance)
    return `it uses ${Math.round(memoryMb)} MB of memory; its quota is ${quota.memoryMb} MB.`
  const diskMb = (usage.readBytes + usage.writtenBytes) / mb
  if (diskMb > quota.diskMb * tolerance)
    return `it reads and writes ${Math.round(diskMb)} MB a second; its quota is ${quota.diskMb} MB.`
  return undefined
}
