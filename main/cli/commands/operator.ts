import type { Cli, CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'

/** operator set. */
export const operatorCommands: CommandGroup = (program, run) => {
  program
    .command('operator')
    .description('the passphrase that stands for you where no window can ask')
    .command('set')
    .description('set it, or replace it')
    .action((_, command) =>
      run(command, async (cli) => {
        const { operatorSet } = await cli.app.api.system.setup()
        const current = operatorSet ? await present(cli) : undefined
        const passphrase = await fresh(cli)
        await cli.app.api.system.setOperator({ passphrase, ...(current === undefined ? {} : { current }) })
        cli.out.result({ set: true }, () => cli.out.line('The operator passphrase is set.', 'green'))
        return exitCodes.done
      }),
    )
}

async function present({ env, terminal }: Cli): Promise<string | undefined> {
  if (env.GATEHOUSE_OPERATOR_PASSPHRASE) return env.GATEHOUSE_OPERATOR_PASSPHRASE
  return terminal.canAsk ? await terminal.hidden('Present operator passphrase: ') : undefined
}

/** Typed twice on a terminal; from a pipe taken as it is. */
async function fresh({ terminal }: Cli): Promise<string> {
  const { surroundings } = terminal
  const passphrase = await terminal.secret('New operator passphrase (8 characters or more): ')
  if (surroundings.isTerminal(surroundings.stdin) && (await terminal.hidden('The same again: ')) !== passphrase)
    throw new WrongUsage('The two were not the same; nothing was changed.')
  return passphrase
}
