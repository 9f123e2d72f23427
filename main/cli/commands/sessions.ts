import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { localTime } from '../option-values.ts'

/** sessions list, end. */
export const sessionCommands: CommandGroup = (program, run) => {
  const sessions = program.command('sessions').description('connections of AI apps')

  sessions
    .command('list')
    .description('who is connected, and how much they did')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { sessions: all } = await app.api.sessions.list()
        out.result({ sessions: all }, () =>
          out.table(
            ['ID', 'CLIENT', 'STATE', 'DOOR', 'CALLS', 'REFUSED', 'LAST ACTIVE'],
            all.map((session) => [
              session.id,
              session.client,
              session.state,
              session.door,
              String(session.calls),
              String(session.refused),
              localTime(session.lastActiveAt),
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  sessions
    .command('end <id>')
    .description('end a session and its calls')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.sessions.end({ id })
        out.result({ id, ended: true }, () => out.line('The session is ended.'))
        return exitCodes.done
      }),
    )
}
