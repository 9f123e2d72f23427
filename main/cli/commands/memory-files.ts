import { extname, resolve } from 'node:path'
import type { Command } from 'commander'
import type { GatehouseEvents } from '../../../shared/contract/contract.ts'
import { defaultWorkspace } from '../../../shared/domain/ids.ts'
import { type MemoryFormat, memoryFormats } from '../../../shared/domain/memory.ts'
import type { Cli, CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import type { Output } from '../output.ts'
import { type InWorkspace, inWorkspace, workspaceOf } from './memory.ts'

/** memory export, import. */
export const memoryFileCommands: CommandGroup = (program, run) => {
  const memory = program.commands.find((command) => command.name() === 'memory') as Command

  inWorkspace(memory.command('export <file>').description('write everything to a new file'))
    .option('--format <format>', formatHelp)
    .action((file: string, options: InWorkspace & { format?: string }, command) =>
      run(command, async ({ app, out, terminal }) => {
        const path = resolve(terminal.surroundings.workingFolder, file)
        const where = { ...workspaceOf(options), file: path, format: formatOf(path, options.format) }
        const made = await app.api.memory.export(where)
        out.result(made, () => out.line(`${made.file} (${made.sizeBytes} bytes)`, 'green'))
        return exitCodes.done
      }),
    )

  inWorkspace(
    memory.command('import <file>').description('bring a file in, all of it or nothing; memory undo takes it back'),
  )
    .option('--format <format>', formatHelp)
    .option('--replace', 'in place of what is known, instead of adding to it')
    .option('--trust', 'you know who wrote it: it does not count as read from outside')
    .action((file: string, options: ImportOptions, command) =>
      run(command, async ({ app, out, terminal }) => {
        const path = resolve(terminal.surroundings.workingFolder, file)
        const format = formatOf(path, options.format)
        const done = await followed({ app, out }, options, () =>
          app.api.memory.import({
            ...workspaceOf(options),
            file: path,
            format,
            mode: options.replace ? 'replace' : 'merge',
            trusted: options.trust ?? false,
          }),
        )
        out.result(done, () => {
          out.line(
            `${done.concepts} concepts and ${done.relations} relations are new, ${done.merged} concepts were known.`,
            'green',
          )
          if (done.write) out.line(`To take it back: gatehouse memory undo ${done.write}`)
        })
        return exitCodes.done
      }),
    )
}

/** Shows how far it is. Ctrl+C cancels it and waits for what comes of that; once more leaves at once, which cancels it too. */
async function followed<T>(
  { app, out }: Pick<Cli, 'app' | 'out'>,
  options: InWorkspace,
  work: () => Promise<T>,
): Promise<T> {
  const client = await app.connect()
  const whose = options.workspace ?? defaultWorkspace
  client.subscribe((name, payload) => {
    if (name === 'memory.importing' && (payload as Importing).workspace === whose) show(out, payload as Importing)
  })
  const cancel = () => void app.api.memory.cancelImport(workspaceOf(options)).catch(() => undefined)
  process.once('SIGINT', cancel)
  try {
    return await work()
  } finally {
    process.off('SIGINT', cancel)
    out.progress()
  }
}

type Importing = GatehouseEvents['memory.importing']

function show(out: Output, { phase, done, total }: Importing): void {
  if (phase === 'ended') return
  const share = total === 0 ? 0 : Math.floor((100 * done) / total)
  out.progress(
    phase === 'reading' ? `Reading the file: ${share} %` : `Writing: ${share} % (${done} of ${total})`,
    share,
  )
}

interface ImportOptions extends InWorkspace {
  readonly format?: string
  readonly replace?: boolean
  readonly trust?: boolean
}
const formatHelp = 'json or graphml (everything), or jsonl (the file of server-memory); by the file’s name unless told'

function formatOf(file: string, said: string | undefined): MemoryFormat {
  const format = memoryFormats.find((one) => one === (said ?? extname(file).slice(1)))
  if (format === undefined) throw new WrongUsage(`Say the format: --format ${memoryFormats.join(', ')}.`)
  return format
}
