import { basename } from 'node:path'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import { type LocalConnection, lineIn, type Processes, type RunningProcess } from './processes.ts'
import type { RunTool } from './run-tool.ts'

const lsof = '/usr/sbin/lsof'
const ps = '/bin/ps'

/** `ps` and `lsof`, which show this user's sockets only. Tested on samples of what they write, not on a Mac. */
export function macProcesses(run: RunTool): Processes {
  return {
    lineOf: async (pid) =>
      lineIn(processesIn(await run(ps, ['-axww', '-o', 'pid=,ppid=,lstart=,comm=']).catch(() => '')), pid),
    holdsLocalSocket: async (pid) =>
      /^f\d/m.test(await run(lsof, ['-nP', '-a', '-U', '-p', String(pid), '-F', 'pfn']).catch(() => '')),
    callerOf: async (connection) => {
      const args = ['-nP', `-iTCP:${connection.callerPort}`, '-sTCP:ESTABLISHED', '-F', 'pfn']
      return callerIn(await run(lsof, args).catch(() => ''), connection)
    },
  }
}

/** Rows like `  501     1 Mon Nov 24 09:12:33 2025     /Applications/Editor.app/Contents/MacOS/Editor`. */
export function processesIn(table: string): ReadonlyMap<number, RunningProcess> {
  const rows = table.matchAll(/^\s*(\d+)\s+(\d+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(\S.*?)\s*$/gm)
  return new Map(
    [...rows].map(([, pid, parent, began, executable = '']) => {
      const startedAt = Date.parse(began ?? '') as EpochMs
      const known = Number.isNaN(startedAt) ? {} : { startedAt }
      return [
        Number(pid),
        { pid: Number(pid), parent: Number(parent), name: basename(executable), executable, ...known },
      ]
    }),
  )
}

/** Lines `p4242` for a process, `f23` for what it holds, `n127.0.0.1:51234->127.0.0.1:7777` for where that leads. */
export function callerIn(fields: string, { doorPort, callerAddress, callerPort }: LocalConnection): number | undefined {
  const isIt = (name: string) => name.startsWith(`n${callerAddress}:${callerPort}->`) && name.endsWith(`:${doorPort}`)
  let pid: number | undefined
  for (const line of fields.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1))
    else if (isIt(line.trim())) return pid
  }
  return undefined
}
