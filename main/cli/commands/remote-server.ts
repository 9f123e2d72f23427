import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type RemoteTransport, remoteTransports, type SecretHeader } from '../../../shared/domain/remote.ts'
import type { Cli } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { many } from '../option-values.ts'
import { showFindings } from './findings.ts'
import { type SignInOptions, signInGiven, signInOptionNames, withSignInOptions } from './machine-sign-in.ts'

export interface RemoteOptions extends SignInOptions {
  readonly url?: string
  readonly transport?: RemoteTransport
  readonly header?: readonly SecretHeader[]
  readonly privateNetwork?: boolean
  readonly tlsCa?: string
  readonly tlsPin?: string
  readonly tls12?: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly trust?: boolean
  readonly yes?: boolean
}

/** Options of `servers add` that say what a process may do. */
const ofProcesses: readonly string[] = ['sandbox', 'allowPath', 'allowHost', 'env', 'secret', 'shared']
const ofPlaces = [
  'url',
  'transport',
  'header',
  'privateNetwork',
  'tlsCa',
  'tlsPin',
  'tls12',
  'tlsCert',
  'tlsKey',
] as const
const keySecret = 'TLS_CLIENT_KEY'

/** The options of `servers add NAME --url URL`. */
export function withRemoteOptions(command: Command): Command {
  const withWhere = command
    .option('--url <url>', 'a server on another computer, in place of a command')
    .addOption(
      new Option('--transport <kind>', 'how it is spoken to; found out when left out').choices(remoteTransports),
    )
    .option('--header <name=secret:key>', 'a header with a secret of the keychain (repeatable)', many(secretHeader))
    .option('--private-network', 'the name in the URL stands for a computer of your private network')
    .option('--tls-ca <file>', 'PEM file of the authorities its certificate is checked against')
    .option('--tls-pin <sha256/...>', 'its public key must have this SHA-256')
    .option('--tls12', 'it may use TLS 1.2, where it does not speak 1.3')
    .option('--no-tls12', 'TLS 1.3 only, as for every server')
    .option('--tls-cert <file>', 'PEM file of the certificate you show it (with --tls-key)')
    .option('--tls-key <file>', 'PEM file of the key, which goes to the keychain')
  return withSignInOptions(withWhere)
}

/** `NAME=secret:KEY`, or with a word before the secret: `Authorization=Bearer secret:KEY`. */
export function secretHeader(value: string): SecretHeader {
  const plain = value.replace(/\$\{(secret:\w+)\}$/, '$1') // as references are written elsewhere
  const match = /^([^=\s]+)=(?:([A-Za-z][\w-]*) )?secret:([A-Za-z_]\w*)$/.exec(plain)
  if (!match) throw new InvalidArgumentError('Write it as NAME=secret:KEY or NAME="Bearer secret:KEY", never a value.')
  const [, name = '', scheme, secret = ''] = match
  return { name, ...(scheme === undefined ? {} : { scheme }), secret }
}

/** Shows where it leads and what would go there, asks, and only then connects. */
export async function addRemoteServer(
  cli: Cli,
  name: string,
  options: RemoteOptions & { readonly url: string },
): Promise<number> {
  const { app, out, terminal } = cli
  const idle = ofProcesses.find((option) => option in options)
  if (idle !== undefined) throw new WrongUsage(`Nothing of a remote server runs here, so ${idle} means nothing.`)
  const { trust, url } = options
  const { headers = [], signIn, ...more } = await givenIn(cli, options)
  const draft = {
    name,
    ...more,
    url,
    ...(signIn ? { signIn } : {}),
    headers,
    ...(trust === undefined ? {} : { trusted: trust }),
  }
  const plan = await app.api.remote.plan(draft)
  showPlan(cli, plan, name)
  if (!options.yes && !(await terminal.agrees(`Add “${name}” and connect?`)))
    throw new WrongUsage('Nothing was added. Agree with y, or add --yes.')
  const secrets = await secretsFor(cli, plan.secretNames, options)
  const added = await app.api.remote.add({ ...draft, secrets, acceptPins: options.yes ?? false })
  const missing = plan.secretNames.filter((secret) => secrets[secret] === undefined)
  const held = added.entries.filter((entry) => entry.quarantine)
  out.result(added, () => {
    out.line(`Added ${name}: ${added.tools} tools, ${added.confinement}.`, 'green')
    for (const secret of missing) out.line(`Set its secret with: gatehouse secrets set ${name} ${secret}`)
    if (missing.length > 0) out.line(`Then connect with: gatehouse servers enable ${name}`)
    showFindings(out, added.findings)
    if (held.length > 0) out.line(`Look at them and accept them with: gatehouse servers review ${name} --accept`)
  })
  return exitCodes.done
}

/** Whether anything is said that only a remote server has. */
export const saysWhere = (options: RemoteOptions): boolean =>
  [...ofPlaces, ...signInOptionNames].some((option) => options[option] !== undefined)

/** Shows what was and what would be, asks, and only then changes it. */
export async function setRemoteServer(cli: Cli, name: string, options: RemoteOptions): Promise<number> {
  const { app, out, terminal } = cli
  const { command: from, secretNames: before } = await app.api.servers.inspect({ name })
  const change = { name, from, ...(await givenIn(cli, options)) }
  const plan = await app.api.remote.planChange(change)
  showPlan(cli, plan, name)
  if (!options.yes && !(await terminal.agrees(`Change “${name}” like this?`)))
    throw new WrongUsage('Nothing was changed. Agree with y, or add --yes.')
  const wanted = plan.secretNames.filter((secret) => !before.includes(secret) || secret === keySecret)
  const secrets = await secretsFor(cli, wanted, options)
  const changed = await app.api.remote.set({ ...change, secrets })
  out.result(changed, () => {
    out.line(`${name} is changed.`, 'green')
    if (changed.problem) out.line(`It has a problem: ${changed.problem}`, 'yellow')
    if (changed.quarantined > 0) out.line(`Look at what it offers now with: gatehouse servers review ${name}`)
  })
  return exitCodes.done
}

async function givenIn(cli: Cli, options: RemoteOptions) {
  const { url, transport, header, privateNetwork, tlsCa, tlsPin, tls12, tlsCert, tlsKey } = options
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new WrongUsage('A client certificate needs both --tls-cert and --tls-key.')
  const signIn = signInGiven(cli, options)
  const tls = {
    ...(tlsCa === undefined ? {} : { authorities: await fileText(cli, tlsCa) }),
    ...(tlsPin === undefined ? {} : { pin: tlsPin }),
    ...(tls12 === undefined ? {} : { tls12 }),
    ...(tlsCert === undefined ? {} : { client: { certificate: await fileText(cli, tlsCert), keySecret } }),
  }
  return {
    ...(url === undefined ? {} : { url }),
    ...(transport === undefined ? {} : { transport }),
    ...(header === undefined ? {} : { headers: header.map((one) => ({ ...one })) }),
    ...(privateNetwork ? { privateNetwork: true } : {}),
    ...(Object.keys(tls).length > 0 ? { tls } : {}),
    ...(signIn === undefined ? {} : { signIn }),
  }
}

/** Asked for at the keyboard; without one they are set later. A client key is read from its file. */
async function secretsFor(cli: Cli, names: readonly string[], { tlsKey }: RemoteOptions) {
  const secrets: Record<string, string> = {}
  for (const name of names) {
    if (name === keySecret && tlsKey !== undefined) secrets[name] = await fileText(cli, tlsKey)
    else if (cli.terminal.canAsk) secrets[name] = await cli.terminal.hidden(`Value of ${name}: `)
  }
  return Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ''))
}

async function fileText({ terminal }: Cli, file: string): Promise<string> {
  try {
    return await readFile(resolve(terminal.surroundings.workingFolder, file), 'utf8')
  } catch (error) {
    throw new WrongUsage(`${file} could not be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

type Plan = Awaited<ReturnType<Cli['app']['api']['remote']['plan']>>

function showPlan({ out }: Cli, plan: Plan, name: string): void {
  for (const change of plan.changes ?? []) out.note(`  change       ${change}`)
  out.note(`“${name}” would be connected to:`)
  out.note(`  ${plan.url}`)
  out.note(`  host         ${plan.host} (${plan.addresses.join(', ') || 'not found'})`)
  out.note(`  headers      ${plan.headerNames.join(', ') || 'none of yours'}`)
  for (const sentence of plan.mayGo) out.note(`  may          ${sentence}`)
  for (const warning of plan.warnings) out.note(`  !            ${warning}`)
}
