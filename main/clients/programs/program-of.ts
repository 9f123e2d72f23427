import type { Program } from '../../../shared/domain/call.ts'
import { linuxProcesses } from './linux-processes.ts'
import { macProcesses } from './mac-processes.ts'
import type { LocalConnection, Processes, RunningProcess } from './processes.ts'
import { isSameMaker, type ProgramIdentities } from './program-identity.ts'
import { runTool } from './run-tool.ts'
import { windowsProcesses } from './windows-processes.ts'

/** Programs that start others on behalf of someone: who is behind them is what a person knows. */
const launchers =
  /^(sh|bash|dash|zsh|fish|ksh|env|npx|npm|npm exec.*|cmd\.exe|powershell\.exe|pwsh\.exe|pwsh|gatehouse-bridge|node-MainThread)$/i

/** The programs at the doors, as the operating system shows them. Evidence, not proof. */
export class Programs {
  readonly #processes: Processes | undefined

  constructor(
    private readonly identities: Pick<ProgramIdentities, 'of'>,
    processes: Processes | undefined = processesOf(process.platform),
  ) {
    this.#processes = processes
  }

  /**
   * The AI app behind a bridge: the nearest ancestor of the bridge that is no mere launcher. The bridge states its own pid,
   * and it is believed only as far as the operating system shows a process of this user with that pid holding a local socket.
   *
   * @param bridgePid as stated in the hello
   * @returns undefined where it cannot be told: another user's process, a pid that does not fit
   */
  async ofBridge(bridgePid: number): Promise<Program | undefined> {
    if (!this.#processes || !Number.isSafeInteger(bridgePid) || bridgePid <= 1) return undefined
    const [bridge, ...ancestors] = await this.#processes.lineOf(bridgePid)
    if (!bridge || !(await this.#processes.holdsLocalSocket(bridgePid))) return undefined
    return this.#shown(ancestors, bridge)
  }

  /** The program at the other end of a connection within this computer, or what launched it. */
  async ofCaller(connection: LocalConnection): Promise<Program | undefined> {
    const pid = await this.#processes?.callerOf(connection)
    const line = pid === undefined ? [] : ((await this.#processes?.lineOf(pid)) ?? [])
    return line[0] && this.#shown(line, line[0])
  }

  async #shown(line: readonly RunningProcess[], otherwise: RunningProcess): Promise<Program> {
    const at = line.findIndex(({ name, pid }) => pid > 1 && !launchers.test(name))
    const { pid, name, executable, startedAt } = line[at] ?? otherwise
    const identity = await this.identities.of(executable)
    return {
      pid,
      name,
      executable,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(identity ? { identity } : {}),
      parents: line.slice(at + 1).map((parent) => parent.name),
    }
  }
}

/** The same program as before, as far as can be told: where it lies and who made it. Pids and parents change. */
export function isSameProgram(before: Program | undefined, now: Program | undefined): boolean {
  return before?.executable === now?.executable && isSameMaker(before?.identity, now?.identity)
}

function processesOf(platform: NodeJS.Platform): Processes | undefined {
  if (platform === 'linux') return linuxProcesses
  if (platform === 'darwin') return macProcesses(runTool)
  return platform === 'win32' ? windowsProcesses(runTool) : undefined
}
