import { type Command, Option } from 'commander'
import {
  type ContentFilterId,
  contentFilterIds,
  type Direction,
  directions,
  type FilterAction,
  type FilterPolicy,
  filterActions,
  filterPolicies,
} from '../../../shared/domain/filters.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import type { Style } from '../output.ts'
import { filterWordCommands } from './filter-words.ts'

interface Where {
  readonly server?: string
}

const styles: Readonly<Record<FilterAction, Style>> = { allow: 'dim', warn: 'yellow', redact: 'yellow', block: 'red' }
const at = ({ server }: Where) => (server === undefined ? {} : { server })

/** filters list, test, set, policy, words. */
export const filterCommands: CommandGroup = (program, run) => {
  const filters = program.command('filters').description('what is looked for in arguments and answers')

  filters
    .command('list')
    .description('every filter, what it does, and how often it did since the app was started')
    .option('--server <name>', 'as it holds for this server')
    .action((options: Where, command: Command) =>
      run(command, async ({ app, out }) => {
        const all = await app.api.filters.list(at(options))
        out.result(all, () => {
          const found = (id: string, direction: Direction) =>
            all.counts
              .filter((one) => one.filter === id && one.direction === direction)
              .reduce((sum, one) => sum + one.count, 0)
          const cell = (action: FilterAction, set: boolean) => ({
            text: set ? `${action} (set)` : action,
            style: styles[action],
          })
          out.line(
            `Policy: ${all.policy}. Looked through ${all.lookedThrough.call} calls and ${all.lookedThrough.reply} answers.`,
          )
          out.table(
            ['FILTER', 'SEVERITY', 'ARGUMENTS', 'ANSWERS', 'FOUND IN ARGUMENTS', 'FOUND IN ANSWERS'],
            [
              ...all.fixed.map(({ id, call, reply }) => [
                id,
                'error',
                cell(call, false),
                cell(reply, false),
                String(found(id, 'call')),
                String(found(id, 'reply')),
              ]),
              ...all.filters.map(({ id, severity, call, reply }) => [
                id,
                severity,
                cell(call.action, call.set),
                cell(reply.action, reply.set),
                String(found(id, 'call')),
                String(found(id, 'reply')),
              ]),
            ],
          )
        })
        return exitCodes.done
      }),
    )

  filters
    .command('test')
    .description('what fires on a text; the text is read from stdin')
    .addOption(
      new Option('--direction <direction>', 'as arguments or as an answer').choices([...directions]).default('reply'),
    )
    .option('--server <name>', 'with the settings of this server')
    .action((options: Where & { readonly direction: Direction }, command: Command) =>
      run(command, async ({ app, out, terminal }) => {
        const text = await terminal.text()
        const tested = await app.api.filters.test({ text, direction: options.direction, ...at(options) })
        out.result(tested, () => {
          if (tested.findings.length === 0) out.line('Nothing fires.', 'green')
          else
            out.table(
              ['PLACE', 'FILTER', 'SEVERITY', 'ACTION', 'REASON'],
              tested.findings.map(({ line, column, start, end, filter, word, severity, action, reason }) => [
                `${line}:${column} (${end - start})`,
                word === undefined ? filter : `${filter}: ${word}`,
                severity,
                { text: action, style: styles[action] },
                `${reason} (characters ${start} to ${end})`,
              ]),
            )
          if (tested.labels.length > 0) out.line(`Labels: ${tested.labels.join(', ')}`)
        })
        return exitCodes.done
      }),
    )

  filters
    .command('set <filter> <direction> <action>')
    .description(`what a filter does: ${filterActions.join(', ')}, or default`)
    .option('--server <name>', 'only for this server')
    .action((filter: string, direction: string, action: string, options: Where, command: Command) =>
      run(command, async ({ app, out }) => {
        const wanted = action === 'default' ? {} : { action: oneOf<FilterAction>(filterActions, action, 'action') }
        await app.api.filters.set({
          filter: oneOf<ContentFilterId>(contentFilterIds, filter, 'filter'),
          direction: oneOf<Direction>(directions, direction, 'direction'),
          ...wanted,
          ...at(options),
        })
        out.result({ filter, direction, action }, () => out.line(`${filter}, ${direction}: ${action}.`))
        return exitCodes.done
      }),
    )

  filters
    .command('policy <policy>')
    .description(`which defaults hold: ${filterPolicies.join(', ')}, or default`)
    .option('--server <name>', 'only for this server')
    .action((policy: string, options: Where, command: Command) =>
      run(command, async ({ app, out }) => {
        const wanted = policy === 'default' ? {} : { policy: oneOf<FilterPolicy>(filterPolicies, policy, 'policy') }
        await app.api.filters.setPolicy({ ...wanted, ...at(options) })
        out.result({ policy }, () => out.line(`The filter policy is ${policy}.`))
        return exitCodes.done
      }),
    )

  filterWordCommands(filters, run)
}

/** @throws WrongUsage naming what can be said */
function oneOf<T extends string>(all: readonly T[], given: string, what: string): T {
  const found = all.find((one) => one === given)
  if (found === undefined) throw new WrongUsage(`The ${what} is one of: ${all.join(', ')}.`)
  return found
}
