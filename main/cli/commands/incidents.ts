import { Option } from 'commander'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { localTime } from '../option-values.ts'
import { megabytes } from './usage-words.ts'

/** incidents list, show, resolve; health. */
export const incidentCommands: CommandGroup = (program, run) => {
  const incidents = program.command('incidents').description('what went wrong with servers, and how it was repaired')

  incidents
    .command('list')
    .description('incidents of the last 30 days, newest first')
    .option('--server <name>', 'only of this server')
    .addOption(new Option('--status <status>', 'only these').choices(['open', 'resolved', 'escalated']))
    .action((options: { server?: string; status?: 'open' | 'resolved' | 'escalated' }, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.incidents.list(options)
        out.result(found, () => {
          out.table(
            ['ID', 'SERVER', 'STATUS', 'OPENED', 'SYMPTOM', 'REPAIRED BY'],
            found.incidents.map((one) => [
              one.id,
              one.server,
              one.status,
              localTime(one.openedAt),
              one.symptoms[0]?.kind ?? '',
              one.attempts.find(({ worked }) => worked)?.strategy ?? '',
            ]),
          )
          const { meanRepairMs, successRate } = found.figures
          if (meanRepairMs !== undefined) out.line(`Repaired after ${Math.round(meanRepairMs / 1000)} s on average.`)
          if (successRate !== undefined) out.line(`Repairs that worked: ${Math.round(successRate * 100)} %.`)
        })
        return exitCodes.done
      }),
    )

  incidents
    .command('show <id>')
    .description('one incident: how it showed, and what was tried')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        const one = await app.api.incidents.show({ id })
        out.result(one, () => {
          out.line(`${one.server} — ${one.status}, ${one.severity}`, 'bold')
          for (const { at, kind, detail } of one.symptoms) out.line(`${localTime(at)}  ${kind}: ${detail}`)
          for (const { at, strategy, worked, detail } of one.attempts)
            out.line(`${localTime(at)}  ${strategy}: ${detail}`, worked ? 'green' : 'red')
        })
        return exitCodes.done
      }),
    )

  incidents
    .command('resolve <id>')
    .description('say that you dealt with it; a server that was switched off for it goes on')
    .option('--leave-off', 'leave the server switched off')
    .action((id: string, { leaveOff = false }: { leaveOff?: boolean }, command) =>
      run(command, async ({ app, out }) => {
        const one = await app.api.incidents.resolve({ id, leaveOff })
        out.result(one, () => out.line(`${id}: resolved.`))
        return exitCodes.done
      }),
    )

  incidents
    .command('usual <server>')
    .description('how a server usually behaves, as far as was seen')
    .action((server: string, _, command) =>
      run(command, async ({ app, out }) => {
        const usual = await app.api.health.behaviour({ server })
        out.result(usual, () =>
          out.table(
            ['FIGURE', 'SAMPLES', 'HIGHEST', 'ENTROPY'],
            usual.figures.map(({ name, samples, high, entropy }) => [
              name,
              String(samples),
              high < 100 ? high.toFixed(2) : String(Math.round(high)),
              `${entropy.toFixed(1)} bits`,
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  program
    .command('health')
    .description('how Gatehouse and every server are, and what they use')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const report = await app.api.health.report()
        out.result(report, () => {
          out.line(report.state, report.state === 'healthy' ? 'green' : 'red')
          out.table(
            ['PART', 'STATE', 'CPU', 'MEMORY', 'PROCESSES', 'WHAT'],
            [
              ...report.components.map((part) => [part.name, part.state, '', '', '', part.detail]),
              ...report.servers.map((server) => [
                server.name,
                server.throttled ? `${server.state}, throttled` : server.state,
                server.usage ? server.usage.cpu.toFixed(2) : '',
                server.usage ? megabytes(server.usage.memoryBytes) : '',
                String(server.processes.length),
                server.breaker === 'closed' ? server.detail : `left alone: ${server.detail}`,
              ]),
            ],
          )
        })
        return exitCodes.done
      }),
    )
}
