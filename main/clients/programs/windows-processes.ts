import { win32 } from 'node:path'
import { z } from 'zod'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import { lineIn, type Processes, type RunningProcess } from './processes.ts'
import { powershell, type RunTool } from './run-tool.ts'

const listProcesses = `Get-CimInstance Win32_Process | Select-Object ProcessId, ParentProcessId, Name, ExecutablePath,
  @{ n = 'StartedAt'; e = { if ($_.CreationDate) { [DateTimeOffset]::new($_.CreationDate).ToUnixTimeMilliseconds() } } } |
  ConvertTo-Json -Compress`
const findCaller = `Get-NetTCPConnection -State Established -LocalAddress $env:CALLER_ADDRESS -LocalPort $env:CALLER_PORT -RemotePort $env:DOOR_PORT |
  Select-Object -First 1 -ExpandProperty OwningProcess`

const row = z.object({
  ProcessId: z.number(),
  ParentProcessId: z.number().nullish(),
  Name: z.string().nullish(),
  ExecutablePath: z.string().nullish(),
  StartedAt: z.number().nullish(),
})
const rows = z.union([z.array(row), row.transform((one) => [one])])

/**
 * CIM and the TCP table by PowerShell. A named pipe's other end is told only to the process that made the pipe, by a call
 * Node has not: so it counts that the process is one whose program this user may see. Tested on samples of what they
 * write, not on Windows.
 */
export function windowsProcesses(run: RunTool): Processes {
  const all = async () => processesIn(await powershell(run, listProcesses).catch(() => ''))
  return {
    lineOf: async (pid) => lineIn(await all(), pid),
    holdsLocalSocket: async (pid) => (await all()).get(pid) !== undefined,
    callerOf: async ({ doorPort, callerAddress, callerPort }) => {
      const ends = { CALLER_ADDRESS: callerAddress, CALLER_PORT: String(callerPort), DOOR_PORT: String(doorPort) }
      const pid = Number((await powershell(run, findCaller, ends).catch(() => '')).trim())
      return Number.isInteger(pid) && pid > 0 ? pid : undefined
    },
  }
}

/** Those whose program may be seen: of another user's, and of the system's own, the path is not told. */
export function processesIn(text: string): ReadonlyMap<number, RunningProcess> {
  const found = new Map<number, RunningProcess>()
  for (const one of rows.safeParse(parsed(text)).data ?? []) {
    const { ProcessId: pid, ParentProcessId: parent, ExecutablePath: executable, StartedAt: startedAt } = one
    if (!executable) continue
    const began = typeof startedAt === 'number' ? { startedAt: startedAt as EpochMs } : {}
    found.set(pid, { pid, parent: parent ?? 0, name: win32.basename(executable), executable, ...began })
  }
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
