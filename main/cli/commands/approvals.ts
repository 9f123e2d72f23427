import { type Command, Option } from 'commander'
import type { Cli, CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { localTime, until } from '../option-values.ts'
import { watchApprovals } from './watch-approvals.ts'

type Remember = 'once' | 'session' | 'arguments' | 'folder' | 'host' | 'values' | 'tool'

/** approvals list, show, approve, deny, watch. */
export const approvalCommands: CommandGroup = (program, run) => {
  const approvals = program.command('approvals').description('questions waiting for you, and those answered')

  approvals
    .command('list')
    .description('the latest questions')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { approvals: all } = await app.api.approvals.list({})
        out.result({ approvals: all }, () =>
          out.table(
            ['ID', 'STATE', 'ASKED', 'QUESTION'],
            all.map((approval) => [
              approval.id,
              { text: approval.state, style: approval.state === 'pending' ? 'yellow' : 'dim' },
              localTime(approval.createdAt),
              approval.title,
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  approvals
    .command('show <id>')
    .description('everything a question is about, with its exact arguments')
    .action((id: string, _, command) => run(command, (cli) => show(cli, id)))

  approvals
    .command('approve <id>')
    .description('allow what a question is about')
    .addOption(
      new Option('--remember <scope>', 'how far it reaches')
        .choices(['once', 'session', 'arguments', 'folder', 'host', 'values', 'tool'])
        .default('once'),
    )
    .option('--until <time>', 'when a remembered answer ends: a date and time, or a span such as 2h', until)
    .action((id: string, options: { remember: Remember; until?: number }, command: Command) =>
      run(command, async (cli) => {
        const { remember: scope, until: endsAt } = options
        const { decided } = await cli.app.api.approvals.decide({
          id,
          decision: 'allow',
          scope,
          ...(endsAt ? { until: endsAt } : {}),
        })
        return tell(cli, { id, decided, decision: 'allow' })
      }),
    )

  approvals
    .command('deny <id>')
    .description('do not allow what a question is about')
    .option('--reason <text>', 'what the AI app is told')
    .action((id: string, options: { reason?: string }, command: Command) =>
      run(command, async (cli) => {
        const { reason } = options
        const answer = { id, decision: 'deny' as const, ...(reason ? { reason } : {}) }
        const { decided } = await cli.app.api.approvals.decide(answer)
        return tell(cli, { id, decided, decision: 'deny' })
      }),
    )

  approvals
    .command('stats')
    .description('how often you answered what, and what you always answered the same way')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const stats = await app.api.approvals.stats({})
        out.result(stats, () => {
          const whole = stats.answers.filter(({ place }) => place === undefined)
          out.table(
            ['APP', 'TOOL', 'ANSWER', 'TIMES', 'LAST'],
            whole.map(({ client, tool, answer, count, lastAt }) => [
              client,
              tool,
              answer,
              String(count),
              localTime(lastAt),
            ]),
          )
          for (const { client, tool, answer, count } of stats.same)
            out.line(
              `${client} asked for ${tool} ${count} times, always ${answer === 'allow' ? 'allowed' : 'not allowed'}.`,
            )
        })
        return exitCodes.done
      }),
    )

  approvals
    .command('watch')
    .description('show questions as they come, until interrupted')
    .action((_, command) => run(command, watchApprovals))
}

function tell({ out }: Cli, result: { id: string; decided: boolean; decision: 'allow' | 'deny' }): number {
  const done = result.decision === 'allow' ? 'Allowed.' : 'Not allowed.'
  out.result(result, () => out.line(result.decided ? done : 'It had already been answered; the first answer stands.'))
  return result.decided ? exitCodes.done : exitCodes.failed
}

async function show({ app, out }: Cli, id: string): Promise<number> {
  const question = await app.api.approvals.show({ id })
  out.result(question, () => {
    out.line(question.title, 'bold')
    out.line(`state   ${question.state}, asked ${localTime(question.createdAt)}, ends ${localTime(question.expiresAt)}`)
    out.line(`from    ${question.client}, workspace ${question.workspace}`)
    if (question.program) {
      const { pid, executable, parents } = question.program
      out.line(`program ${executable} (${pid}), started by ${parents.join(' ← ')}`)
    }
    out.line(`risk    ${question.risk}`, question.risk === 'high' || question.risk === 'critical' ? 'red' : 'plain')
    for (const reason of question.reasons) out.line(`  ${reason}`)
    out.line(JSON.stringify(question.subject, undefined, 2))
    for (const { scope, consequence } of question.scopes) out.line(`${scope.padEnd(9)} ${consequence}`)
  })
  return exitCodes.done
}
