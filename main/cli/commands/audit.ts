import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { count, localTime } from '../option-values.ts'

interface ListOptions {
  readonly limit: number
  readonly before?: number
  readonly client?: string
  readonly server?: string
  readonly decision?: string
  readonly text?: string
  readonly workspace?: string
}

/** audit list, show, verify, export. */
export const auditCommands: CommandGroup = (program, run) => {
  const audit = program.command('audit').description('the record of everything that was done and refused')

  audit
    .command('list')
    .description('the latest entries, newest first')
    .option('--limit <number>', 'how many', count, 100)
    .option('--before <seq>', 'only entries before this number', count)
    .option('--client <name>', 'only of this AI app')
    .option('--server <name>', 'only of this server')
    .option('--decision <decision>', 'only with this decision')
    .option('--workspace <name>', 'only of this workspace')
    .option('--text <words>', 'only with these words')
    .action((options: ListOptions, command: Command) =>
      run(command, async ({ app, out }) => {
        const { limit, before, client, server, decision, text, workspace } = options
        const found = await app.api.audit.list({
          limit,
          ...(before ? { before } : {}),
          ...(client ? { client } : {}),
          ...(server ? { server } : {}),
          ...(decision ? { decision } : {}),
          ...(text ? { text } : {}),
          ...(workspace ? { workspace } : {}),
        })
        out.result(found, () =>
          out.table(
            ['SEQ', 'TIME', 'DECISION', 'CLIENT', 'WHAT HAPPENED'],
            found.entries.map((entry) => [
              String(entry.seq),
              localTime(entry.time),
              entry.decision ?? '',
              entry.client ?? '',
              { text: entry.summary, style: entry.severity === 'critical' ? 'red' : 'plain' },
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  audit
    .command('show <seq>')
    .description('one entry with its arguments and result')
    .action((given: string, _, command: Command) =>
      run(command, async ({ app, out }) => {
        const seq = Number(given)
        if (!Number.isSafeInteger(seq) || seq < 0) throw new WrongUsage('Write the number of the entry.')
        const entry = await app.api.audit.show({ seq })
        out.result(entry, () => out.line(JSON.stringify(entry, undefined, 2)))
        return exitCodes.done
      }),
    )

  audit
    .command('verify [file]')
    .description('check that no entry was changed, dropped, reordered or inserted; or those of an exported jsonl file')
    .action((file: string | undefined, _, command: Command) =>
      run(command, async ({ app, out, terminal }) => {
        const path = file === undefined ? undefined : resolve(terminal.surroundings.workingFolder, file)
        const verification = await (path ? app.api.audit.verifyFile({ file: path }) : app.api.audit.verify())
        out.result(verification, () => out.line(verification.sentence, verification.valid ? 'green' : 'red'))
        return verification.valid ? exitCodes.done : exitCodes.failed
      }),
    )

  audit
    .command('export')
    .description('every entry as text on stdout')
    .addOption(new Option('--format <format>', 'how it is written').choices(['jsonl', 'csv', 'cef']).default('jsonl'))
    .action((options: { format: 'jsonl' | 'csv' | 'cef' }, command: Command) =>
      run(command, async ({ app, out }) => {
        let piece = await app.api.audit.export(options)
        const pieces = [piece.text]
        for (; piece.next !== undefined; pieces.push(piece.text)) {
          if (!out.isJson) out.raw(pieces.splice(0).join(''))
          piece = await app.api.audit.export({ ...options, from: piece.next })
        }
        out.result({ text: pieces.join('') }, () => out.raw(pieces.join('')))
        return exitCodes.done
      }),
    )
}
