import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/**
 * Every process Gatehouse starts for a server carries a mark in its environment, and hands it on to what it starts itself:
 * one that leaves its group and session is still known. `INSTALLATION.RUN.NUMBER`; no secret. Not one of the `GATEHOUSE_…`
 * names, which are settings to an app that a server might start.
 */
export const markName = '_GATEHOUSE_RUN'

/** The first part of a mark: the same at every start on one data folder. */
export const installationOf = (recordFile: string): string =>
  createHash('sha256').update(recordFile).digest('hex').slice(0, 16)

/** A process that starts others while they are ended is looked for again. */
const mostRounds = 20

/**
 * Ends every process whose mark is one of these or begins with one of them and a dot. Linux only: elsewhere environments of
 * others can't be read.
 * @returns how many were ended
 */
export function endMarked(marks: readonly string[]): number {
  const ended = new Set<number>()
  for (let round = 0; round < mostRounds; round++) {
    const found = markedWith(marks).filter((pid) => !ended.has(pid)) // one that was killed can start nothing more
    if (found.length === 0) break
    for (const pid of found) kill(pid)
    for (const pid of found) ended.add(pid)
  }
  return ended.size
}

/** @returns undefined when it has none, or can't be read */
export function markOf(pid: number): string | undefined {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`
    const at = environment.indexOf(`\0${markName}=`)
    return at < 0 ? undefined : environment.slice(at + markName.length + 2).split('\0', 1)[0]
  } catch {
    return undefined
  }
}

function markedWith(marks: readonly string[]): number[] {
  if (process.platform !== 'linux' || marks.length === 0) return []
  const own = markOf(process.pid) // of an app that a server started: it does not end itself and its helpers
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      const mark = markOf(pid)
      return mark !== undefined && mark !== own && marks.some((one) => mark === one || mark.startsWith(`${one}.`))
    })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // already gone
  }
}
