import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { localTime } from '../option-values.ts'

/** secrets set, list, remove. A value is never an argument: other programs can read those. */
export const secretCommands: CommandGroup = (program, run) => {
  const secrets = program.command('secrets').description('values in the keychain, given only to one server')

  secrets
    .command('set <server> <key>')
    .description('keep a secret; its value is read from stdin or asked for')
    .action((server: string, name: string, _, command) =>
      run(command, async ({ app, out, terminal }) => {
        const value = await terminal.secret(`Value of ${name} for ${server}: `)
        await app.api.secrets.set({ server, name, value })
        out.result({ server, name, set: true }, () => out.line(`${name} is kept for ${server}.`))
        return exitCodes.done
      }),
    )

  secrets
    .command('list')
    .description('which secrets are kept, never their values')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { secrets: all } = await app.api.secrets.list()
        out.result({ secrets: all }, () =>
          out.table(
            ['SERVER', 'KEY', 'CHANGED', 'KEPT IN'],
            all.map((secret) => [secret.server, secret.name, localTime(secret.updatedAt), secret.holder]),
          ),
        )
        return exitCodes.done
      }),
    )

  secrets
    .command('remove <server> <key>')
    .description('forget a secret')
    .action((server: string, name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const { removed } = await app.api.secrets.remove({ server, name })
        out.result({ server, name, removed }, () => out.line(removed ? 'Removed.' : 'There was no such secret.'))
        return removed ? exitCodes.done : exitCodes.failed
      }),
    )
}
