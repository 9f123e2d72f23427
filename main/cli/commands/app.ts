import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { GatehouseError } from '../../../shared/errors.ts'
import { appFlags, withAllocator } from '../../../shared/wire/app-flags.ts'
import type { Cli, CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import type { Cell } from '../output.ts'

/** start, stop, status, doctor, uninstall. */
export const appCommands: CommandGroup = (program, run) => {
  program
    .command('start')
    .description('start Gatehouse and stay with it')
    .option('--shell <shell>', 'electron or browser')
    .option('--port <number>', 'port of the window and the MCP endpoint; 0 = any')
    .option('--no-open', 'do not open the window')
    .option('--hidden', 'start without a window')
    .action((options: StartOptions, command) => run(command, (cli) => start(cli, options)))

  program
    .command('stop')
    .description('end Gatehouse and every server it runs')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const client = await app.connect()
        await app.api.system.stop()
        await client.closed
        out.result({ stopped: true }, () => out.line('Gatehouse has stopped.'))
        return exitCodes.done
      }),
    )

  program
    .command('status')
    .description('the state of Gatehouse on one page')
    .action((_, command) => run(command, status))

  program
    .command('doctor')
    .description('check this computer and say what to do about each finding')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { findings } = await app.api.system.doctor()
        out.result({ findings }, () => {
          for (const { state, finding, remedy } of findings) {
            out.line(`${marks[state].text} ${finding}`, marks[state].style)
            if (remedy) out.line(`  ${remedy}`)
          }
        })
        return findings.some(({ state }) => state === 'problem') ? exitCodes.failed : exitCodes.done
      }),
    )

  program
    .command('uninstall')
    .description(
      'empty the keychain entries, unpair every AI app, and remove the start at sign-in and the window’s files',
    )
    .option('--yes', 'do not ask')
    .action((options: { yes?: boolean }, command) =>
      run(command, async ({ app, out, terminal }) => {
        if (
          !options.yes &&
          !(await terminal.agrees('Remove Gatehouse’s keys, every pairing and the start at sign-in?'))
        )
          throw new WrongUsage('Nothing was removed. Agree with y, or add --yes.')
        const { removed, kept } = await app.api.system.uninstall()
        out.result({ removed, kept }, () => {
          for (const thing of removed) out.line(`Removed: ${thing}`)
          for (const thing of kept) out.line(`Kept: ${thing}`)
        })
        return exitCodes.done
      }),
    )
}

const marks: Record<'ok' | 'warning' | 'problem', Cell> = {
  ok: { text: '✓', style: 'green' },
  warning: { text: '!', style: 'yellow' },
  problem: { text: '✗', style: 'red' },
}

async function status({ app, out, home }: Cli): Promise<number> {
  try {
    const state = await app.api.system.status()
    out.result(state, () => {
      out.line(state.ready ? 'Gatehouse is ready.' : 'Gatehouse is starting.', 'bold')
      out.line(`Window     ${state.windowUrl ?? state.shell}`)
      out.line(`MCP        ${state.mcpUrl}`)
      const { total, running, failed } = state.servers
      out.line(`Servers    ${total}, ${running} running${failed > 0 ? `, ${failed} failed` : ''}`)
      out.line(`Questions  ${state.pending} waiting`, state.pending > 0 ? 'yellow' : 'plain')
      out.line(`Data       ${home}`)
    })
    return exitCodes.done
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'app.not-running' && out.isJson) {
      out.result({ ready: false }, () => undefined)
      out.note(`Gatehouse is not running (data folder ${home}).`)
      return exitCodes.notRunning
    }
    throw error
  }
}

interface StartOptions {
  readonly shell?: string
  readonly port?: string
  readonly open: boolean
  readonly hidden?: boolean
}

/** Runs the app in this terminal, which alone gets its sign-in link. */
async function start(cli: Cli, options: StartOptions): Promise<number> {
  if (await isRunning(cli)) {
    cli.out.result({ alreadyRunning: true }, () => cli.out.line('Gatehouse is already running.'))
    return exitCodes.done
  }
  const args = [
    ...appFlags,
    join(import.meta.dirname, 'main.js'),
    ...['--home', cli.home],
    ...(options.shell ? ['--shell', options.shell] : []),
    ...(options.port ? ['--port', options.port] : []),
    ...(options.open ? [] : ['--no-open']),
    ...(options.hidden ? ['--hidden'] : []),
  ]
  const app = spawn(process.execPath, args, { stdio: 'inherit', env: withAllocator(process.env) })
  const pass = (signal: NodeJS.Signals) => app.kill(signal)
  process.on('SIGTERM', pass)
  process.on('SIGINT', () => undefined) // the terminal sends it to the app as well; the app ends itself
  return new Promise((resolve, reject) => {
    app.once('error', reject)
    app.once('exit', (code) => resolve(code === 0 ? exitCodes.done : exitCodes.failed))
  })
}

async function isRunning({ app }: Cli): Promise<boolean> {
  try {
    await app.connect()
    return true
  } catch {
    return false
  }
}
