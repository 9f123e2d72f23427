import { resolve } from 'node:path'
import { Command, CommanderError } from 'commander'
import { defaultHome } from '../../shared/wire/places.ts'
import { AppSession } from './app-session.ts'
import { alertCommands } from './commands/alerts.ts'
import { appCommands } from './commands/app.ts'
import { approvalCommands } from './commands/approvals.ts'
import { appConfigCommands } from './commands/apps.ts'
import { auditCommands } from './commands/audit.ts'
import { backupCommands } from './commands/backup.ts'
import { cellCommands } from './commands/cells.ts'
import { clientCommands } from './commands/clients.ts'
import { configCommands } from './commands/config.ts'
import { filterCommands } from './commands/filters.ts'
import { hostCommands } from './commands/hosts.ts'
import { incidentCommands } from './commands/incidents.ts'
import { integrityCommands } from './commands/integrity.ts'
import { limitCommands } from './commands/limits.ts'
import { memoryCommands } from './commands/memory.ts'
import { memoryContextCommands } from './commands/memory-context.ts'
import { memoryFileCommands } from './commands/memory-files.ts'
import { memoryUpkeepCommands } from './commands/memory-upkeep.ts'
import { metricsCommands } from './commands/metrics.ts'
import { operatorCommands } from './commands/operator.ts'
import { permissionCommands } from './commands/permissions.ts'
import { privacyCommands } from './commands/privacy.ts'
import { secretCommands } from './commands/secrets.ts'
import { serverCommands } from './commands/servers.ts'
import { sessionCommands } from './commands/sessions.ts'
import { signInCommands } from './commands/sign-ins.ts'
import { taskCommands } from './commands/tasks.ts'
import { toolCommands } from './commands/tools.ts'
import { updateCommands } from './commands/updates.ts'
import { workspaceViewCommands } from './commands/view.ts'
import { workspaceCommands } from './commands/workspaces.ts'
import { exitCodes, explain } from './failures.ts'
import { Output } from './output.ts'
import { type Surroundings, Terminal } from './terminal.ts'

/**
 * The command line: one file per group of verbs under commands/. Speaks to the running app over its local socket and shows
 * what it answers. Decides nothing, opens no file of the app but its address, and never takes a secret as an argument; the
 * app decides whether a verb needs the passphrase or a window.
 */
export interface Cli {
  readonly out: Output
  readonly terminal: Terminal
  /** The data folder. */
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** The contract, over a connection made at its first use. @throws app.not-running */
  readonly app: AppSession
}

/** Runs one verb with the global options of its command. @returns the exit code, 0 when nothing is returned */
export type Run = (command: Command, verb: (cli: Cli) => Promise<number | undefined>) => Promise<void>
export type CommandGroup = (program: Command, run: Run) => void

const groups: readonly CommandGroup[] = [
  appCommands,
  serverCommands,
  hostCommands,
  cellCommands,
  signInCommands,
  toolCommands,
  clientCommands,
  appConfigCommands,
  permissionCommands,
  filterCommands,
  approvalCommands,
  secretCommands,
  sessionCommands,
  taskCommands,
  auditCommands,
  backupCommands,
  configCommands,
  incidentCommands,
  alertCommands,
  limitCommands,
  integrityCommands,
  memoryCommands,
  memoryUpkeepCommands,
  memoryContextCommands,
  memoryFileCommands,
  metricsCommands,
  operatorCommands,
  updateCommands,
  privacyCommands,
  workspaceCommands,
  workspaceViewCommands,
]

/** @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage, 3 Gatehouse not running */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = exitCodes.done
  const program = new Command('gatehouse')
    .description('One guarded door between your AI apps and your computer.')
    .version(__GATEHOUSE_VERSION__)
    .option('--json', 'one JSON document on stdout, text for people on stderr')
    .option('--home <dir>', 'data folder of the Gatehouse to talk to')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
    })
  const run: Run = async (command, verb) => {
    const options = command.optsWithGlobals<{ json?: boolean; home?: string }>()
    exitCode = await runVerb(verb, options, surroundings)
  }
  for (const group of groups) group(program, run)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    throw error
  }
}

async function runVerb(
  verb: (cli: Cli) => Promise<number | undefined>,
  options: { json?: boolean; home?: string },
  surroundings: Surroundings,
): Promise<number> {
  const { env } = surroundings
  const out = new Output(surroundings, options.json ?? false)
  const terminal = new Terminal(surroundings)
  const home = resolve(options.home ?? defaultHome(env))
  const app = new AppSession({ home, env, terminal, note: (text) => out.note(text) })
  try {
    return (await verb({ out, terminal, home, env, app })) ?? exitCodes.done
  } catch (error) {
    const failure = explain(error)
    out.failed(failure)
    return failure.exitCode
  } finally {
    app.close()
  }
}
