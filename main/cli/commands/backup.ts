import { resolve } from 'node:path'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { localTime } from '../option-values.ts'
import type { Terminal } from '../terminal.ts'

const variable = 'GATEHOUSE_RECOVERY_PASSPHRASE'

/** backup list, passphrase, create, restore. The passphrase is asked for, or read from the environment; never an argument. */
export const backupCommands: CommandGroup = (program, run) => {
  const backup = program
    .command('backup')
    .description('copies of the database and the keys, under a recovery passphrase')

  backup
    .command('list')
    .description('backups in the data folder, newest first')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.backup.list()
        out.result(found, () => {
          if (!found.passphraseSet) out.line('No recovery passphrase is set: gatehouse backup passphrase', 'red')
          out.table(
            ['MADE', 'BYTES', 'FILE'],
            found.backups.map(({ file, madeAt, sizeBytes }) => [localTime(madeAt), String(sizeBytes), file]),
          )
          for (const { file, madeAt } of found.beforeUpdates)
            out.line(`The database before the update of ${localTime(madeAt)}: ${file} (see: gatehouse doctor)`)
        })
        return exitCodes.done
      }),
    )

  backup
    .command('passphrase')
    .description('set the recovery passphrase: it opens backups, and brings the keys back when the keychain is empty')
    .action((_, command) =>
      run(command, async ({ app, out, terminal, env }) => {
        const passphrase = env[variable] ?? (await fresh(terminal))
        await app.api.backup.setPassphrase({ passphrase })
        out.result({ set: true }, () => out.line('Set. Write it down: nobody can tell it to you again.', 'green'))
        return exitCodes.done
      }),
    )

  backup
    .command('create [file]')
    .description('make one; in the data folder when no file is named')
    .action((file: string | undefined, _, command) =>
      run(command, async ({ app, out, terminal }) => {
        const path = file === undefined ? {} : { file: resolve(terminal.surroundings.workingFolder, file) }
        const made = await app.api.backup.create(path)
        out.result(made, () => out.line(made.file, 'green'))
        return exitCodes.done
      }),
    )

  backup
    .command('restore <file>')
    .description('put a backup in the place of the database; what it allowed is held for review, and Gatehouse stops')
    .action((file: string, _, command) =>
      run(command, async ({ app, out, terminal, env }) => {
        const passphrase = env[variable] ?? (await terminal.secret('Recovery passphrase: '))
        if (!passphrase) throw new WrongUsage('A backup is opened by its recovery passphrase.')
        const path = resolve(terminal.surroundings.workingFolder, file)
        const restored = await app.api.backup.restore({ file: path, passphrase })
        out.result(restored, () => {
          out.line(
            `Held for your review: ${restored.held}. Switched off: ${restored.switchedOff.join(', ') || 'none'}.`,
          )
          if (restored.revoked.length > 0) out.line(`Withdrawn since, and still: ${restored.revoked.join(', ')}.`)
          out.line('Gatehouse stops now. Start it again, then: gatehouse integrity show')
        })
        return exitCodes.done
      }),
    )
}

/** Typed twice on a terminal; from a pipe taken as it is. */
async function fresh(terminal: Terminal): Promise<string> {
  const { surroundings } = terminal
  const passphrase = await terminal.secret('New recovery passphrase (8 characters or more): ')
  if (surroundings.isTerminal(surroundings.stdin) && (await terminal.hidden('The same again: ')) !== passphrase)
    throw new WrongUsage('The two were not the same; nothing was changed.')
  return passphrase
}
