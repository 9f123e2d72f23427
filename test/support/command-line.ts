import { Readable, Writable } from 'node:stream'
import { AppSession } from '../../main/cli/app-session.ts'
import { runCli } from '../../main/cli/cli.ts'
import { type Surroundings, Terminal } from '../../main/cli/terminal.ts'
import { type CommandResult, environmentWithoutOurs, runCommand } from './run-command.ts'

/** What starts a program that lies beside the built command line. */
const needsTheBundle = ([area, verb]: readonly string[]) => area === 'start' || (area === 'audit' && verb === 'verify')

/**
 * A verb of the command line over the app's real socket, carried out by this process: a process a verb costs more than most
 * verbs do. All verbs of a test file are of one terminal session; for a program of its own there is `runCommand`.
 */
export async function commandLine(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<CommandResult> {
  if (needsTheBundle(args)) return runCommand(home, args, env)
  const out = new Collected()
  const err = new Collected()
  const code = await runCli(['--home', home, ...args], surroundings(out, err, env, input))
  return { out: out.text, err: err.text, code }
}

export interface ToldQuestion {
  readonly id: string
  readonly tool: string
}

/** The next open question that fits; those already open count. @throws when the app ends before */
export async function openQuestion(home: string, fits: (told: ToldQuestion) => boolean): Promise<string> {
  const terminal = new Terminal(surroundings(new Collected(), new Collected(), {}))
  const session = new AppSession({ home, env: {}, terminal, note: () => {} })
  const found = Promise.withResolvers<string>()
  const look = (told: ToldQuestion) => {
    if (fits(told)) found.resolve(told.id)
  }
  try {
    const client = await session.connect()
    client.subscribe((name, told) => name === 'approvals.asked' && look(told as ToldQuestion))
    const { approvals } = await session.api.approvals.list({})
    for (const approval of approvals) if (approval.state === 'pending') look(approval)
    const ended = client.closed.then(() => Promise.reject(new Error('the app ended')))
    return await Promise.race([found.promise, ended])
  } finally {
    session.close()
  }
}

class Collected extends Writable {
  text = ''
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk
    done()
  }
}

const surroundings = (
  stdout: Writable,
  stderr: Writable,
  env: Readonly<Record<string, string>>,
  input = '',
): Surroundings => ({
  stdin: Readable.from(input === '' ? [] : [input]),
  stdout,
  stderr,
  env: { ...environmentWithoutOurs(), ...env },
  workingFolder: process.cwd(),
  isTerminal: () => false,
})
