import type { Command } from 'commander'
import { bundledNames } from '../../../shared/contract/servers.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { count, environmentValue, levelName, many } from '../option-values.ts'
import type { Cell, Style } from '../output.ts'
import { addBundleServer } from './bundle-server.ts'
import { gradeServer } from './grade-server.ts'
import { addRemoteServer, saysWhere, setRemoteServer, withRemoteOptions } from './remote-server.ts'
import { addBundled, addServer, changesSettings, setServer } from './server-changes.ts'
import { withServerOptions } from './server-options.ts'
import { inspectServer, reviewServer } from './server-views.ts'

/** servers list, add, set, remove, enable, disable, restart, inspect, logs, review. */
export const serverCommands: CommandGroup = (program, run) => {
  const servers = program.command('servers').description('hosted servers')

  servers
    .command('list')
    .description('all servers and how they are')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { servers: all } = await app.api.servers.list()
        out.result({ servers: all }, () =>
          out.table(
            ['NAME', 'STATE', 'SANDBOX', 'TOOLS', 'COMMAND'],
            all.map((server) => [
              server.name,
              stateCell(server.state),
              sandboxCell(server),
              server.quarantined > 0 ? `${server.tools} (${server.quarantined} to review)` : String(server.tools),
              server.problem ? `${server.command} — ${server.problem}` : server.command,
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  withRemoteOptions(withServerOptions(servers.command('add <name> [command] [args...]')))
    .description('add a server: servers add NAME [options] -- COMMAND ARGS…, or servers add NAME --url URL')
    .option('--yes', 'accept the shown command and the first tools without a prompt; what is grave is held back')
    .option('--bundle <file>', 'a server from an MCP bundle (.mcpb)')
    .option('--config <name=value>', 'a setting of the bundle (repeatable)', many(environmentValue))
    .option('--accept-findings', 'add it although something grave was found in its code')
    .option('--workspace <name>', 'the workspace it belongs to')
    .option('--bundled <name>', `a server Gatehouse comes with: ${bundledNames.join(', ')}`)
    .action((name: string, executable: string | undefined, args: string[], options, command: Command) =>
      run(command, (cli) => {
        if (options.url !== undefined && executable !== undefined)
          throw new WrongUsage('Give a command or --url, not both.')
        if (options.bundled !== undefined) return addBundled(cli, name, options, executable !== undefined)
        if (options.bundle !== undefined && (executable !== undefined || options.url !== undefined))
          throw new WrongUsage('Give a bundle, a command or --url, only one of them.')
        if (options.bundle !== undefined) return addBundleServer(cli, name, options)
        if (options.url !== undefined) return addRemoteServer(cli, name, options)
        if (executable === undefined) throw new WrongUsage('Give a command after --, or --url for a remote server.')
        return addServer(cli, { name, executable, args, options })
      }),
    )

  withRemoteOptions(withServerOptions(servers.command('set <name>')))
    .description('change a server; what is given replaces what was')
    .option('--yes', 'change where a remote server leads without a prompt')
    .action((name: string, options, command: Command) =>
      run(command, (cli) => {
        if (!saysWhere(options)) return setServer(cli, name, options)
        if (changesSettings(options))
          throw new WrongUsage('Change where it leads and its other settings one after the other.')
        return setRemoteServer(cli, name, options)
      }),
    )

  const simple = [
    ['remove', 'remove a server, its secrets and its grants', 'removed'],
    ['enable', 'switch a server on', 'enabled'],
    ['disable', 'switch a server off', 'disabled'],
    ['restart', 'end a server; it starts again when it is needed', 'restarted'],
  ] as const
  for (const [verb, description, done] of simple)
    servers
      .command(`${verb} <name>`)
      .description(description)
      .action((name: string, _, command) =>
        run(command, async ({ app, out }) => {
          await app.api.servers[verb]({ name })
          out.result({ name, [done]: true }, () => out.line(`${name}: ${done}.`))
          return exitCodes.done
        }),
      )

  servers
    .command('inspect <name>')
    .description('everything about one server, and what it may touch')
    .option('--grade', 'start it once more in its sandbox and score how well it speaks MCP; no tool is called')
    .action((name: string, options: { grade?: boolean }, command) =>
      run(command, (cli) => (options.grade ? gradeServer(cli, name) : inspectServer(cli, name))),
    )

  servers
    .command('logs <name>')
    .description('the last lines a server wrote to its error stream')
    .option('--lines <number>', 'how many', count, 200)
    .action((name: string, options: { lines: number }, command) =>
      run(command, async ({ app, out }) => {
        const { lines } = await app.api.servers.logs({ name, lines: options.lines })
        out.result({ lines }, () => {
          for (const line of lines) out.line(line)
        })
        return exitCodes.done
      }),
    )

  servers
    .command('review <name>')
    .description('what a server offers now against what you accepted')
    .option('--accept', 'accept exactly what is shown')
    .action((name: string, options: { accept?: boolean }, command) =>
      run(command, (cli) => reviewServer(cli, name, options.accept ?? false)),
    )
}

const stateStyles: Readonly<Record<string, Style>> = {
  running: 'green',
  failed: 'red',
  'backing-off': 'yellow',
  disabled: 'dim',
}
const stateCell = (state: string): Cell => ({ text: state, style: stateStyles[state] ?? 'plain' })

const sandboxCell = ({ origin, sandbox }: { origin: string; sandbox: number }): Cell =>
  origin === 'remote'
    ? { text: 'remote', style: 'plain' }
    : { text: levelName(sandbox), style: sandbox === 0 ? 'red' : 'plain' }
