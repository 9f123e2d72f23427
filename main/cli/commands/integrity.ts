import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { localTime } from '../option-values.ts'

/** integrity show, accept, release, drop. */
export const integrityCommands: CommandGroup = (program, run) => {
  const integrity = program.command('integrity').description('whether the database is as Gatehouse left it')

  integrity
    .command('show')
    .description(
      'what is wrong or was found since Gatehouse started (either is a failure), and what waits for you to allow it again',
    )
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const state = await app.api.integrity.state()
        out.result(state, () => {
          if (state.forged.length > 0)
            out.line('Found since Gatehouse started; listed until it starts again, also once it is put right:')
          for (const sentence of state.forged) out.line(`  ${sentence}`, 'red')
          if (state.sound) out.line(soundness(state.forged.length), 'green')
          else {
            for (const { sentence } of state.findings) out.line(sentence, 'red')
            out.line('Nothing is allowed. Restore a backup (gatehouse backup restore), or keep what is left:')
            out.line('gatehouse integrity accept')
          }
          if (state.held.length > 0)
            out.table(
              ['ID', 'SINCE', 'HELD UNTIL YOU ALLOW IT AGAIN'],
              state.held.map(({ id, heldAt, sentence }) => [id, localTime(heldAt), sentence]),
            )
        })
        return state.sound && state.forged.length === 0 ? exitCodes.done : exitCodes.failed
      }),
    )

  integrity
    .command('accept')
    .description('keep what is left of a changed database; what it allowed is held for review, and Gatehouse stops')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const accepted = await app.api.integrity.accept()
        out.result(accepted, () => {
          out.line(
            `Held for your review: ${accepted.held}. Switched off: ${accepted.switchedOff.join(', ') || 'none'}.`,
          )
          out.line('Gatehouse stops now. Start it again, then: gatehouse integrity show')
        })
        return exitCodes.done
      }),
    )

  integrity
    .command('release <id>')
    .description('allow again what is held')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        const released = await app.api.integrity.release({ id })
        out.result(released, () => out.line(released.sentence, 'green'))
        return exitCodes.done
      }),
    )

  integrity
    .command('drop <id>')
    .description('forget what is held')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        const dropped = await app.api.integrity.drop({ id })
        out.result(dropped, () => out.line(`${id}: dropped.`))
        return exitCodes.done
      }),
    )
}

const soundness = (forged: number): string =>
  forged === 0 ? 'The database is as Gatehouse left it.' : 'Everything else in the database is as Gatehouse left it.'
