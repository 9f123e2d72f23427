import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { endMarked, installationOf } from './marks.ts'
import { endGroup, type Known } from './processes.ts'

/** Replaces the record in one step: a reader sees the old one or the new one. */
export function writeRecord(file: string, watched: readonly Known[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const next = `${file}.next`
  writeFileSync(next, JSON.stringify(watched), { mode: 0o600 })
  renameSync(next, file)
}

export function forgetRecord(file: string): void {
  rmSync(file, { force: true })
}

/**
 * At start: ends server processes a former run of the app left behind. A process whose start time differs is somebody
 * else's and is left alone.
 * Whatever carries a mark of this data folder goes too: it left its group, or was started in the moment the app was killed.
 * @returns how many groups and marked processes were ended
 */
export function reapLeftovers(file: string): number {
  const left = readRecord(file).filter((known) => endGroup(known, 'SIGKILL'))
  const marked = endMarked([installationOf(file)])
  forgetRecord(file)
  return left.length + marked
}

function readRecord(file: string): Known[] {
  let found: unknown
  try {
    found = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return []
  }
  return Array.isArray(found) ? found.filter(isKnown) : []
}

export function isKnown(value: unknown): value is Known {
  const known = value as Partial<Known> | null
  const { pid, started, boot } = known ?? {}
  return Number.isSafeInteger(pid) && Number(pid) > 1 && typeof started === 'string' && typeof boot === 'string'
}
