import { statfsSync } from 'node:fs'
import { auditUnwritable } from '../../shared/errors.ts'

export interface DiskSpace {
  readonly freeBytes: number
  readonly totalBytes: number
}
export type FreeDisk = () => DiskSpace

/** 5 % of the disk, but no more than a large disk needs for this. */
const reservedPart = 0.05
const mostReservedBytes = 1024 ** 3
const lookAgainMs = 1000

export const freeDiskOf =
  (folder: string): FreeDisk =>
  () => {
    const { bavail, blocks, bsize } = statfsSync(folder)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  }

/**
 * Keeps the last 5 % of the disk (at most 1 GB) for the audit log: with less, calls that may change something are
 * refused, while refusals, reads and everything a person does to help are still recorded.
 */
export class DiskReserve {
  readonly #freeDisk: FreeDisk
  #lookedAt = Number.NEGATIVE_INFINITY
  #space: DiskSpace = { freeBytes: 0, totalBytes: 0 }

  constructor(freeDisk: FreeDisk) {
    this.#freeDisk = freeDisk
  }

  /** @throws audit.unwritable */
  assertRoom(): void {
    const { freeBytes, totalBytes } = this.#look()
    if (freeBytes >= Math.min(totalBytes * reservedPart, mostReservedBytes)) return
    const megabytes = Math.floor(freeBytes / 1024 ** 2)
    throw auditUnwritable(`only ${megabytes} MB of the disk are free, and the last 5 % are kept for the log`)
  }

  #look(): DiskSpace {
    const now = performance.now()
    if (now - this.#lookedAt >= lookAgainMs) {
      this.#space = this.#freeDisk()
      this.#lookedAt = now
    }
    return this.#space
  }
}
