import { resolve } from 'node:path'
import type { Command } from 'commander'
import {
  allowedPath,
  environmentValue,
  type GivenPath,
  type Level,
  many,
  sandboxLevel,
  text,
} from '../option-values.ts'
import { type RunningOptions, runningOf, withRunningOptions } from './running-options.ts'

export interface ServerOptions extends RunningOptions {
  readonly sandbox?: Level
  readonly allowPath?: readonly GivenPath[]
  readonly allowHost?: readonly string[]
  readonly env?: readonly (readonly [string, string])[]
  readonly secret?: readonly string[]
  readonly trust?: boolean
  readonly shared?: boolean
  readonly context?: boolean
  readonly yes?: boolean
  readonly acceptFindings?: boolean
  readonly workspace?: string
}

/** The options `servers add` and `servers set` share. */
export function withServerOptions(command: Command): Command {
  return withRunningOptions(
    command
      .option('--sandbox <level>', '0 none … 2 standard … 4 paranoid', sandboxLevel)
      .option(
        '--allow-path <dir[:rights][:time]>',
        'a folder it may use; :ro to read only, :24h for a day; of filesystem also :list,read,write,create,delete,move (repeatable)',
        many(allowedPath),
      )
      .option('--allow-host <host[:port]>', 'a host it may reach (repeatable)', many(text))
      .option('--env <name=value>', 'an environment value (repeatable)', many(environmentValue))
      .option('--secret <name>', 'an environment name whose value is kept in the keychain (repeatable)', many(text))
      .option('--trust', 'its tools need no question')
      .option('--no-trust', 'its tools are asked about again')
      .option('--shared', 'one process for all sessions')
      .option('--no-shared', 'one process for each session')
      .option('--context', 'it is told what each session is about, if its manifest asks for that')
      .option('--no-context', 'it is not told'),
  )
}

/**
 * As the contract has them; what was not given is left out, and so left as it is.
 *
 * @param folder what relative folders are relative to: the app runs elsewhere
 */
export function settingsOf(options: ServerOptions, folder: string) {
  const { sandbox, allowPath, allowHost, env, secret, trust, shared, context } = options
  const running = runningOf(options)
  return {
    ...(sandbox === undefined ? {} : { sandbox }),
    ...(allowPath
      ? { allowedPaths: allowPath.map(({ path, ...rest }) => ({ ...rest, path: resolve(folder, path) })) }
      : {}),
    ...(allowHost ? { allowedHosts: [...allowHost] } : {}),
    ...(env ? { env: Object.fromEntries(env) } : {}),
    ...(secret ? { secretNames: [...secret] } : {}),
    ...(trust === undefined ? {} : { trusted: trust }),
    ...(shared === undefined ? {} : { shared }),
    ...(context === undefined ? {} : { context }),
    ...(running === undefined ? {} : { running }),
  }
}
