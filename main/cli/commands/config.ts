import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'

const shown = (value: number | string | undefined) => (value === undefined ? '(none)' : String(value))

/** config get, set, check. */
export const configCommands: CommandGroup = (program, run) => {
  const config = program.command('config').description('settings of Gatehouse as a whole')

  config
    .command('get [path]')
    .description('all settings, or one')
    .action((path: string | undefined, _, command) =>
      run(command, async ({ app, out }) => {
        const { settings, file } = await app.api.config.list()
        const wanted = settings.filter((one) => path === undefined || one.path === path)
        if (path !== undefined && wanted.length === 0) throw new WrongUsage(`There is no setting “${path}”.`)
        out.result({ settings: wanted, file }, () =>
          out.table(
            ['SETTING', 'VALUE', 'NOW', 'DEFAULT', 'FROM'],
            wanted.map((one) => [one.path, shown(one.value), shown(one.now), shown(one.default), one.from]),
          ),
        )
        return exitCodes.done
      }),
    )

  config
    .command('set <path> [value]')
    .description('e.g. config set approvals.expirySeconds 600')
    .option('--default', 'put it back')
    .action((path: string, value: string | undefined, options: { default?: boolean }, command) =>
      run(command, async ({ app, out }) => {
        if ((value === undefined) !== (options.default === true)) throw new WrongUsage('Give a value, or --default.')
        const set = await app.api.config.set({ path, value: value ?? null })
        out.result(set, () => {
          out.line(`${set.path} = ${shown(set.value)}`)
          if (set.now !== set.value) out.line(`Until the next start it is ${shown(set.now)}.`)
        })
        return exitCodes.done
      }),
    )

  config
    .command('check')
    .description('what is wrong with config.yaml, and what of it is not used')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.config.check()
        out.result(found, () => {
          for (const line of [...found.problems, ...found.notices]) out.line(line)
          if (found.problems.length + found.notices.length === 0) out.line('All is well.')
        })
        return found.problems.length === 0 ? exitCodes.done : exitCodes.failed
      }),
    )
}
