import { type Command, Option } from 'commander'
import { filterActions, filterSeverities } from '../../../shared/domain/filters.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'

type Run = Parameters<CommandGroup>[1]

interface AddOptions {
  readonly pattern?: true
  readonly severity: (typeof filterSeverities)[number]
  readonly call: (typeof filterActions)[number]
  readonly reply: (typeof filterActions)[number]
}

/** filters words list, add, show, remove, test. What is looked for comes from stdin: a command line is seen by others. */
export function filterWordCommands(filters: Command, run: Run): void {
  const words = filters.command('words').description('words of your own that are looked for')

  words
    .command('list')
    .description('what they are called, what happens, and how often they were found since the app was started')
    .action((_: object, command: Command) =>
      run(command, async ({ app, out }) => {
        const { words } = await app.api.filters.list({})
        out.result({ words }, () =>
          out.table(
            ['NAME', 'KIND', 'SEVERITY', 'ARGUMENTS', 'ANSWERS', 'FOUND IN ARGUMENTS', 'FOUND IN ANSWERS'],
            words.map(({ name, kind, severity, call, reply, found }) => [
              name,
              kind,
              severity,
              call,
              reply,
              String(found.call),
              String(found.reply),
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  words
    .command('add <name>')
    .description('look for a word, in capitals or not; it is read from stdin or asked for')
    .option('--pattern', 'it is a pattern: a regular expression without ^, $, back-references and look-arounds')
    .addOption(
      new Option('--severity <severity>', 'how serious it is').choices([...filterSeverities]).default('warning'),
    )
    .addOption(new Option('--call <action>', 'in arguments').choices([...filterActions]).default('block'))
    .addOption(new Option('--reply <action>', 'in answers').choices([...filterActions]).default('redact'))
    .action((name: string, { pattern, severity, call, reply }: AddOptions, command: Command) =>
      run(command, async ({ app, out, terminal }) => {
        const value = await terminal.secret(pattern ? 'Pattern: ' : 'Word: ')
        const kind = pattern ? 'pattern' : 'word'
        const added = await app.api.filters.addWord({ name, kind, value, severity, call, reply })
        out.result(added, () => out.line(`“${added.name}” is looked for. Arguments: ${call}. Answers: ${reply}.`))
        return exitCodes.done
      }),
    )

  words
    .command('show <name>')
    .description('what a word looks for')
    .action((name: string, _: object, command: Command) =>
      run(command, async ({ app, out }) => {
        const { value } = await app.api.filters.showWord({ id: await idOf(app, name) })
        out.result({ name, value }, () => out.line(value))
        return exitCodes.done
      }),
    )

  words
    .command('remove <name>')
    .description('no longer look for a word')
    .action((name: string, _: object, command: Command) =>
      run(command, async ({ app, out }) => {
        const { removed } = await app.api.filters.removeWord({ id: await idOf(app, name) })
        out.result({ name, removed }, () => out.line(`“${name}” is no longer looked for.`))
        return exitCodes.done
      }),
    )

  words
    .command('test')
    .description('which of your words are in a text; the text is read from stdin')
    .action((_: object, command: Command) =>
      run(command, async ({ app, out, terminal }) => {
        const { findings } = await app.api.filters.test({ text: await terminal.text(), direction: 'reply' })
        const found = findings.filter(({ filter }) => filter === 'own-words')
        out.result({ findings: found }, () => {
          if (found.length === 0) out.line('None of your words is in it.', 'green')
          for (const { line, column, word = '' } of found) out.line(`${line}:${column}  ${word}`)
        })
        return exitCodes.done
      }),
    )
}

type App = Parameters<Parameters<Run>[1]>[0]['app']

/** @throws WrongUsage */
async function idOf(app: App, name: string): Promise<string> {
  const { words } = await app.api.filters.list({})
  const found = words.find((word) => word.name.toLowerCase() === name.toLowerCase())
  if (found === undefined)
    throw new WrongUsage(`There is no word called “${name}”; see “gatehouse filters words list”.`)
  return found.id
}
