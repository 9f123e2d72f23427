import type { ServerName, WorkspaceName } from '../../../shared/domain/ids.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'

/** workspaces list, add, remove, move; `workspaces set` is in view.ts. */
export const workspaceCommands: CommandGroup = (program, run) => {
  const workspaces = program.command('workspaces').description('isolated sets of servers and apps')

  workspaces
    .command('list')
    .description('each with its servers and apps')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { workspaces: all } = await app.api.workspaces.list()
        out.result({ workspaces: all }, () =>
          out.table(
            ['WORKSPACE', 'SERVERS', 'APPS'],
            all.map(({ name, isDefault, servers, clients }) => [
              isDefault ? `${name} (default)` : name,
              servers.join(', '),
              clients.join(', '),
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  workspaces
    .command('add <name>')
    .description('a new, empty one')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const made = await app.api.workspaces.add({ name: name as WorkspaceName })
        out.result(made, () =>
          out.line(`The workspace “${name}” is there. Pair apps into it with --workspace ${name}.`),
        )
        return exitCodes.done
      }),
    )

  workspaces
    .command('remove <name>')
    .description('an empty one')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.workspaces.remove({ name: name as WorkspaceName })
        out.result({ name, removed: true }, () => out.line(`The workspace “${name}” is gone.`))
        return exitCodes.done
      }),
    )

  workspaces
    .command('move <server> <workspace>')
    .description('a server into another workspace')
    .action((server: string, workspace: string, _, command) =>
      run(command, async ({ app, out }) => {
        const wanted = { server: server as ServerName, workspace: workspace as WorkspaceName }
        await app.api.workspaces.moveServer(wanted)
        out.result(wanted, () => out.line(`“${server}” belongs to “${workspace}” now.`))
        return exitCodes.done
      }),
    )
}
