import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { count, days, localTime } from '../option-values.ts'

/** secrets set, list, rotate, revert, uses, remove. A value is never an argument: other programs can read those. */
export const secretCommands: CommandGroup = (program, run) => {
  const secrets = program.command('secrets').description('values in the keychain, given only to one server')

  secrets
    .command('set <server> <key>')
    .description('keep a secret; its value is read from stdin or asked for')
    .action((server: string, name: string, _, command) =>
      run(command, async ({ app, out, terminal }) => {
        const value = await terminal.secret(`Value of ${name} for ${server}: `)
        await app.api.secrets.set({ server, name, value })
        const { servers } = await app.api.servers.list()
        const now = servers.find((one) => one.name === server)
        out.result({ server, name, set: true }, () => {
          out.line(`${name} is kept for ${server}.`)
          if (now?.problem) out.line(now.problem, 'yellow')
          if (now && now.quarantined > 0)
            out.line(`Look at what it offers and accept it with: gatehouse servers review ${server} --accept`)
        })
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
            ['SERVER', 'KEY', 'VERSION', 'CHANGED', 'DUE', 'LAST USED', 'KEPT IN'],
            all.map((secret) => [
              secret.server,
              secret.name,
              String(secret.version),
              localTime(secret.updatedAt),
              secret.dueAt === undefined ? '' : localTime(secret.dueAt),
              secret.usedAt === undefined ? 'never' : localTime(secret.usedAt),
              secret.holder,
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  secrets
    .command('rotate <server> <key>')
    .description('replace a secret; its new value is read from stdin or asked for')
    .option('--every <days>', 'say so when it is due again after so many days; 0: never', days)
    .option('--keep', 'only change when it is due')
    .action((server: string, name: string, options: { every?: number; keep?: boolean }, command) =>
      run(command, async ({ app, out, terminal }) => {
        const value = options.keep ? undefined : await terminal.secret(`New value of ${name} for ${server}: `)
        const done = await app.api.secrets.rotate({
          server,
          name,
          ...(value === undefined ? {} : { value }),
          ...(options.every === undefined ? {} : { everyDays: options.every }),
        })
        out.result({ server, name, ...done }, () =>
          out.line(
            `${name} of ${server}: version ${done.version}${done.dueAt ? `, due ${localTime(done.dueAt)}` : ''}.`,
          ),
        )
        return exitCodes.done
      }),
    )

  secrets
    .command('revert <server> <key>')
    .description('back to the value before this one, which is kept for 30 days')
    .action((server: string, name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const done = await app.api.secrets.revert({ server, name })
        out.result({ server, name, ...done }, () =>
          out.line(`${name} of ${server} has its former value again, as version ${done.version}.`),
        )
        return exitCodes.done
      }),
    )

  secrets
    .command('uses <server> [key]')
    .description('which starts and sessions a secret was used for, latest first')
    .option('--limit <number>', 'how many', count, 100)
    .action((server: string, name: string | undefined, { limit }: { limit: number }, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.secrets.uses({ server, limit, ...(name === undefined ? {} : { name }) })
        out.result(found, () =>
          out.table(
            ['KEY', 'VERSION', 'FIRST', 'LAST', 'TIMES', 'FOR'],
            found.uses.map((use) => [
              use.name,
              String(use.version),
              localTime(use.firstAt),
              localTime(use.lastAt),
              String(use.times),
              use.session ?? 'start of the server',
            ]),
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
