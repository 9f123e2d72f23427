import type { QuotaKind } from '../../../shared/domain/running.ts'
import type { Usage } from './measure.ts'

/** What all processes of one server may use together. */
export interface Quota {
  /** Processor cores. */
  readonly cpu: number
  readonly memoryMb: number
  /** Read and written, a second. */
  readonly diskMb: number
  /** Sent and received, a second. Kept where a server has a network of its own: at level 0 it cannot be known. */
  readonly networkMb: number
  /** Calls at a time. */
  readonly connections: number
}

/**
 * @see spec, platform I: resource governor. `connections` are calls at a time.
 */
export const quotas: Readonly<Record<Exclude<QuotaKind, 'none'>, Quota>> = {
  filesystem: { cpu: 0.5, memoryMb: 512, diskMb: 100, networkMb: 50, connections: 10 },
  database: { cpu: 1, memoryMb: 1024, diskMb: 200, networkMb: 100, connections: 20 },
  web: { cpu: 0.3, memoryMb: 256, diskMb: 50, networkMb: 200, connections: 50 },
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
    (usage.networkBytes ?? 0) / (quota.networkMb * mb),
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
  const networkMb = (usage.networkBytes ?? 0) / mb
  if (networkMb > quota.networkMb * tolerance)
    return `it sends and receives ${Math.round(networkMb)} MB a second; its quota is ${quota.networkMb} MB.`
  return undefined
}
