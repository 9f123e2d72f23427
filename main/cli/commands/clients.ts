import type { z } from 'zod'
import type { client } from '../../../shared/contract/clients.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { count, localTime } from '../option-values.ts'
import { seenBy, viewCommand } from './view.ts'

type Client = z.output<typeof client>

/** clients list, pair, set, token, suspend, resume, revoke, snippet. */
export const clientCommands: CommandGroup = (program, run) => {
  const clients = program.command('clients').description('AI apps')

  clients
    .command('list')
    .description('the AI apps that are paired')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { clients: all } = await app.api.clients.list()
        const { views } = await app.api.catalog.views()
        out.result({ clients: all }, () =>
          out.table(
            ['NAME', 'STATE', 'CONNECTED', 'LAST SEEN', 'PATIENCE', 'SEES', 'PROGRAM'],
            all.map((client) => [
              client.name,
              { text: client.state, style: client.state === 'paired' ? 'green' : 'yellow' },
              client.connected ? 'yes' : 'no',
              client.lastSeenAt ? localTime(client.lastSeenAt) : 'never',
              client.patienceMs === undefined ? '' : `${Math.round(client.patienceMs / 1000)} s`,
              seenBy(views, client.name),
              programsOf(client),
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  clients
    .command('pair <name>')
    .description('pair an AI app, so that its bridge may connect')
    .option('--workspace <name>', 'the workspace it belongs to')
    .action((name: string, options: { workspace?: string }, command) =>
      run(command, async ({ app, out }) => {
        const { workspace } = options
        const paired = await app.api.clients.pair({ name, ...(workspace ? { workspace } : {}) })
        out.result(paired, () => {
          out.line(`“${name}” is paired.`, 'green')
          out.line(`id      ${paired.id}`)
          out.line(`secret  ${paired.secret}`)
          out.line('The bridge finds both in the data folder; keep the secret to yourself.')
        })
        return exitCodes.done
      }),
    )

  viewCommand(clients, run, 'client')

  clients
    .command('token <name>')
    .description('a revocable API key for the HTTP endpoint')
    .option('--days <number>', 'how long it is valid', count, 90)
    .action((name: string, options: { days: number }, command) =>
      run(command, async ({ app, out }) => {
        const issued = await app.api.clients.token({ name, days: options.days })
        out.result(issued, () => {
          out.raw(issued.token)
          out.note(`Valid until ${localTime(issued.expiresAt)}. It is not shown again.`)
        })
        return exitCodes.done
      }),
    )

  clients
    .command('suspend <name>')
    .description('end an AI app’s sessions and keep it out until it is resumed')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.clients.suspend({ name })
        out.result({ name, state: 'suspended' }, () =>
          out.line(`“${name}” is suspended. Let it in again with: gatehouse clients resume ${name}`),
        )
        return exitCodes.done
      }),
    )

  clients
    .command('resume <name>')
    .description('let a suspended AI app in again')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.clients.resume({ name })
        out.result({ name, state: 'paired' }, () => out.line(`“${name}” may connect again.`))
        return exitCodes.done
      }),
    )

  clients
    .command('revoke <name>')
    .description('end an AI app’s sessions, keys and permissions')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.clients.revoke({ name })
        out.result({ name, revoked: true }, () => out.line(`“${name}” is revoked.`))
        return exitCodes.done
      }),
    )

  clients
    .command('old-names <name>')
    .description('take its requests under names from before MCP’s first revision: execute_tool, list_tools …')
    .option('--off', 'take them no longer')
    .action((name: string, { off }: { off?: boolean }, command) =>
      run(command, async ({ app, out }) => {
        const taken = off !== true
        await app.api.clients.setOldNames({ name, taken })
        out.result({ name, taken }, () => out.line(`Old method names of “${name}” are ${taken ? '' : 'not '}taken.`))
        return exitCodes.done
      }),
    )

  clients
    .command('snippet <name>')
    .description('what to paste into an AI app’s configuration')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const snippet = await app.api.clients.snippet({ name })
        out.result(snippet, () => out.raw(snippet.json))
        return exitCodes.done
      }),
    )
}

/** Of its bridge, and of its API keys. */
function programsOf({ program, tokens }: Client): string {
  const all = [program, ...tokens.flatMap(({ programs = [] }) => programs)].map((one) => one?.executable ?? '')
  return [...new Set(all)].filter((executable) => executable !== '').join(', ')
}
