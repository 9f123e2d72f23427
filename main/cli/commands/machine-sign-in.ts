import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type MachineSignIn, machineSignInKinds } from '../../../shared/domain/machine-sign-in.ts'
import type { Cli } from '../cli.ts'
import { WrongUsage } from '../failures.ts'

export interface SignInOptions {
  readonly signIn?: 'person' | (typeof machineSignInKinds)[number]
  readonly signInAt?: string
  readonly signInAs?: string
  readonly signInScope?: string
  readonly signInToken?: string
  readonly signInSecret?: boolean
  readonly providerUrl?: string
  readonly providerIssuer?: string
  readonly providerAs?: string
  readonly providerSecret?: boolean
}

/** Where their values are kept, in the keychain entries of the server. */
const secrets = {
  client: 'SIGN_IN_SECRET',
  key: 'SIGN_IN_KEY',
  token: 'SIGN_IN_TOKEN',
  provider: 'PROVIDER_SECRET',
} as const

/** How Gatehouse signs in to a remote server when no person is there to do it. */
export function withSignInOptions(command: Command): Command {
  const kinds = ['person', ...machineSignInKinds]
  return command
    .addOption(new Option('--sign-in <kind>', 'who signs in to it: you, or Gatehouse by itself').choices(kinds))
    .option('--sign-in-at <url>', 'the sign-in service (its issuer); nothing is sent to another')
    .option('--sign-in-as <id>', 'the client ID you registered there')
    .option('--sign-in-scope <scopes>', 'the rights asked for; what the server names when left out')
    .option(
      '--sign-in-token <file>',
      `file of the token that vouches (workload, company); else secret ${secrets.token}`,
    )
    .option('--sign-in-secret', `the client of a company sign-in has a secret (${secrets.client})`)
    .option('--provider-url <url>', 'the token address of your company’s identity provider')
    .option(
      '--provider-issuer <url>',
      'your company’s identity provider (its issuer), where you sign in (company-page)',
    )
    .option('--provider-as <id>', 'the client ID you registered at the identity provider')
    .option('--provider-secret', `that client has a secret (${secrets.provider})`)
}

export const signInOptionNames = [
  'signIn',
  'signInAt',
  'signInAs',
  'signInScope',
  'signInToken',
  'signInSecret',
  'providerUrl',
  'providerIssuer',
  'providerAs',
  'providerSecret',
] as const

/** @returns undefined when nothing was said, null for the person’s own. @throws WrongUsage naming what is missing */
export function signInGiven(cli: Cli, options: SignInOptions): MachineSignIn | null | undefined {
  const { signIn: kind } = options
  if (kind === undefined) {
    if (signInOptionNames.some((name) => options[name] !== undefined))
      throw new WrongUsage('Say with --sign-in how Gatehouse signs in.')
    return undefined
  }
  if (kind === 'person') return null
  const scope = options.signInScope === undefined ? {} : { scope: options.signInScope }
  const common = { issuer: needed(options.signInAt, kind, '--sign-in-at URL'), ...scope }
  const clientId = () => needed(options.signInAs, kind, '--sign-in-as ID')
  switch (kind) {
    case 'client-secret':
      return { kind, ...common, clientId: clientId(), secret: secrets.client }
    case 'client-key':
      return { kind, ...common, clientId: clientId(), keySecret: secrets.key }
    case 'workload':
      return {
        kind,
        ...common,
        token: tokenGiven(cli, options),
        ...(options.signInAs === undefined ? {} : { clientId: options.signInAs }),
      }
    case 'company':
      return {
        kind,
        ...common,
        clientId: clientId(),
        token: tokenGiven(cli, options),
        ...(options.signInSecret ? { secret: secrets.client } : {}),
        provider: {
          tokenUrl: needed(options.providerUrl, kind, '--provider-url URL'),
          clientId: needed(options.providerAs, kind, '--provider-as ID'),
          ...(options.providerSecret ? { secret: secrets.provider } : {}),
        },
      }
    case 'company-page':
      return {
        kind,
        ...common,
        clientId: clientId(),
        ...(options.signInSecret ? { secret: secrets.client } : {}),
        provider: {
          issuer: needed(options.providerIssuer, kind, '--provider-issuer URL'),
          clientId: needed(options.providerAs, kind, '--provider-as ID'),
          ...(options.providerSecret ? { secret: secrets.provider } : {}),
        },
      }
  }
}

function needed(value: string | undefined, kind: string, option: string): string {
  if (value === undefined) throw new WrongUsage(`--sign-in ${kind} needs ${option}, too.`)
  return value
}

const tokenGiven = ({ terminal }: Cli, { signInToken }: SignInOptions) =>
  signInToken === undefined
    ? { secret: secrets.token }
    : { file: resolve(terminal.surroundings.workingFolder, signInToken) }
