import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { jsonObject } from '../option-values.ts'
import type { Output } from '../output.ts'
import { showWarnings } from './warnings.ts'

/** tools list, call. */
export const toolCommands: CommandGroup = (program, run) => {
  const tools = program.command('tools').description('what AI apps can use')
  tools
    .command('list')
    .description('all tools under the names AI apps see')
    .option('--server <name>', 'only those of one server')
    .action((options: { server?: string }, command) =>
      run(command, async ({ app, out }) => {
        const { tools: all, warnings = [] } = await app.api.tools.list(options.server ? { server: options.server } : {})
        out.result({ tools: all, warnings }, () => {
          out.table(
            ['NAME', 'SERVER', 'STATE', 'TITLE'],
            all.map((tool) => [tool.name, tool.server, tool.quarantine ?? 'accepted', tool.title]),
          )
          showWarnings(out, warnings)
        })
        return exitCodes.done
      }),
    )

  program
    .command('call <tool>')
    .description('call SERVER__TOOL through the same checks as an AI app, as client “cli”')
    .option('--args <json>', 'its arguments', jsonObject)
    .action((name: string, options: { args?: Record<string, never> }, command) =>
      run(command, async ({ app, out }) => {
        const answer = await app.api.tools.call({ name, arguments: options.args ?? {} })
        out.result(answer, () => showContent(out, answer.content))
        return answer.isError ? exitCodes.failed : exitCodes.done
      }),
    )
}

/** Text as it is; anything else as JSON. */
function showContent(out: Output, content: readonly unknown[]): void {
  for (const block of content) {
    const text = (block as { text?: unknown } | null)?.text
    out.line(typeof text === 'string' ? text : JSON.stringify(block))
  }
}
