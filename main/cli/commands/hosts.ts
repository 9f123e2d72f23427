import type { RefusedHostShown } from '../../../shared/contract/hosts.ts'
import type { Cli, CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { localTime } from '../option-values.ts'
import type { Output } from '../output.ts'

/** hosts list, allow, never: what servers wanted to reach and were refused. */
export const hostCommands: CommandGroup = (program, run) => {
  const hosts = program.command('hosts').description('hosts that servers were refused')
  hosts
    .command('list [server]')
    .description('what servers wanted to reach and were refused')
    .action((server: string | undefined, _, command) => run(command, (cli) => listHosts(cli, server)))
  hosts
    .command('allow <server> <host:port>')
    .description('let this server reach a host it was refused')
    .action((server: string, place: string, _, command) => run(command, (cli) => allowHost(cli, server, place)))
  hosts
    .command('never <server> <host>')
    .description('go on refusing this host to this server, and do not ask again')
    .action((server: string, host: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.hosts.never({ server, host })
        out.result({ server, host, never: true }, () => out.line(`${server} is never asked about again for ${host}.`))
        return exitCodes.done
      }),
    )
}

async function listHosts({ app, out }: Cli, server: string | undefined): Promise<number> {
  const refused = await app.api.hosts.refused(server === undefined ? {} : { server })
  out.result(refused, () => {
    if (refused.hosts.length === 0) out.line('No server was refused a host.')
    showRefused(out, refused.hosts, refused.more)
    for (const one of refused.never) out.line(`${one.server}: never ${one.host}`, 'dim')
  })
  return exitCodes.done
}

async function allowHost({ app, out }: Cli, server: string, place: string): Promise<number> {
  const [, host = '', port] = /^(.+):(\d+)$/.exec(place) ?? []
  if (port === undefined) throw new WrongUsage('Name the host with its port, e.g. api.example.com:443.')
  const { restarts } = await app.api.hosts.allow({ server, host, port: Number(port) })
  out.result({ server, host, port: Number(port), restarts }, () =>
    out.line(
      `${server} may reach ${place} now.${restarts ? ' It is started anew for that at its next call.' : ''}`,
      'green',
    ),
  )
  return exitCodes.done
}

/** One line a refused host, with what can be done about it. */
export function showRefused(out: Output, hosts: readonly RefusedHostShown[], more: number): void {
  for (const { server, host, port, times, at, offered, why } of hosts) {
    const place = port === undefined ? host : `${host}:${port}`
    const how = offered ? ` Allow it with: gatehouse hosts allow ${server} ${place}` : why ? ` (${reasons[why]})` : ''
    out.line(`refused      ${place}, ${times} times, last ${localTime(at)}.${how}`, 'yellow')
  }
  if (more > 0) out.line(`refused      and ${more} more`, 'yellow')
}

const reasons = {
  'own port': 'a port of Gatehouse’s own',
  moved: 'its name stands for another network than it may',
} as const
