import type { ShownTask } from '../../../shared/contract/tasks.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { count, localTime } from '../option-values.ts'

/** tasks list, show, cancel. */
export const taskCommands: CommandGroup = (program, run) => {
  const tasks = program.command('tasks').description('long calls that AI apps follow as tasks')

  tasks
    .command('list')
    .description('the latest, newest first')
    .option('--limit <number>', 'how many', count, 100)
    .action((options: { limit: number }, command) =>
      run(command, async ({ app, out }) => {
        const listed = await app.api.tasks.list(options)
        out.result(listed, () => {
          if (listed.tasks.length === 0) return out.line('There are no tasks.')
          out.table(
            ['ID', 'CLIENT', 'TOOL', 'STATE', 'SINCE', 'KEPT UNTIL'],
            listed.tasks.map((task) => [
              task.id,
              task.client,
              task.tool,
              stateWords[task.state],
              localTime(task.createdAt),
              localTime(task.expiresAt),
            ]),
          )
        })
        return exitCodes.done
      }),
    )

  tasks
    .command('show <id>')
    .description('one task and its answer')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        const shown = await app.api.tasks.show({ id })
        out.result(shown, () => {
          out.line(`${shown.task.tool} for ${shown.task.client}: ${stateWords[shown.task.state]}`, 'bold')
          if (shown.message) out.line(shown.message)
          if (shown.error) out.line(`${shown.error.message} (${shown.error.code})`, 'red')
          if (shown.result !== undefined) out.line(JSON.stringify(shown.result, null, 2))
          out.line(`Kept until ${localTime(shown.task.expiresAt)}.`)
        })
        return exitCodes.done
      }),
    )

  tasks
    .command('cancel <id>')
    .description('end a task; what its server already did stays done')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        const { cancelled } = await app.api.tasks.cancel({ id })
        out.result({ id, cancelled }, () => out.line(cancelled ? 'The task is cancelled.' : 'It was over already.'))
        return cancelled ? exitCodes.done : exitCodes.failed
      }),
    )
}

const stateWords: Record<ShownTask['state'], string> = {
  working: 'working',
  input_required: 'asks its app',
  completed: 'answered',
  failed: 'failed',
  cancelled: 'cancelled',
}
