import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { z } from 'zod'
import type { client } from '../../../shared/contract/clients.ts'
import type { WorkspaceName } from '../../../shared/domain/ids.ts'
import { keyScopePattern } from '../../../shared/domain/key-scope.ts'
import { type QuotaMeasure, quotaMeasures } from '../../../shared/domain/quota.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { count, localTime, many } from '../option-values.ts'
import { type Amount, amount } from './limits.ts'
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
    .option('--days <number>', 'how long it is valid; 90', count)
    .option('--scope <scope>', 'only this: read, tools:PATTERN or servers:NAME; repeat to narrow further', many(scope))
    .option('--limit <measure=number/time>', 'at most so much, e.g. calls=100/hour; repeat for more', many(keyLimit))
    .option('--rotate <key id>', 'another secret for this key, which keeps its scopes, limits and end')
    .option('--revoke <key id>', 'end this key: it opens nothing from now on')
    .action((name: string, { days, scope = [], limit = [], rotate, revoke }: KeyOptions, command) =>
      run(command, async ({ app, out }) => {
        if ((rotate ?? revoke) !== undefined && (days ?? scope[0] ?? limit[0]) !== undefined)
          throw new WrongUsage('A key that gets another secret keeps its scopes, limits and end: leave the others out.')
        if (revoke !== undefined) {
          if (rotate !== undefined) throw new WrongUsage('A key is rotated or revoked, not both.')
          await app.api.clients.revokeKey({ name, id: revoke })
          out.result({ name, id: revoke, state: 'revoked' }, () =>
            out.line(`The key ${revoke} of “${name}” is revoked.`),
          )
          return exitCodes.done
        }
        const issued =
          rotate === undefined
            ? await app.api.clients.token({ name, scopes: [...scope], limits: [...limit], ...(days ? { days } : {}) })
            : await app.api.clients.rotateKey({ name, id: rotate })
        out.result(issued, () => {
          out.raw(issued.token)
          out.note(`Valid until ${localTime(issued.expiresAt)}. It is not shown again.`)
        })
        return exitCodes.done
      }),
    )

  clients
    .command('certificate <name> <file>')
    .description('a program’s certificate (PEM, without its key) in place of an API key, for the HTTPS endpoint')
    .option('--scope <scope>', 'only this: read, tools:PATTERN or servers:NAME; repeat to narrow further', many(scope))
    .action((name: string, file: string, { scope: scopes = [] }: { scope?: readonly string[] }, command) =>
      run(command, async ({ app, out, terminal }) => {
        const pem = readFileSync(resolve(terminal.surroundings.workingFolder, file), 'utf8')
        const taken = await app.api.clients.certificate({ name, pem, scopes: [...scopes] })
        out.result(taken, () =>
          out.line(
            `“${name}” is known by it as ${taken.id} until ${localTime(taken.expiresAt)}. End it: clients token ${name} --revoke ${taken.id}`,
          ),
        )
        return exitCodes.done
      }),
    )

  clients
    .command('keys <name>')
    .description('its API keys: what each is confined to, when and how often it was used')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const { clients: all } = await app.api.clients.list()
        const found = all.find((client) => client.name.toLowerCase() === name.toLowerCase())
        if (!found) throw new WrongUsage(`There is no client called “${name}”.`)
        out.result({ keys: found.tokens }, () =>
          out.table(
            ['KEY', 'MADE', 'VALID UNTIL', 'ONLY', 'LAST USED', 'USES'],
            found.tokens.map(({ id, createdAt, expiresAt, scopes, usedAt, uses }) => [
              id,
              localTime(createdAt),
              localTime(expiresAt),
              scopes.join(', '),
              usedAt === undefined ? 'never' : localTime(usedAt),
              String(uses),
            ]),
          ),
        )
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
    .option('--workspace <name>', 'the workspace it is to be in')
    .action((name: string, options: { workspace?: string }, command) =>
      run(command, async ({ app, out }) => {
        const workspace = options.workspace as WorkspaceName | undefined
        const snippet = await app.api.clients.snippet({ name, ...(workspace ? { workspace } : {}) })
        out.result(snippet, () => out.raw(snippet.json))
        return exitCodes.done
      }),
    )
}

interface KeyOptions {
  readonly days?: number
  readonly scope?: readonly string[]
  readonly limit?: readonly KeyLimit[]
  readonly rotate?: string
  readonly revoke?: string
}
type KeyLimit = Amount & { readonly measure: QuotaMeasure }

function scope(value: string): string {
  if (!keyScopePattern.test(value)) throw new InvalidArgumentError('Write read, tools:PATTERN or servers:NAME.')
  return value
}

/** `calls=100/hour` */
function keyLimit(value: string): KeyLimit {
  const [name = '', ...rest] = value.split('=')
  const measure = quotaMeasures.find((known) => known === name)
  if (!measure) throw new InvalidArgumentError(`Write one of ${quotaMeasures.join(', ')}, as in calls=100/hour.`)
  return { measure, ...amount(rest.join('=')) }
}

/** Of its bridge, and of its API keys. */
function programsOf({ program, tokens }: Client): string {
  const all = [program, ...tokens.flatMap(({ programs = [] }) => programs)].map((one) => one?.executable ?? '')
  return [...new Set(all)].filter((executable) => executable !== '').join(', ')
}
