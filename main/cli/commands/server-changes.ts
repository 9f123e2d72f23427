import { isAbsolute, resolve } from 'node:path'
import { bundledNames } from '../../../shared/contract/servers.ts'
import type { Cli } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { levelName } from '../option-values.ts'
import { showCell } from './cells.ts'
import { showFindings } from './findings.ts'
import { type ServerOptions, settingsOf } from './server-options.ts'

export interface NewServer {
  readonly name: string
  readonly executable: string
  readonly args: readonly string[]
  readonly options: ServerOptions
}

/** Shows exactly what would run and what it may touch, asks, and only then adds it. */
export async function addServer(cli: Cli, { name, executable, args, options }: NewServer): Promise<number> {
  const { app, out } = cli
  const workspace = options.workspace === undefined ? {} : { workspace: options.workspace }
  const settings = { ...settingsOf(options, workingFolder(cli)), ...workspace }
  const draft = { name, command: located(executable, cli), args: [...args], ...settings }
  showPlan(cli, await app.api.servers.plan(draft), name)
  if (!options.yes && !(await cli.terminal.agrees(`Add “${name}” and run this?`)))
    throw new WrongUsage('Nothing was added. Agree with y, or add --yes.')
  const added = await app.api.servers.add({
    ...draft,
    acceptPins: options.yes ?? false,
    acceptFindings: options.acceptFindings ?? false,
  })
  const held = added.entries.filter((entry) => entry.quarantine)
  out.result(added, () => {
    out.line(`Added ${name}: ${added.tools} tools, sandbox ${levelName(added.sandbox)}.`, 'green')
    if (added.registration) showCell(out, added.registration)
    else for (const key of added.secretNames) out.line(`It waits for its secret: gatehouse secrets set ${name} ${key}`)
    showFindings(out, added.findings)
    if (options.yes && held.length > 0)
      out.line(`${held.length} of them are held back for what was found in them.`, 'yellow')
    if (held.length > 0) out.line(`Look at them and accept them with: gatehouse servers review ${name} --accept`)
  })
  return exitCodes.done
}

/** One that Gatehouse comes with, as it comes. */
export async function addBundled(
  { app, out }: Cli,
  name: string,
  options: ServerOptions & { readonly bundled: string; readonly bundle?: string; readonly url?: string },
  hasCommand: boolean,
): Promise<number> {
  const bundle = bundledNames.find((one) => one === options.bundled)
  if (bundle === undefined) throw new WrongUsage(`Gatehouse comes with ${bundledNames.join(' and ')}.`)
  if (hasCommand || options.bundle !== undefined || options.url !== undefined || changesSettings(options))
    throw new WrongUsage('A server Gatehouse comes with is added as it is; change it with servers set.')
  const workspace = options.workspace === undefined ? {} : { workspace: options.workspace }
  const added = await app.api.servers.addBundled({ bundle, name, ...workspace })
  out.result(added, () =>
    out.line(`Added ${name}: ${added.tools} tools, sandbox ${levelName(added.sandbox)}.`, 'green'),
  )
  return exitCodes.done
}

/** Whether anything is said that is set apart from where a server leads. */
export const changesSettings = (options: ServerOptions): boolean => Object.keys(settingsOf(options, '')).length > 0

export async function setServer(cli: Cli, name: string, options: ServerOptions): Promise<number> {
  const settings = settingsOf(options, workingFolder(cli))
  if (Object.keys(settings).length === 0) throw new WrongUsage('Say what to change, e.g. --sandbox 3.')
  const changed = await cli.app.api.servers.set({ name, ...settings })
  cli.out.result(changed, () => {
    cli.out.line(`${changed.name} is changed. It may now:`)
    for (const sentence of changed.mayTouch) cli.out.line(`  ${sentence}`)
  })
  return exitCodes.done
}

/** The app runs elsewhere, so a path to the program is made absolute here. */
function located(executable: string, cli: Cli): string {
  const isPath = executable.includes('/') || executable.includes('\\')
  return isPath && !isAbsolute(executable) ? resolve(workingFolder(cli), executable) : executable
}

const workingFolder = (cli: Cli): string => cli.terminal.surroundings.workingFolder

type Plan = Awaited<ReturnType<Cli['app']['api']['servers']['plan']>>

export function showPlan({ out }: Cli, plan: Plan, name: string): void {
  out.note(`“${name}” would run:`)
  out.note(`  ${plan.command}`)
  out.note(`  program      ${plan.resolvedExecutable}`)
  out.note(`  sandbox      ${levelName(plan.sandbox)}`)
  out.note(`  environment  ${plan.environmentNames.join(', ') || 'nothing of yours'}`)
  for (const sentence of plan.mayTouch) out.note(`  may          ${sentence}`)
  for (const warning of plan.warnings) out.note(`  !            ${warning}`)
}
