import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { GatehouseEvents } from '../../../shared/contract/contract.ts'
import type { ErasureResult, Holding } from '../../../shared/contract/privacy.ts'
import { keptWords, privacyStores } from '../../../shared/messages/en/privacy-words.ts'
import type { Cli, CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { localTime } from '../option-values.ts'
import { printReport } from './privacy-report.ts'

interface Called {
  readonly called?: string
}
const calledHelp = 'what the request is called in the list; must not name the person'
const whoIsMissing = 'Name the person: a name, an e-mail address, a phone number, an id.'
const wordsHelp = 'names, e-mail addresses, phone numbers, ids of one person; without any they are read from stdin'

/** privacy find, access, export, rectify, erase, requests, report. */
export const privacyCommands: CommandGroup = (program, run) => {
  const privacy = program
    .command('privacy')
    .description('requests of persons about their data: what is held, a copy, corrections, erasure')

  privacy
    .command('find [words...]')
    .description(`look in every place for a person; keeps no request. WORDS: ${wordsHelp}`)
    .action((words: string[], _, command: Command) =>
      run(command, async (cli) => {
        const subject = await subjectOf(cli, words)
        const found = await followed(cli, (watch) => cli.app.api.privacy.find({ subject, watch }))
        cli.out.result(found, () => printHolding(cli, found))
        return exitCodes.done
      }),
    )

  privacy
    .command('access [words...]')
    .description('what is held of a person, where, since when, why and for how long, as a request that is kept')
    .option('--called <name>', calledHelp)
    .action((words: string[], options: Called, command: Command) =>
      run(command, async (cli) => {
        const subject = await subjectOf(cli, words)
        const called = calledOf(options)
        const found = await followed(cli, (watch) => cli.app.api.privacy.access({ subject, called, watch }))
        cli.out.result(found, () => {
          printHolding(cli, found)
          cli.out.line(`Kept as the request ${found.request}.`)
        })
        return exitCodes.done
      }),
    )

  privacy
    .command('export [words...]')
    .description('everything that is held of a person as one JSON document, on stdout or into a file')
    .option('--called <name>', calledHelp)
    .option('--output <file>', 'where to write it; only you can read it')
    .action((words: string[], options: Called & { output?: string }, command: Command) =>
      run(command, async (cli) => {
        const { app, out, terminal } = cli
        const subject = await subjectOf(cli, words)
        const called = calledOf(options)
        const { request } = await followed(cli, (watch) => app.api.privacy.export({ subject, called, watch }))
        let piece = await app.api.privacy.document({ request })
        const pieces = [piece.text]
        for (; piece.next !== undefined; pieces.push(piece.text))
          piece = await app.api.privacy.document({ request, from: piece.next })
        if (options.output === undefined) out.raw(pieces.join(''))
        else {
          const file = resolve(terminal.surroundings.workingFolder, options.output)
          await writeFile(file, pieces, { mode: 0o600, flag: 'wx' })
          out.result({ request, file }, () => out.line(`Written to ${file} as the request ${request}.`, 'green'))
        }
        return exitCodes.done
      }),
    )

  privacy
    .command('rectify [words...]')
    .description(
      'replace a wrong text by the right one in what the memory knows of a person; logs are not rewritten. What is not ' +
        'given is asked for, or read from stdin: the wrong text, the right one, the words, a line each',
    )
    .option('--wrong <text>', 'what is wrong; others on this computer see a command line')
    .option('--right <text>', 'what is right')
    .option('--called <name>', calledHelp)
    .action((words: string[], options: Called & Partial<Correction>, command: Command) =>
      run(command, async (cli) => {
        const asked = await correctionOf(cli, words, options)
        const done = await cli.app.api.privacy.rectify({ ...asked, called: calledOf(options) })
        cli.out.result(done, () => {
          if (done.changed.length === 0) cli.out.line('Nothing in the memory says so. Logs are never rewritten.')
          else cli.out.line(`Corrected: ${done.changed.join(', ')}.`, 'green')
        })
        return exitCodes.done
      }),
    )

  privacy
    .command('erase [words...]')
    .description('erase what is held of a person in every place, for good, and look again')
    .option('--called <name>', calledHelp)
    .option('--yes', 'do not ask whether you are sure')
    .action((words: string[], options: Called & { yes?: boolean }, command: Command) =>
      run(command, async (cli) => {
        const subject = await subjectOf(cli, words)
        if (!options.yes && !(await sure(cli))) return exitCodes.failed
        const called = calledOf(options)
        const done = await followed(cli, (watch) => cli.app.api.privacy.erase({ subject, called, watch }))
        cli.out.result(done, () => printErasure(cli, done))
        const failed = done.left > 0 || done.keptCounts.some(({ why }) => why === 'failed')
        return !failed && done.auditValid ? exitCodes.done : exitCodes.failed
      }),
    )

  privacy
    .command('requests')
    .description('requests there were, and how they ended; never whom they were about')
    .action((_, command: Command) =>
      run(command, async ({ app, out }) => {
        const { requests } = await app.api.privacy.requests()
        out.result({ requests }, () =>
          out.table(
            ['REQUEST', 'KIND', 'CALLED', 'MADE', 'ENDED', 'OUTCOME'],
            requests.map(({ id, kind, called, madeAt, endedAt, outcome }) => [
              id,
              kind,
              called,
              localTime(madeAt),
              endedAt === undefined ? '' : localTime(endedAt),
              outcome ?? 'not ended',
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  privacy
    .command('report')
    .description('how personal data is kept: how much of which kind, how long, how encrypted, requests and their ends')
    .action((_, command: Command) =>
      run(command, async ({ app, out }) => {
        const report = await app.api.privacy.report()
        out.result(report, () => printReport(out, report))
        return exitCodes.done
      }),
    )
}

const calledOf = ({ called }: Called): string => called ?? `request of ${new Date().toISOString().slice(0, 10)}`

/** From a pipe, a word or name a line. */
async function subjectOf({ terminal }: Cli, words: readonly string[]): Promise<string[]> {
  if (words.length > 0) return [...words]
  const lines = (await terminal.secret('Name the person: ')).split('\n').map((line) => line.trim())
  const subject = lines.filter((line) => line !== '')
  if (subject.length === 0) throw new WrongUsage(whoIsMissing)
  return subject
}

interface Correction {
  readonly wrong: string
  readonly right: string
}

async function correctionOf(
  cli: Cli,
  words: readonly string[],
  { wrong, right }: Partial<Correction>,
): Promise<Correction & { subject: string[] }> {
  const { terminal } = cli
  const { stdin, isTerminal } = terminal.surroundings
  if (words.length > 0 && wrong !== undefined && right !== undefined) return { subject: [...words], wrong, right }
  if (isTerminal(stdin)) {
    const subject = await subjectOf(cli, words)
    return {
      subject,
      wrong: wrong ?? (await terminal.asked('What is wrong: ')),
      right: right ?? (await terminal.asked('What is right: ')),
    }
  }
  const lines = (await terminal.text()).replace(/\r?\n$/, '').split(/\r?\n/)
  const given = { wrong: wrong ?? lines.shift(), right: right ?? lines.shift() }
  if (given.wrong === undefined || given.right === undefined)
    throw new WrongUsage('Say what is wrong and what is right, a line each.')
  const subject = words.length > 0 ? [...words] : lines.map((line) => line.trim()).filter((line) => line !== '')
  if (subject.length === 0) throw new WrongUsage(whoIsMissing)
  return { subject, wrong: given.wrong, right: given.right }
}

async function sure({ terminal, out }: Cli): Promise<boolean> {
  out.note('What is erased cannot be brought back, not even from the log. Backups keep it until you delete them.')
  if (!terminal.canAsk) throw new WrongUsage('Add --yes to erase without being asked.')
  return terminal.agrees('Erase it everywhere?')
}

/** Shows how far it is; Ctrl+C stops the search. */
async function followed<T>({ app, out }: Cli, work: (watch: string) => Promise<T>): Promise<T> {
  const watch = randomUUID()
  const client = await app.connect()
  client.subscribe((name, payload) => {
    const told = payload as GatehouseEvents['privacy.progressed']
    if (name === 'privacy.progressed' && told.watch === watch)
      out.progress(`Looking in: ${privacyStores[told.store].name} ${told.percent} %`, told.percent)
  })
  const cancel = () => void app.api.privacy.cancel({ watch }).catch(() => undefined)
  process.once('SIGINT', cancel)
  try {
    return await work(watch)
  } finally {
    process.off('SIGINT', cancel)
    out.progress()
  }
}

const excerptChars = 100
const shownItems = 20

function printHolding({ out }: Cli, { stores, total, unsearched, before }: Holding): void {
  out.line(total === 0 ? 'Nothing was found.' : `${total} found.`, 'bold')
  for (const { store, count, since, until, kept, items } of stores) {
    const { name, why, retention } = privacyStores[store]
    const span = since === undefined || until === undefined ? '' : `, ${localTime(since)} to ${localTime(until)}`
    out.line()
    out.line(`${name}: ${count}${span}${kept > 0 ? `; ${kept} would stay` : ''}`, 'bold')
    out.line(`  ${why} ${retention}`, 'dim')
    for (const { where, excerpt } of items.slice(0, shownItems))
      out.line(`  ${where}  ${excerpt.slice(0, excerptChars)}`)
    if (count > shownItems) out.line(`  … ${count - shownItems} more: gatehouse privacy export`)
  }
  for (const { where, why } of unsearched) out.line(`${where}: ${keptWords[why]}`)
  if (before.length > 0) out.line(`Earlier requests of the same person: ${before.join(', ')}`)
}

function printErasure({ out }: Cli, { request, erased, kept, keptCounts, left, auditValid }: ErasureResult): void {
  const count = erased.reduce((sum, one) => sum + one.count, 0)
  out.line(`Erased: ${count} (${request}).`, 'bold')
  for (const one of erased) out.line(`  ${privacyStores[one.store].name}: ${one.count}`)
  for (const { store, why, count } of keptCounts) {
    out.line(`Kept: ${store ? `${privacyStores[store].name}: ` : ''}${count}. ${keptWords[why]}`)
    const named = kept.filter((one) => one.store === store && one.why === why).slice(0, shownItems)
    for (const { where } of named) out.line(`  ${where}`)
    if (count > named.length) out.line(`  … ${count - named.length} more`)
  }
  if (left === 0) out.line('It was looked for again: nothing else is left.', 'green')
  else out.line(`It was looked for again: ${left} came or stayed. Ask once more.`, 'red')
  if (auditValid) out.line('The audit log’s chain holds.', 'green')
  else
    out.line(
      `The audit log’s chain ${auditValid === undefined ? 'could not be checked' : 'does not hold'}: gatehouse audit verify`,
      'red',
    )
}
