import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { CatalogView } from '../../../shared/contract/catalog.ts'
import { type ListMode, listModes } from '../../../shared/domain/catalog-view.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import type { Cli, CommandGroup, Run } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { many, text } from '../option-values.ts'

interface ViewOptions {
  readonly servers?: readonly string[]
  readonly allServers?: boolean
  readonly hide?: readonly string[]
  readonly show?: readonly string[]
  readonly mode?: ListMode | 'default'
}

const modeValues: readonly string[] = [...listModes, 'default']

/** workspaces set. */
export const workspaceViewCommands: CommandGroup = (program, run) => {
  const present = program.commands.find((command) => command.name() === 'workspaces')
  if (present) viewCommand(present, run, 'workspace')
}

/** clients set, workspaces set: what of the catalog is seen. */
export function viewCommand(group: Command, run: Run, holder: 'client' | 'workspace'): void {
  group
    .command('set <name>')
    .description(`what this ${holder} sees; the rest is neither listed nor callable for it`)
    .option('--servers <names>', 'only these servers, separated by commas', (value) => value.split(',').filter(Boolean))
    .option('--all-servers', 'every server again, also those added later')
    .option(
      '--hide <pattern>',
      'hide a tool, prompt or resource, such as files__delete_* (repeat for more)',
      many(text),
    )
    .option('--show <pattern>', 'no longer hide what this pattern hid (repeat for more)', many(text))
    .option('--mode <mode>', 'list every tool, search them, auto (search when there are many), or default', mode)
    .action((name: string, options: ViewOptions, command) => run(command, (cli) => setView(cli, holder, name, options)))
}

function mode(value: string): string {
  if (!modeValues.includes(value)) throw new InvalidArgumentError(`Write one of ${modeValues.join(', ')}.`)
  return value
}

async function setView({ app, out }: Cli, holder: 'client' | 'workspace', name: string, options: ViewOptions) {
  const { views } = await app.api.catalog.views()
  const before = views.find((view) => view.holder === holder && view.name === name.normalize('NFC').toLowerCase())
  const hidden = [...(before?.hidden ?? []), ...(options.hide ?? [])].filter((one) => !options.show?.includes(one))
  const servers = options.allServers ? null : (options.servers as ServerName[] | undefined)
  const wanted = options.mode === 'default' ? null : options.mode
  const view = await app.api.catalog.setView({
    holder,
    name,
    hidden,
    ...(servers === undefined ? {} : { servers }),
    ...(wanted === undefined ? {} : { mode: wanted }),
  })
  out.result(view, () => out.line(`“${name}” sees ${viewSentence(view)}.`))
  return exitCodes.done
}

/** “every server but not files__delete_*; tools are searched” */
export function viewSentence({ servers, hidden, mode: by, broken }: CatalogView): string {
  if (broken) return 'nothing: its view was changed outside Gatehouse; set it again'
  const seen = servers === undefined ? 'every server' : servers.length === 0 ? 'no server' : servers.join(', ')
  const how = { list: '; every tool is listed', search: '; tools are searched', auto: '; many tools are searched' }
  return `${seen}${hidden.length > 0 ? ` but not ${hidden.join(', ')}` : ''}${by ? how[by] : ''}`
}

/** For the list of clients, where most see everything. */
export function seenBy(views: readonly CatalogView[], client: string): string {
  const view = views.find(({ holder, name }) => holder === 'client' && name === client.normalize('NFC').toLowerCase())
  return view ? viewSentence(view) : 'every server'
}
