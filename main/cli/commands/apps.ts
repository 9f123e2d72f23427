import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { FileChange, ImportPlan } from '../../../shared/contract/apps.ts'
import type { WorkspaceName } from '../../../shared/domain/ids.ts'
import type { Cli, CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { levelName } from '../option-values.ts'

interface Agreement {
  readonly yes?: boolean
}
interface Placed extends Agreement {
  readonly workspace?: string
}
interface ImportOptions extends Placed {
  readonly server?: string[]
  readonly replace?: boolean
  readonly folder?: string
}

/** clients detect, connect APP, disconnect APP, import APP: AI apps and their own configuration files. */
export const appConfigCommands: CommandGroup = (program, run) => {
  const clients = program.commands.find((command) => command.name() === 'clients') ?? program.command('clients')

  clients
    .command('detect')
    .description('the AI apps on this computer, and whether they use Gatehouse')
    .option('--all', 'also those that were not found')
    .action((options: { all?: boolean }, command) => run(command, (cli) => detect(cli, options.all ?? false)))

  agreeing(clients.command('connect <app>'), 'shows the change of the app’s configuration and makes it')
    .option('--workspace <name>', 'the workspace it is to be in')
    .action((app: string, options: Placed, command) =>
      run(command, (cli) => change(cli, options, { app, verb: 'Connect', ...connecting(cli, app, options) })),
    )

  agreeing(clients.command('disconnect <app>'), 'puts the app’s configuration back as it was').action(
    (app: string, options: Agreement, command) =>
      run(command, (cli) => change(cli, options, { app, verb: 'Disconnect', ...disconnecting(cli, app) })),
  )

  agreeing(clients.command('import <app>'), 'makes the app’s own servers servers of Gatehouse')
    .option('--server <name>', 'only this one (repeatable)', (name: string, all: string[] = []) => [...all, name])
    .option('--folder <dir>', 'those the app finds in a project’s folder (.mcp.json, .vscode/mcp.json, …)')
    .option('--replace', 'in the app’s file, put Gatehouse in the place of those imported')
    .option('--workspace <name>', 'the workspace they are to be in, and the app with --replace')
    .action((app: string, options: ImportOptions, command) => run(command, (cli) => importFrom(cli, app, options)))
}

const agreeing = (command: Command, description: string) =>
  command.description(description).option('--yes', 'agree to what is shown without being asked')

async function detect({ app, out }: Cli, all: boolean): Promise<number> {
  const { apps } = await app.api.apps.detect()
  const shown = apps.filter(({ found }) => found || all)
  out.result({ apps: shown }, () => {
    if (shown.length === 0) {
      out.line('No AI app was found. For any other: gatehouse clients snippet NAME')
      return
    }
    out.table(
      ['APP', 'CONNECTED', 'SERVERS', 'FILE'],
      shown.map((one) => [
        one.id,
        { text: one.connected ? 'yes' : 'no', style: one.connected ? 'green' : 'plain' },
        one.problem ? '?' : String(one.servers.length),
        one.fileExists ? one.file : `${one.file} (not there yet)`,
      ]),
    )
    for (const { title, problem } of shown) if (problem) out.line(`${title}: ${problem}`, 'yellow')
  })
  return exitCodes.done
}

interface Steps {
  readonly app: string
  readonly verb: 'Connect' | 'Disconnect'
  readonly preview: () => Promise<FileChange>
  readonly make: (shown: FileChange) => Promise<FileChange>
}

const placeOf = ({ workspace }: Placed) => (workspace === undefined ? {} : { workspace: workspace as WorkspaceName })

const connecting = ({ app: { api } }: Cli, app: string, options: Placed) => ({
  preview: () => api.apps.previewConnect({ app, ...placeOf(options) }),
  make: ({ file, preview }: FileChange) => api.apps.connect({ app, file, preview, ...placeOf(options) }),
})

const disconnecting = ({ app: { api } }: Cli, app: string) => ({
  preview: () => api.apps.previewDisconnect({ app }),
  make: ({ file, preview }: FileChange) => api.apps.disconnect({ app, file, preview }),
})

/** Shows the diff, asks, and makes exactly that change. */
async function change(cli: Cli, { yes }: Agreement, steps: Steps): Promise<number> {
  const shown = await steps.preview()
  showDiff(cli, shown)
  const question = `${steps.verb} ${shown.title} by this change?`
  if (!yes && !(await cli.terminal.agrees(question)))
    throw new WrongUsage('Nothing was changed. Agree with y, or add --yes.')
  const made = await steps.make(shown)
  cli.out.result(made, () =>
    cli.out.line(
      steps.verb === 'Connect'
        ? `${made.title} is connected. Restart it; undo with: gatehouse clients disconnect ${made.app}`
        : `${made.title} is as it was before. Restart it.`,
      'green',
    ),
  )
  return exitCodes.done
}

function showDiff({ out }: Cli, { diff }: FileChange): void {
  for (const line of diff.split('\n')) out.note(line)
}

async function importFrom(cli: Cli, name: string, options: ImportOptions): Promise<number> {
  const { app, out, terminal } = cli
  if (options.folder !== undefined && options.replace)
    throw new WrongUsage('A project’s file is shared with others, so it is not changed: leave out --replace.')
  const place =
    options.folder === undefined ? {} : { folder: resolve(terminal.surroundings.workingFolder, options.folder) }
  const { servers, preview } = await app.api.apps.previewImport({ app: name, ...place })
  const wanted = servers.filter((one) => !options.server || options.server.includes(one.name))
  if (wanted.length === 0) {
    out.result({ servers: [] }, () => out.line('The app has no servers of its own to import.'))
    return exitCodes.done
  }
  for (const one of wanted) showPlan(cli, one)
  const possible = wanted.filter(({ problem }) => problem === undefined).map((one) => one.name)
  if (possible.length === 0) throw new WrongUsage('None of them can be imported.')
  if (!options.yes && !(await terminal.agrees(`Import ${possible.join(', ')} and run or connect to this?`)))
    throw new WrongUsage('Nothing was imported. Agree with y, or add --yes.')
  const acceptPins = options.yes ?? false
  if (options.replace) await app.api.apps.previewReplace({ app: name, servers: possible, ...placeOf(options) }) // or nothing is imported
  const done = await app.api.apps.import({
    app: name,
    ...place,
    servers: possible,
    preview,
    acceptPins,
    ...placeOf(options),
  })
  const added = done.servers.filter((one) => one.added)
  const replaced = options.replace && added.length > 0 ? await replace(cli, name, added, options) : undefined
  out.result({ ...done, ...(replaced ? { file: replaced.file } : {}) }, () => {
    for (const one of done.servers)
      if (one.added) out.line(`Imported ${one.name} as ${one.as}.`, 'green')
      else out.line(`${one.name} was not imported: ${one.problem ?? ''}`, 'red')
    if (replaced) out.line(`${replaced.title} now uses Gatehouse in their place. Restart it.`, 'green')
    else if (added.length > 0 && options.folder === undefined)
      out.line('The app still starts its own, too: take them out with --replace.')
  })
  return done.servers.every((one) => one.added) ? exitCodes.done : exitCodes.failed
}

async function replace(cli: Cli, app: string, added: readonly { name: string }[], options: Placed) {
  const { yes } = options
  const servers = added.map(({ name }) => name)
  const shown = await cli.app.api.apps.previewReplace({ app, servers, ...placeOf(options) })
  showDiff(cli, shown)
  if (!yes && !(await cli.terminal.agrees(`Change ${shown.title} so?`))) return undefined
  return cli.app.api.apps.replace({ app, file: shown.file, preview: shown.preview, servers, ...placeOf(options) })
}

function showPlan({ out }: Cli, one: ImportPlan): void {
  const { name, as, plan, remote, secrets, missing, notes, problem } = one
  if (!plan && !remote) {
    out.note(`“${name}” cannot be imported: ${problem ?? ''}`)
    return
  }
  out.note(plan ? `“${name}” would run as ${as}:` : `“${name}” would be reached as ${as}:`)
  for (const line of plan ? runLines(plan) : remoteLines(remote)) out.note(line)
  if (secrets.length > 0) out.note(`  to keychain  ${secrets.join(', ')}`)
  for (const key of missing) out.note(`  you set      gatehouse secrets set ${as} ${key}`)
  for (const note of notes) out.note(`  !            ${note}`)
}

const runLines = (plan: NonNullable<ImportPlan['plan']>): string[] => [
  `  ${plan.command}`,
  `  program      ${plan.resolvedExecutable || 'not found: it is added switched off'}`,
  `  sandbox      ${levelName(plan.sandbox)}`,
  `  environment  ${plan.environmentNames.join(', ') || 'nothing of yours'}`,
  ...plan.mayTouch.map((sentence) => `  may          ${sentence}`),
  ...plan.warnings.map((warning) => `  !            ${warning}`),
]

const remoteLines = (remote: ImportPlan['remote']): string[] => [
  `  ${remote?.url ?? ''}`,
  `  headers      ${remote?.headerNames.join(', ') || 'none of yours'}`,
  ...(remote?.mayGo ?? []).map((sentence) => `  may          ${sentence}`),
  ...(remote?.warnings ?? []).map((warning) => `  !            ${warning}`),
]
