import type { z } from 'zod'
import type { updateState } from '../../../shared/contract/updates.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import type { Output } from '../output.ts'

/** updates show, check. */
export const updateCommands: CommandGroup = (program, run) => {
  const updates = program
    .command('updates')
    .description('whether there is a newer Gatehouse; nothing is installed by it')

  updates
    .command('show')
    .description('the version, how it was installed, and what is known of newer ones; asks nobody')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const state = await app.api.updates.state()
        out.result(state, () => print(out, state))
        return exitCodes.done
      }),
    )

  updates
    .command('check')
    .description('ask now, where you switched it on (config set updates.check asked)')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const state = await app.api.updates.check()
        out.result(state, () => print(out, state))
        return state.problem === undefined ? exitCodes.done : exitCodes.failed
      }),
    )
}

function print(out: Output, state: z.output<typeof updateState>): void {
  const { version, installed, folder, checking, newer, problem, checkedAt } = state
  out.line(
    `Gatehouse ${version}, ${installed === 'package' ? 'installed as a package' : `built from its sources in ${folder}`}.`,
  )
  if (installed === 'sources')
    out.line(`Newer versions are where its sources are from: git -C ${folder} pull, then npm start.`)
  else if (checking === 'off') out.line('Looking for newer versions is switched off.')
  if (problem !== undefined) out.line(`It could not be looked for: ${problem}`, 'red')
  else if (newer !== undefined) out.line(`There is a newer version: ${newer}.`, 'yellow')
  else if (checkedAt !== undefined) out.line('This is the newest version.', 'green')
}
