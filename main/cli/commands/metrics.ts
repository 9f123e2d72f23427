import { Option } from 'commander'
import { type MetricRange, rangeNames } from '../../../shared/domain/metrics.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { localTime } from '../option-values.ts'

const ms = (seconds: number | undefined) => (seconds === undefined ? '' : `${(seconds * 1000).toFixed(1)} ms`)

/** metrics, traces, logs. */
export const metricsCommands: CommandGroup = (program, run) => {
  program
    .command('metrics')
    .description('how many calls, how long they took; with --prometheus every figure as Prometheus reads it')
    .option('--prometheus', 'every figure there is, in Prometheus’ text format')
    .option('--server <name>', 'only calls of this server')
    .option('--client <name>', 'only calls of this client')
    .addOption(new Option('--range <range>', 'how far back').choices(rangeNames).default('1h'))
    .action((options: { prometheus?: true; server?: string; client?: string; range: MetricRange }, command) =>
      run(command, async ({ app, out }) => {
        if (options.prometheus || out.isJson) {
          const { metrics, prometheus } = await app.api.metrics.now()
          if (out.isJson) out.result({ metrics }, () => {})
          else out.raw(prometheus)
          return exitCodes.done
        }
        const { range, server, client } = options
        const { total } = await app.api.metrics.calls({
          range,
          ...(server ? { server } : {}),
          ...(client ? { client } : {}),
        })
        out.line(`${total.calls} calls, ${total.errors} failed, ${total.refused} refused.`, 'bold')
        if (total.p50 !== undefined)
          out.line(`Half took no more than ${ms(total.p50)}, 95 % ${ms(total.p95)}, 99 % ${ms(total.p99)}.`)
        if (server || client) return exitCodes.done
        const { tools } = await app.api.metrics.tools({ range })
        const rows = tools.map((one) => [one.name, `${one.calls}`, `${one.errors}`, `${one.refused}`, ms(one.p95)])
        if (rows.length > 0) out.table(['TOOL', 'CALLS', 'FAILED', 'REFUSED', '95 % WITHIN'], rows)
        return exitCodes.done
      }),
    )

  program
    .command('traces')
    .description('where the time of the latest calls went')
    .option('--slowest', 'the slowest of the last day instead')
    .action(({ slowest }: { slowest?: true }, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.traces.list({ which: slowest ? 'slowest' : 'recent' })
        out.result(found, () =>
          out.table(
            ['WHEN', 'CLIENT', 'ENTRY', 'HOW IT ENDED', 'TOOK', 'LONGEST STEP'],
            found.traces.map((one) => {
              const longest = [...one.steps].sort((a, b) => b.ms - a.ms)[0]
              const took = `${one.totalMs.toFixed(1)} ms`
              const step = longest ? `${longest.step} ${longest.ms.toFixed(1)} ms` : ''
              return [localTime(one.at), one.client ?? '', one.entry, one.code ?? one.outcome, took, step]
            }),
          ),
        )
        return exitCodes.done
      }),
    )

  program
    .command('logs')
    .description('the newest lines of Gatehouse’s own log, oldest first')
    .addOption(
      new Option('--level <level>', 'these and graver')
        .choices(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
        .default('info'),
    )
    .option('--search <words>', 'only lines in which every word stands')
    .option('--lines <n>', 'how many', '200')
    .action(({ level, search, lines }: { level: 'info'; search?: string; lines: string }, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.logs.read({ level, most: Number(lines), ...(search ? { search } : {}) })
        out.result(found, () => {
          for (const line of found.lines.toReversed())
            out.line(
              `${localTime(line.time)}  ${line.level.padEnd(5)}  ${line.text}${line.more ? ` ${line.more.replace(/\s+/g, ' ')}` : ''}`,
            )
        })
        return exitCodes.done
      }),
    )
}
