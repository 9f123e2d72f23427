import type { z } from 'zod'
import type { ShownFlow, session } from '../../../shared/contract/sessions.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { localTime } from '../option-values.ts'

/** sessions list, show, end, suspend, resume. */
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
              session.follows ? `${session.state}, connected again` : session.state,
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
    .command('show <id>')
    .description('one session and its latest calls')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        const shown = await app.api.sessions.show({ id })
        out.result(shown, () => {
          for (const [name, value] of [...linesOf(shown.session), ...flowOf(shown.flow)])
            out.line(`${name.padEnd(13)}${value}`)
          if (shown.calls.length === 0) return out.line('No calls of it are at hand. See: gatehouse audit list')
          out.table(
            ['TIME', 'TOOL', 'STAGE', 'WHY'],
            shown.calls.map((call) => [localTime(call.at), call.entry, call.stage, call.code ?? call.effect ?? '']),
          )
        })
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

  sessions
    .command('suspend <id>')
    .description('refuse the calls of a session until it is resumed')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.sessions.suspend({ id })
        out.result({ id, suspended: true }, () => out.line('The session is suspended; its calls are refused.'))
        return exitCodes.done
      }),
    )

  sessions
    .command('resume <id>')
    .description('let a suspended session go on')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.sessions.resume({ id })
        out.result({ id, resumed: true }, () => out.line('The session goes on.'))
        return exitCodes.done
      }),
    )
}

/** What it read that is private, from outside or secret, and where its calls went. */
function flowOf({ reads, sent }: ShownFlow): readonly (readonly [string, string])[] {
  const by = ({ entry, at }: { entry: string; at: number }) => `by ${entry}, ${localTime(at)}`
  return [
    ...reads.map((read) => ['Read', `${read.label}: ${read.place ?? read.server}, ${by(read)}`] as const),
    ...sent.map((one) => ['Went out', `to ${one.place ?? 'anywhere its server reaches'}, ${by(one)}`] as const),
  ]
}

function linesOf(shown: z.output<typeof session>): readonly (readonly [string, string])[] {
  return [
    ['Session', shown.id],
    ['Client', shown.client],
    ['State', shown.state],
    ['Through', shown.door],
    ['Protocol', shown.protocol ?? 'not known'],
    ['Since', localTime(shown.startedAt)],
    ['Last active', localTime(shown.lastActiveAt)],
    ['Calls', `${shown.calls}, ${shown.refused} refused`],
    ...(shown.follows ? [['After', `${shown.follows}, which was ended; the app connected again`] as const] : []),
  ]
}
