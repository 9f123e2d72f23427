import { resolve } from 'node:path'
import { withLocalTimes } from '../../../shared/messages/local-times.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { jsonObject, until, zonedTime } from '../option-values.ts'
import type { Style } from '../output.ts'

interface RuleOptions {
  readonly client: string
  readonly tool: string
  readonly path?: string
  readonly until?: number
}

const effectStyles: Readonly<Record<string, Style>> = { allow: 'green', ask: 'yellow', deny: 'red' }

const here = (sentence: string) => withLocalTimes(sentence, zonedTime)

/** permissions list, allow, ask, deny, revoke, test. */
export const permissionCommands: CommandGroup = (program, run) => {
  const permissions = program.command('permissions').description('rules and remembered answers')

  permissions
    .command('list')
    .description('what is allowed, asked about and denied')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const all = await app.api.permissions.list()
        out.result(all, () => {
          out.table(
            ['ID', 'EFFECT', 'UNTIL', 'RULE'],
            [
              ...all.grants.map((grant) => [
                grant.id,
                { text: grant.effect, style: effectStyles[grant.effect] ?? 'plain' },
                grant.expiresAt ? zonedTime(grant.expiresAt) : '',
                here(grant.suspended ? `${grant.sentence} (suspended: ${grant.suspended})` : grant.sentence),
              ]),
              ...all.defaults.map((rule) => ['default', rule.effect, '', rule.sentence]),
            ],
          )
        })
        return exitCodes.done
      }),
    )

  for (const effect of ['allow', 'ask', 'deny'] as const)
    permissions
      .command(effect)
      .description(`${effect === 'ask' ? 'ask about' : effect} the calls of a tool`)
      .requiredOption('--tool <pattern>', 'SERVER__TOOL, or a pattern such as filesystem__read_*')
      .option('--client <name>', 'only for this AI app', '*')
      .option('--path <dir>', 'only inside this folder')
      .option('--until <time>', 'a date and time, or a span such as 2h', until)
      .action((options: RuleOptions, command) =>
        run(command, async ({ app, out, terminal }) => {
          const { path, until: endsAt, ...rule } = options
          const made = await app.api.permissions[effect]({
            client: rule.client,
            tool: rule.tool,
            ...(path ? { path: resolve(terminal.surroundings.workingFolder, path) } : {}),
            ...(endsAt ? { until: endsAt } : {}),
          })
          out.result(made, () => out.line(`${made.id}: ${here(made.sentence)}`))
          return exitCodes.done
        }),
      )

  permissions
    .command('revoke <id>')
    .description('take a rule or remembered answer back')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        const { revoked } = await app.api.permissions.revoke({ id })
        out.result({ id, revoked }, () => out.line(revoked ? `${id} is revoked.` : `There is no rule ${id}.`))
        return revoked ? exitCodes.done : exitCodes.failed
      }),
    )

  permissions
    .command('test')
    .description('explain what would be decided, without calling')
    .requiredOption('--client <name>', 'the AI app')
    .requiredOption('--tool <name>', 'SERVER__TOOL')
    .option('--args <json>', 'the arguments', jsonObject)
    .action((options: { client: string; tool: string; args?: Record<string, never> }, command) =>
      run(command, async ({ app, out }) => {
        const { client, tool, args } = options
        const verdict = await app.api.permissions.test({ client, tool, arguments: args ?? {} })
        out.result(verdict, () => {
          out.line(`${verdict.effect}: ${here(verdict.rule)}`, effectStyles[verdict.effect] ?? 'plain')
          for (const reason of verdict.reasons) out.line(`  ${reason}`)
        })
        return exitCodes.done
      }),
    )
}
