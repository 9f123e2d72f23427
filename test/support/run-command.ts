import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

export const operatorPassphrase = 'correct horse battery'
const bundle = resolve(import.meta.dirname, '..', '..', 'dist', 'cli.js')

export interface CommandResult {
  readonly out: string
  readonly err: string
  readonly code: number
}

/** What this process was given, without anything meant for Gatehouse. */
export const environmentWithoutOurs = (): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GATEHOUSE_')))

/** The built command line in a process and a terminal session of its own, without a terminal to ask on. */
export async function runCommand(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const command = spawn(process.execPath, [bundle, '--home', home, ...args], {
    env: { ...environmentWithoutOurs(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const [out, err, [code]] = await Promise.all([text(command.stdout), text(command.stderr), once(command, 'close')])
  return { out, err, code: code as number }
}

/** A verb that goes on: its lines, until it is stopped. */
export function watchCommand(home: string, args: readonly string[]) {
  const command = spawn(process.execPath, [bundle, '--home', home, ...args], {
    env: environmentWithoutOurs(),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return { lines: createInterface({ input: command.stdout }), stop: () => command.kill() }
}
