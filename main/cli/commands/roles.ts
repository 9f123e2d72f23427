import type { Command } from 'commander'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { many, text } from '../option-values.ts'

type Run = Parameters<CommandGroup>[1]

interface RoleOptions {
  readonly client: string
  readonly workspace?: string
  readonly role?: string
  readonly permission?: string[]
}

/** permissions roles, role, define-role, remove-role. */
export function roleCommands(permissions: Command, run: Run): void {
  permissions
    .command('roles')
    .description('which roles there are, and which apps may do only a part of everything')
    .action((_: object, command: Command) =>
      run(command, async ({ app, out }) => {
        const { roles, defined } = await app.api.permissions.roles()
        out.result({ roles, defined }, () => {
          out.table(
            ['ROLE', 'INHERITS', 'MAY', 'HELD BY'],
            defined.map((role) => [
              role.name,
              role.inherits ?? '',
              role.all.join(', ') || 'nothing',
              String(role.holders),
            ]),
          )
          out.line()
          out.table(
            ['APP', 'WORKSPACE', 'ROLE', 'MAY'],
            roles.map((role) => [role.client, role.workspace ?? '', role.role, role.permissions.join(', ')]),
          )
        })
        return exitCodes.done
      }),
    )

  permissions
    .command('role')
    .description('what an app, or every app of a workspace, may do at all')
    .option('--client <name>', 'the AI app', '*')
    .option('--workspace <name>', 'only in this workspace')
    .option('--role <role>', 'full, operator, reader, none, or one of your own')
    .option('--permission <text>', 'such as server:*:read or tool:notes__*:* (repeat for more)', many(text))
    .action(({ client, workspace, role: name, permission }: RoleOptions, command: Command) =>
      run(command, async ({ app, out }) => {
        const { role } = await app.api.permissions.setRole({
          client,
          ...(workspace ? { workspace } : {}),
          ...(name ? { role: name } : {}),
          ...(permission ? { permissions: permission } : {}),
        })
        out.result({ role }, () => out.line(role?.sentence ?? `${client} may do whatever the rules allow.`))
        return exitCodes.done
      }),
    )

  permissions
    .command('define-role <name>')
    .description('make a role of your own, or change it for everybody who has it')
    .option('--permission <text>', 'such as server:*:read or tool:notes__*:* (repeat for more)', many(text))
    .option('--inherits <role>', 'what this role may, it may too')
    .action((name: string, { permission, inherits }: { permission?: string[]; inherits?: string }, command: Command) =>
      run(command, async ({ app, out }) => {
        const role = await app.api.permissions.defineRole({
          name,
          permissions: permission ?? [],
          ...(inherits ? { inherits } : {}),
        })
        out.result(role, () => out.line(`The role “${role.name}” may: ${role.all.join(', ') || 'nothing'}.`))
        return exitCodes.done
      }),
    )

  permissions
    .command('remove-role <name>')
    .description('remove a role of your own that nobody has')
    .action((name: string, _: object, command: Command) =>
      run(command, async ({ app, out }) => {
        const { removed } = await app.api.permissions.removeRole({ name })
        out.result({ name, removed }, () =>
          out.line(removed ? `The role “${name}” was removed.` : `There is no role “${name}” of your own.`),
        )
        return removed ? exitCodes.done : exitCodes.failed
      }),
    )
}
