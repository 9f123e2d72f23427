import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { dirname } from 'node:path'
import { storeLocked, storeUnwritable } from '../../shared/errors.ts'

export interface FolderLock {
  /** Gives the folder free. Does nothing when the lock is no longer ours. */
  release(): void
}

interface Holder {
  readonly pid: number
  /** What tells this process from a later one with the same number. */
  readonly started: string
  readonly token: string
}

/**
 * One Gatehouse a data folder, whatever its shell. The lock names a process and its start; a lock whose process is
 * gone, or whose number another process has by now, is taken over.
 *
 * @throws store.locked when a living process holds it
 * @throws store.unwritable
 */
export function takeLock(file: string): FolderLock {
  const mine: Holder = { pid: process.pid, started: startOf(process.pid) ?? '', token: randomBytes(12).toString('hex') }
  for (let attempt = 0; attempt < 5; attempt++) {
    if (place(file, mine)) return { release: () => releaseIfMine(file, mine) }
    const holder = read(file)
    if (holder && lives(holder)) throw storeLocked(holder.pid)
    clearStale(file, holder)
  }
  throw storeLocked(read(file)?.pid ?? 0)
}

/** The file appears with its contents, or not at all. @returns false when there is one already */
function place(file: string, mine: Holder): boolean {
  const draft = `${file}.${mine.token}`
  try {
    writeFileSync(draft, JSON.stringify(mine), { mode: 0o600, flag: 'wx' })
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw storeUnwritable(dirname(file), (error as Error).message)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Moves a stale lock away; puts it back when another process replaced it in between. */
function clearStale(file: string, stale: Holder | undefined): void {
  const away = `${file}.stale-${randomBytes(6).toString('hex')}`
  try {
    renameSync(file, away)
    if (read(away)?.token !== stale?.token) linkSync(away, file)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOENT' && code !== 'EEXIST') throw storeUnwritable(dirname(file), (error as Error).message)
  } finally {
    rmSync(away, { force: true })
  }
}

function releaseIfMine(file: string, mine: Holder): void {
  if (read(file)?.token === mine.token) rmSync(file, { force: true })
}

function read(file: string): Holder | undefined {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder> | null
    if (typeof found?.pid !== 'number' || typeof found.started !== 'string') return undefined
    return { pid: found.pid, started: found.started, token: String(found.token) }
  } catch {
    return undefined
  }
}

function lives(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const started = startOf(holder.pid)
  return started === undefined || holder.started === '' || started === holder.started
}

/** When a process began, as this system tells it; undefined where it does not tell. */
function startOf(pid: number): string | undefined {
  try {
    if (platform() === 'linux') return linuxStart(pid)
    if (platform() === 'darwin')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)])
        .toString()
        .trim()
  } catch {
    return undefined
  }
  return undefined
}

/** Boot id and field 22 of /proc/PID/stat, in clock ticks since boot. @see proc(5) */
function linuxStart(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${afterName[19]}`
}
