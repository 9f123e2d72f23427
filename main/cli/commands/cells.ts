import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CellShown } from '../../../shared/contract/cells.ts'
import { isSignedRightly, newSigningKey, signManifest } from '../../../shared/wire/cell-signature.ts'
import type { Cli, CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { localTime } from '../option-values.ts'
import type { Output, Style } from '../output.ts'
import { packCell, readManifest } from './cell-files.ts'
import { type UpdateOptions, updateCell } from './cell-update.ts'
import { showFindings } from './findings.ts'

/** cells list, show, verify, review, suspend, revoke, updates, update, trusted, trust, untrust; keygen, sign, pack for authors. */
export const cellCommands: CommandGroup = (program, run) => {
  const cells = program.command('cells').description('how servers are registered: manifest, code, signature')

  cells
    .command('list')
    .description('the cell of every server')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { cells: all } = await app.api.cells.list()
        out.result({ cells: all }, () =>
          out.table(
            ['SERVER', 'STATUS', 'SIGNED BY', 'FILES', 'CHECKED', 'NOTE'],
            all.map((cell) => [
              cell.server,
              { text: cell.status, style: statusStyles[cell.status] },
              cell.signedBy ?? 'unsigned',
              String(cell.code.files),
              localTime(cell.verifiedAt),
              cell.reason ?? updateOf(cell),
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  cells
    .command('show <server>')
    .description('manifest and registration of one server')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const { cell, manifest } = await app.api.cells.show({ name })
        out.result({ cell, manifest }, () => {
          showCell(out, cell)
          out.line(JSON.stringify(manifest, null, 2), 'dim')
        })
        return exitCodes.done
      }),
    )

  cells
    .command('verify <what>')
    .description('look again at a server’s files now, or at a manifest file')
    .action((what: string, _, command) => run(command, (cli) => verify(cli, what)))

  cells
    .command('review <server>')
    .description('what changed since it was registered; --accept uses it again, exactly as shown')
    .option('--accept', 'check it, try it out and use it again')
    .action((name: string, options: { accept?: boolean }, command) =>
      run(command, (cli) => review(cli, name, options.accept ?? false)),
    )

  for (const verb of ['suspend', 'revoke'] as const)
    cells
      .command(`${verb} <server>`)
      .description(
        verb === 'suspend' ? 'do not use it until it is reviewed' : 'never use this manifest and this code again',
      )
      .option('--reason <text>', 'why', '')
      .action((name: string, { reason }: { reason: string }, command) =>
        run(command, async ({ app, out }) => {
          const cell = await app.api.cells[verb]({ name, reason })
          out.result(cell, () => showCell(out, cell))
          return exitCodes.done
        }),
      )

  cells
    .command('updates [server]')
    .description('ask the registry for newer versions; nothing is installed')
    .action((name: string | undefined, _, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.cells.checkUpdates(name === undefined ? {} : { name })
        out.result(found, () => {
          for (const { server, installed, latest } of found.updates)
            out.line(`${server}: ${installed} → ${latest}  (gatehouse cells update ${server})`)
          for (const { server, problem } of found.failed) out.line(`${server}: ${problem}`, 'yellow')
          if (found.updates.length + found.failed.length === 0) out.line('Everything is up to date.')
        })
        return found.failed.length > 0 ? exitCodes.failed : exitCodes.done
      }),
    )

  cells
    .command('update <server>')
    .description('fetch the newer version, show what is other in it, and use it once you agree')
    .option('--yes', 'agree without being asked')
    .option('--accept-findings', 'also where something grave was found in its code')
    .action((name: string, options: UpdateOptions, command) => run(command, (cli) => updateCell(cli, name, options)))

  trustCommands(cells, run)
  authorCommands(cells, run)
}

const trustCommands: CommandGroup = (cells, run) => {
  cells
    .command('trusted')
    .description('keys whose signatures you trust')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { keys } = await app.api.cells.trusted()
        out.result({ keys }, () =>
          out.table(
            ['NAME', 'KEY', 'SINCE'],
            keys.map((key) => [key.name, key.keyId, localTime(key.addedAt)]),
          ),
        )
        return exitCodes.done
      }),
    )
  cells
    .command('trust <name> <file>')
    .description('trust the public key in a PEM file to sign cells')
    .action((name: string, file: string, _, command) =>
      run(command, async (cli) => {
        const root = await cli.app.api.cells.trust({ name, publicKey: textOf(cli, file) })
        cli.out.result(root, () => cli.out.line(`Cells signed by ${name} (${root.keyId}) are trusted.`))
        return exitCodes.done
      }),
    )
  cells
    .command('untrust <name>')
    .description('no longer trust a key; cells it signed are suspended')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const root = await app.api.cells.untrust({ name })
        out.result(root, () => out.line(`${root.name} is no longer trusted.`))
        return exitCodes.done
      }),
    )
}

/** These need no running app: they are for whoever publishes a server. */
const authorCommands: CommandGroup = (cells, run) => {
  cells
    .command('keygen <file>')
    .description('make an Ed25519 key: FILE is the private one (readable by you alone), FILE.pub the public one')
    .action((file: string, _, command) =>
      run(command, async (cli) => {
        const path = located(cli, file)
        const { privateKey, publicKey, keyId } = newSigningKey()
        writeNew(path, privateKey, 0o600)
        chmodSync(path, 0o600)
        writeNew(`${path}.pub`, publicKey, 0o644)
        cli.out.result({ keyId, privateKey: path, publicKey: `${path}.pub` }, () =>
          cli.out.line(`Key ${keyId}: ${path} is private, keep it; ${path}.pub is for those who trust you.`),
        )
        return exitCodes.done
      }),
    )
  cells
    .command('sign <manifest>')
    .description('sign a manifest file (cell.json) as it is')
    .requiredOption('--key <file>', 'the private key')
    .action((file: string, { key }: { key: string }, command) =>
      run(command, async (cli) => {
        const path = located(cli, file)
        const signed = signManifest(readManifest(path), textOf(cli, key))
        writeFileSync(path, `${JSON.stringify(signed, null, 2)}\n`)
        cli.out.result({ file: path, hash: signed.identity.hash, keyId: signed.signature.keyId }, () =>
          cli.out.line(`Signed with ${signed.signature.keyId}: ${path}`),
        )
        return exitCodes.done
      }),
    )
  cells
    .command('pack <folder>')
    .description('name the folder’s files in its cell.json, sign it with --key, and pack everything as a bundle')
    .requiredOption('--out <file>', 'the bundle to write (.mcpb)')
    .option('--key <file>', 'the private key')
    .action((folder: string, options: { out: string; key?: string }, command) =>
      run(command, async (cli) => {
        const key = options.key === undefined ? undefined : textOf(cli, options.key)
        const packed = await packCell(located(cli, folder), located(cli, options.out), key)
        cli.out.result(packed, () => {
          cli.out.line(`Packed ${packed.files} files: ${packed.file} (${packed.hash})`)
          if (!packed.bundle)
            cli.out.line(
              'It has no manifest.json, which says how it is run, so nobody can add it as a bundle. Make one with: npx @anthropic-ai/mcpb init',
              'yellow',
            )
        })
        return exitCodes.done
      }),
    )
}

async function verify(cli: Cli, what: string): Promise<number> {
  const { app, out } = cli
  if (!/[./\\]/.test(what)) {
    const cell = await app.api.cells.verify({ name: what })
    out.result(cell, () => showCell(out, cell))
    return cell.status === 'active' ? exitCodes.done : exitCodes.failed
  }
  const manifest = readManifest(located(cli, what))
  const valid = isSignedRightly(manifest)
  const signed = manifest.signature !== undefined
  out.result({ valid, signed, keyId: manifest.signature?.keyId, hash: manifest.identity.hash }, () => {
    if (!signed) out.line('It carries no signature.', 'yellow')
    else if (valid)
      out.line(`Signed by the key ${manifest.signature?.keyId}. Whether to trust it is yours to say.`, 'green')
    else out.line('Its signature is wrong.', 'red')
  })
  return valid ? exitCodes.done : exitCodes.failed
}

async function review({ app, out }: Cli, name: string, accept: boolean): Promise<number> {
  const found = await app.api.cells.review({ name })
  const cell = accept ? await app.api.cells.reinstate({ name, checksum: found.checksum }) : undefined
  out.result(cell === undefined ? found : { ...found, cell }, () => {
    showChanges(out, found)
    showFindings(out, found.findings)
    if (cell) showCell(out, cell)
    else out.line(`Use it again as shown with: gatehouse cells review ${name} --accept`)
  })
  return exitCodes.done
}

type Changes = Pick<Awaited<ReturnType<Cli['app']['api']['cells']['review']>>, 'files' | 'permissions'>

/** Files and rights that are other than they were. */
export function showChanges(out: Output, { files, permissions }: Partial<Changes>): void {
  for (const path of files?.changed ?? []) out.line(`changed  ${path}`, 'yellow')
  for (const path of files?.added ?? []) out.line(`new      ${path}`, 'green')
  for (const path of files?.removed ?? []) out.line(`gone     ${path}`, 'red')
  for (const line of permissions?.added ?? []) out.line(`+ ${line}`, 'green')
  for (const line of permissions?.removed ?? []) out.line(`- ${line}`, 'red')
}

const statusStyles: Readonly<Record<CellShown['status'], Style>> = {
  pending: 'yellow',
  verified: 'plain',
  active: 'green',
  suspended: 'red',
  revoked: 'red',
}
const marks: Readonly<Record<CellShown['report'][number]['outcome'], Style>> = {
  ok: 'green',
  failed: 'red',
  skipped: 'dim',
}

const updateOf = ({ update }: CellShown) =>
  update && update.latest !== update.installed ? `version ${update.latest} is available` : ''

/** Status and the six steps. */
export function showCell(out: Output, cell: CellShown): void {
  const by = cell.signedBy === undefined ? 'unsigned' : `signed by ${cell.signedBy}`
  out.line(`cell         ${cell.status}, ${by}`, statusStyles[cell.status])
  if (cell.reason) out.line(`             ${cell.reason}`, 'red')
  showSteps(out, cell.report)
  if (updateOf(cell) !== '') out.line(`update       ${updateOf(cell)}`)
  showFindings(out, cell.findings)
}

export function showSteps(out: Output, report: CellShown['report']): void {
  for (const { step, outcome, reason } of report) out.line(`  ${outcome.padEnd(8)} ${step}: ${reason}`, marks[outcome])
}

const located = (cli: Cli, file: string) => resolve(cli.terminal.surroundings.workingFolder, file)

function textOf(cli: Cli, file: string): string {
  try {
    return readFileSync(located(cli, file), 'utf8')
  } catch (error) {
    throw new WrongUsage(`${file} could not be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** Never over another file: a key that is gone is gone. */
function writeNew(path: string, text: string, mode: number): void {
  try {
    writeFileSync(path, text, { mode, flag: 'wx' })
  } catch (error) {
    throw new WrongUsage(`${path} could not be written (${(error as NodeJS.ErrnoException).code}).`)
  }
}
