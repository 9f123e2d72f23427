import type { CellUpdate } from '../../../shared/contract/cells.ts'
import type { Cli } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import type { Output } from '../output.ts'
import { showCell, showChanges, showSteps } from './cells.ts'
import { showFindings } from './findings.ts'

export interface UpdateOptions {
  readonly yes?: boolean
  readonly acceptFindings?: boolean
}

/** Fetches the newer version, shows what is other in it, and takes it when the person agrees. */
export async function updateCell({ app, out, terminal }: Cli, name: string, options: UpdateOptions): Promise<number> {
  const found = await app.api.cells.fetchUpdate({ name })
  showUpdate(out, name, found)
  const agreed = options.yes || (await terminal.agrees(`Use ${name} ${found.latest} instead of ${found.installed}?`))
  if (!agreed) throw new WrongUsage('Nothing was changed. Agree with y, or add --yes.')
  const { acceptFindings = false } = options
  const taken = await app.api.cells.takeUpdate({ name, checksum: found.checksum, acceptFindings })
  out.result({ ...found, ...taken }, () => {
    out.line(`${name} is now version ${found.latest}.`, 'green')
    showCell(out, taken.cell)
    const { changed } = taken.cell
    if (changed) showChanges(out, { permissions: changed })
    if (taken.quarantined > 0)
      out.line(
        `What it offers changed: ${taken.quarantined} held back. Accept them with: gatehouse servers review ${name} --accept`,
        'yellow',
      )
  })
  return exitCodes.done
}

function showUpdate(out: Output, name: string, update: CellUpdate): void {
  const { installed, latest, packages, report, findings, scripts } = update
  out.line(`${name}: ${installed} → ${latest}, fetched and not used yet`)
  showSteps(out, report)
  for (const line of packages.changed) out.line(`package  ${line}`, 'yellow')
  for (const line of packages.added) out.line(`package  ${line} (new)`, 'green')
  for (const line of packages.removed) out.line(`package  ${line} (gone)`, 'red')
  showChanges(out, update)
  showFindings(out, findings)
  for (const line of scripts) out.line(`install script, not run: ${line}`, 'yellow')
}
