import type { Command } from 'commander'
import { Option } from 'commander'
import type { ShownAlert, ShownRule } from '../../../shared/contract/alerts.ts'
import { type AlertState, alertStates } from '../../../shared/domain/alerts.ts'
import type { CommandGroup, Run } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { localTime } from '../option-values.ts'
import type { Cell } from '../output.ts'
import { channelCommands } from './alert-channels.ts'
import { type RuleOptions, ruleFrom, ruleOptions } from './alert-rule-options.ts'

/** alerts list, show, acknowledge, resolve, rules, rule …, metrics, channels, channel …, test. */
export const alertCommands: CommandGroup = (program, run) => {
  const alerts = program.command('alerts').description('what should not be so, the rules that say so, and who is told')
  alertVerbs(alerts, run)
  ruleVerbs(alerts, run)
  channelCommands(alerts, run)
}

function alertVerbs(alerts: Command, run: Run): void {
  alerts
    .command('list')
    .description('alerts that are not over, newest first; with --all those of the last 30 days too')
    .option('--all', 'those that are over, too')
    .addOption(new Option('--state <state>', 'only these').choices([...alertStates]))
    .action(({ all, state }: { all?: true; state?: AlertState }, command) =>
      run(command, async ({ app, out }) => {
        const which = state ?? (all ? undefined : 'ongoing')
        const found = await app.api.alerts.list(which === undefined ? {} : { state: which })
        out.result(found, () => {
          if (found.alerts.length === 0) return out.line(which ? 'No alert is open.' : 'There was no alert.', 'green')
          out.table(
            ['ID', 'SEVERITY', 'STATE', 'SINCE', 'RULE', 'WHAT'],
            found.alerts.map((one) => [
              one.id,
              severity(one),
              one.state,
              localTime(one.openedAt),
              one.rule,
              one.sentence,
            ]),
          )
        })
        return exitCodes.done
      }),
    )

  alerts
    .command('show <id>')
    .description('one alert: how it went, and whom it was told')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.alerts.show({ id })
        out.result(found, () => {
          const { alert, told } = found
          out.line(alert.sentence, 'bold')
          out.line(`${alert.severity}, ${alert.state}, rule “${alert.rule}”, opened ${localTime(alert.openedAt)}`)
          if (alert.returned > 0) out.line(`Came back ${alert.returned} times while it cooled down.`)
          if (alert.escalatedAt !== undefined) out.line(`Went up, unanswered: ${localTime(alert.escalatedAt)}`)
          if (alert.acknowledgedAt !== undefined) out.line(`Acknowledged: ${localTime(alert.acknowledgedAt)}`)
          if (alert.resolvedAt !== undefined)
            out.line(`Resolved: ${localTime(alert.resolvedAt)}, ${endings[alert.resolvedBy ?? 'itself']}`)
          if (told.length > 0)
            out.table(
              ['CHANNEL', 'TOLD', 'STATE', 'TRIES', 'PROBLEM'],
              told.map((one) => [one.channel, one.note, one.state, String(one.tries), one.problem ?? '']),
            )
        })
        return exitCodes.done
      }),
    )

  for (const [verb, what, done] of [
    ['acknowledge', 'say that you have seen it: it goes no further up', 'acknowledged'],
    ['resolve', 'say that it is over; it opens again when its condition comes back', 'resolved'],
  ] as const)
    alerts
      .command(`${verb} <id>`)
      .description(what)
      .action((id: string, _, command) =>
        run(command, async ({ app, out }) => {
          const alert = await app.api.alerts[verb]({ id })
          out.result(alert, () => out.line(`${id}: ${done}.`))
          return exitCodes.done
        }),
      )
}

function ruleVerbs(alerts: Command, run: Run): void {
  alerts
    .command('rules')
    .description('all rules, built in and your own')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.alerts.rules()
        out.result(found, () =>
          out.table(
            ['NAME', '', 'SEVERITY', 'TELLS', 'WHEN'],
            found.rules.map((rule) => [rule.name, standing(rule), rule.severity, tells(rule), rule.sentence]),
          ),
        )
        return exitCodes.done
      }),
    )

  alerts
    .command('metrics')
    .description('what a rule may watch, and the labels it is told apart by')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.alerts.metrics()
        out.result(found, () =>
          out.table(
            ['METRIC', 'KIND', 'LABELS', 'WHAT'],
            found.metrics.map(({ name, type, labels, help }) => [
              name,
              type,
              labels.map((one) => one.name).join(', '),
              help,
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  const rule = alerts.command('rule').description('make, change, switch off and remove rules')
  ruleOptions(
    rule
      .command('add <name>')
      .description(
        'e.g. rule add busy --metric mcp_operations_total --by client --aggregation sum --when ">500" --over 10m',
      ),
  ).action((name: string, options: RuleOptions, command) =>
    run(command, async ({ app, out }) => {
      const made = await app.api.alerts.setRule(ruleFrom(name, options, undefined))
      out.result(made, () => out.line(`${name}: ${made.sentence}`))
      return exitCodes.done
    }),
  )
  ruleOptions(
    rule.command('set <name>').description('change a rule, also a built-in one; what is not named stays'),
  ).action((name: string, options: RuleOptions, command) =>
    run(command, async ({ app, out }) => {
      const { rules } = await app.api.alerts.rules()
      const before = rules.find((one) => one.name === name)
      const made = await app.api.alerts.setRule(ruleFrom(name, options, before))
      out.result(made, () => out.line(`${name}: ${made.sentence}${made.enabled ? '' : ' (off)'}`))
      return exitCodes.done
    }),
  )
  rule
    .command('remove <name>')
    .description('a rule of your own is gone; a built-in one is as it was built')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.alerts.removeRule({ name })
        out.result({ removed: true }, () => out.line('Done.'))
        return exitCodes.done
      }),
    )
}

const styles = { info: 'plain', warning: 'yellow', critical: 'red' } as const
const severity = ({ severity: how }: ShownAlert): Cell => ({ text: how, style: styles[how] })
const endings = { itself: 'by itself', person: 'by you', rule: 'because its rule was changed' } as const

const standing = ({ enabled, builtIn, changed }: ShownRule) =>
  [enabled ? 'on' : 'off', builtIn ? (changed ? 'built in, changed' : 'built in') : 'yours'].join(', ')
const tells = ({ channels, escalation }: ShownRule) =>
  [channels.join(', '), escalation ? `after ${escalation.afterMinutes} min also ${escalation.channels.join(', ')}` : '']
    .filter(Boolean)
    .join('; ')
