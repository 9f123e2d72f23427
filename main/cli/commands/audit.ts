import { type Command, Option } from 'commander'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { count, entryNumber, localTime } from '../option-values.ts'
import { type AuditFilterOptions, auditFilterOf, withAuditFilter } from './audit-filter.ts'
import { type VerifyOptions, verifyExported, verifyLog } from './verify-audit.ts'

interface ListOptions extends AuditFilterOptions {
  readonly limit: number
  readonly before?: number
}

/** audit list, show, verify, export. */
export const auditCommands: CommandGroup = (program, run) => {
  const audit = program.command('audit').description('the record of everything that was done and refused')

  const list = audit.command('list').description('the latest entries, newest first')
  withAuditFilter(list)
    .option('--limit <number>', 'how many', count, 100)
    .option('--before <seq>', 'only entries before this number', entryNumber)
    .action((options: ListOptions, command: Command) =>
      run(command, async ({ app, out }) => {
        const { limit, before } = options
        const found = await app.api.audit.list({ limit, ...(before ? { before } : {}), ...auditFilterOf(options) })
        if (found.missing !== undefined)
          out.note(`Search is still being made ready: ${found.missing} older entries are not in it yet.`)
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
    .option('--from <seq>', 'only entries from this number on', entryNumber)
    .option('--to <seq>', 'only entries up to this number', entryNumber)
    .option('--public-key <file>', 'of the Gatehouse that exported the file (audit public-key)')
    .action((file: string | undefined, options: VerifyOptions, command: Command) =>
      run(command, (cli) => (file === undefined ? verifyLog(cli, options) : verifyExported(cli, file, options))),
    )

  audit
    .command('public-key')
    .description('what verifies the signature at the end of an exported log')
    .action((_, command: Command) =>
      run(command, async ({ app, out }) => {
        const key = await app.api.audit.publicKey()
        out.result(key, () => out.raw(key.pem))
        return exitCodes.done
      }),
    )

  const facetsVerb = audit.command('facets').description('how many entries there are of each kind')
  withAuditFilter(facetsVerb).action((options: AuditFilterOptions, command: Command) =>
    run(command, async ({ app, out }) => {
      const { facets, exact } = await app.api.audit.facets(auditFilterOf(options))
      if (!exact) out.note('Counted among the newest 10 000 that fit.')
      out.result({ facets, exact }, () =>
        out.table(
          ['FIELD', 'VALUE', 'ENTRIES'],
          Object.entries(facets).flatMap(([field, values]) =>
            values.map(({ value, count: entries }) => [field, value, String(entries)]),
          ),
        ),
      )
      return exitCodes.done
    }),
  )

  audit
    .command('retention')
    .description('how long arguments and results are kept; entries themselves stay, and so does their chain')
    .option('--days <number>', 'days contents are kept', count)
    .option('--pii-days <number>', 'days contents with personal data are kept', count)
    .action(({ days, piiDays }: { days?: number; piiDays?: number }, command: Command) =>
      run(command, async ({ app, out }) => {
        const present = await app.api.audit.retention()
        if (days === undefined && piiDays === undefined) {
          out.result(present, () => out.line(kept(present)))
          return exitCodes.done
        }
        const wanted = { days: days ?? present.days, piiDays: piiDays ?? present.piiDays }
        const { erased } = await app.api.audit.setRetention(wanted)
        out.result({ ...wanted, erased }, () => out.line(`${kept(wanted)} Erased now: ${erased}.`))
        return exitCodes.done
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

const kept = ({ days, piiDays }: { days: number; piiDays: number }) =>
  `Contents are kept ${days} days, ${Math.min(days, piiDays)} with personal data.`
