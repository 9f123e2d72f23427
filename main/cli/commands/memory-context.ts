import type { Command } from 'commander'
import { type Eviction, evictions } from '../../../shared/domain/session-context.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { count, localTime, many, text } from '../option-values.ts'

interface ContextOptions {
  readonly goal?: readonly string[]
  readonly task?: string
  readonly tag?: readonly string[]
  readonly turn?: number
  readonly clear?: boolean
}

/** memory context, window. */
export const memoryContextCommands: CommandGroup = (program, run) => {
  const memory = program.commands.find((command) => command.name() === 'memory') as Command

  memory
    .command('context <session>')
    .description('what a session is about and what it recalled; or say what it is about')
    .option('--goal <text>', 'what is wanted; recall ranks higher what overlaps (repeatable)', many(text))
    .option('--task <text>', 'what is being done now; empty for none')
    .option('--tag <tag>', 'a word for it (repeatable)', many(text))
    .option('--turn <number>', 'how many exchanges there were', count)
    .option('--clear', 'forget all of it, and what the session recalled')
    .action((session: string, options: ContextOptions, command) =>
      run(command, async ({ app, out }) => {
        const { goal, task, tag, turn, clear } = options
        const changes = {
          ...(goal ? { goals: [...goal] } : {}),
          ...(task === undefined ? {} : { task }),
          ...(tag ? { tags: [...tag] } : {}),
          ...(turn === undefined ? {} : { turn }),
        }
        const isChange = Object.keys(changes).length > 0
        if (clear && isChange) throw new WrongUsage('Say what it is about, or --clear; not both.')
        if (clear) await app.api.memory.clearContext({ session })
        if (isChange) await app.api.memory.setContext({ session, ...changes })
        const shown = await app.api.memory.context({ session })
        out.result(shown, () => {
          const { context, window } = shown
          if (!context) out.line('Nobody said what this session is about.')
          else {
            for (const one of context.goals) out.line(`goal         ${one}`)
            if (context.task) out.line(`task         ${context.task}`)
            if (context.tags.length > 0) out.line(`tags         ${context.tags.join(', ')}`)
            out.line(`turn         ${context.turn}`)
            if (context.labels.length > 0) out.line(`labels       ${context.labels.join(', ')}`, 'yellow')
            out.line(`said by      ${context.setBy}, ${localTime(context.updatedAt)}`)
            for (const past of context.history)
              out.line(
                `before       ${[past.task, ...past.goals].filter(Boolean).join('; ')} (turn ${past.turn})`,
                'dim',
              )
          }
          if (window.held.length === 0) return out.line('It holds nothing it recalled.')
          out.table(
            ['NAME', 'TYPE', 'USES', 'IMPORTANCE'],
            window.held.map(({ concept, uses, importance }) => [
              concept.name,
              concept.type,
              String(uses),
              importance.toFixed(2),
            ]),
          )
          const { compressed } = window
          out.line(`In short (${Math.round(compressed.ratio * 100)} % of what is known of it): ${compressed.summary}`)
          for (const fact of compressed.facts) out.line(`  - ${fact}`)
        })
        return exitCodes.done
      }),
    )

  memory
    .command('window')
    .description('how much of what it recalled a session holds, and what goes first')
    .option('--eviction <rule>', 'fifo, lru or importance')
    .option('--most <number>', 'concepts, 1 to 200', count)
    .action(({ eviction, most }: { eviction?: string; most?: number }, command) =>
      run(command, async ({ app, out }) => {
        const chosen = evictions.find((one) => one === eviction)
        if (eviction !== undefined && chosen === undefined) throw new WrongUsage(`Choose ${evictions.join(', ')}.`)
        const change = { ...(chosen ? { eviction: chosen } : {}), ...(most === undefined ? {} : { most }) }
        const { api } = app
        const isChange = Object.keys(change).length > 0
        const rule = await (isChange ? api.memory.setWindowRule(change) : api.memory.windowRule())
        out.result(rule, () => out.line(`${rule.most} concepts; what goes first: ${goesFirst[rule.eviction]}.`))
        return exitCodes.done
      }),
    )
}

const goesFirst: Readonly<Record<Eviction, string>> = {
  fifo: 'what came first',
  lru: 'what was recalled longest ago',
  importance: 'what matters least',
}
