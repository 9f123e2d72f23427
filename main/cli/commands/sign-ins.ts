import type { Command } from 'commander'
import type { SignInBegun, SignInSummary } from '../../../shared/contract/sign-ins.ts'
import { scopeWords } from '../../../shared/messages/scope-words.ts'
import type { Cli, CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { localTime } from '../option-values.ts'

interface LoginOptions {
  readonly clientId?: string
  readonly clientSecret?: boolean
  readonly port?: string
  readonly wait: boolean
}

/** servers login, logout, sign-ins. The page opens in the person's browser; no password and no token passes here. */
export const signInCommands: CommandGroup = (program, run) => {
  const servers = serversOf(program)

  servers
    .command('login <name>')
    .description('sign in to a remote server, in your browser')
    .option('--client-id <id>', 'a client you registered at its sign-in service yourself')
    .option('--client-secret', 'that client has a secret; it is read from stdin or asked for')
    .option('--port <number>', 'the loopback port that client is registered for')
    .option('--no-wait', 'say where to sign in, and end')
    .action((name: string, options: LoginOptions, command) => run(command, (cli) => login(cli, name, options)))

  servers
    .command('logout <name>')
    .description('end the sign-in to a remote server, there and here')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const { ended, revoked } = await app.api.signIns.end({ server: name })
        out.result({ server: name, ended, revoked }, () => out.line(endSentence(name, ended, revoked)))
        return exitCodes.done
      }),
    )

  servers
    .command('sign-ins')
    .description('how you are signed in to remote servers')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { signIns } = await app.api.signIns.list()
        out.result({ signIns }, () =>
          out.table(
            ['SERVER', 'SIGN-IN', 'AT', 'RIGHTS', 'UNTIL'],
            signIns.map((one) => [one.server, stateWords[one.state], one.issuer ?? '', rights(one), until(one)]),
          ),
        )
        return exitCodes.done
      }),
    )
}

async function login(cli: Cli, name: string, options: LoginOptions): Promise<number> {
  const { app, out } = cli
  const begun = await app.api.signIns.begin({ server: name, ...(await ownClient(cli, options)) })
  out.note(`Sign in to ${name} at ${begun.host}.`)
  for (const scope of begun.scopes) out.note(`  it asks for  ${scopeWords(scope, 'en')}`)
  await show(cli, begun)
  if (!options.wait) {
    out.result({ server: name, ...begun }, () => out.line('Finish it there within five minutes.'))
    return exitCodes.done
  }
  out.note('Waiting for you to finish there (five minutes) …')
  const signedIn = await app.api.signIns.wait({ id: begun.id })
  out.result(signedIn, () => out.line(`You are signed in to ${name}.`, 'green'))
  return exitCodes.done
}

async function show({ app, out }: Cli, { id, url, opens }: SignInBegun): Promise<void> {
  if (!opens) return out.note(`Open this page in your browser:\n${url}`)
  await app.api.signIns.open({ id })
  out.note(`The page opens in your browser. If it does not:\n${url}`)
}

async function ownClient({ terminal }: Cli, { clientId, clientSecret, port }: LoginOptions) {
  if (clientId === undefined && (clientSecret || port !== undefined))
    throw new WrongUsage('--client-secret and --port belong to a --client-id.')
  return {
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret ? { clientSecret: await terminal.secret(`Secret of ${clientId}: `) } : {}),
    ...(port === undefined ? {} : { port: Number(port) }),
  }
}

function endSentence(name: string, ended: boolean, revoked: boolean): string {
  if (!ended) return `You were not signed in to ${name}.`
  return revoked
    ? `You are signed out of ${name}; its service confirmed it.`
    : `${name}’s tokens are deleted here. Its service did not confirm it: end it in your account there, too.`
}

const stateWords: Record<SignInSummary['state'], string> = {
  none: '–',
  'sign-in': 'needed',
  more: 'signed in, wants more',
  'signed-in': 'signed in',
}

const rights = ({ scopes, missing }: SignInSummary) =>
  [...scopes, ...missing.map((scope) => `${scope} (not given)`)].join(', ')

const until = ({ expiresAt, renews }: SignInSummary) =>
  renews ? 'renewed by itself' : expiresAt === undefined ? '' : localTime(expiresAt)

function serversOf(program: Command): Command {
  const servers = program.commands.find((command) => command.name() === 'servers')
  if (servers === undefined) throw new Error('the servers commands come first')
  return servers
}
