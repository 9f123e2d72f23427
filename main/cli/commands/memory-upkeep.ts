import type { Command } from 'commander'
import type { EmbedderChoice } from '../../../shared/domain/memory.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import type { Output } from '../output.ts'
import { type InWorkspace, inWorkspace, workspaceOf } from './memory.ts'

/** memory status, consolidate, learning, embedder. */
export const memoryUpkeepCommands: CommandGroup = (program, run) => {
  const memory = program.commands.find((command) => command.name() === 'memory') as Command

  inWorkspace(memory.command('status').description('how much is remembered, and what makes its vectors')).action(
    (options: InWorkspace, command) =>
      run(command, async ({ app, out }) => {
        const status = await app.api.memory.overview(workspaceOf(options))
        out.result(status, () => {
          const { concepts, relations, observations, writes, sizeBytes, embedder, embedding } = status
          out.line(`${concepts} concepts, ${relations} relations, ${observations} observations, ${writes} changes`)
          out.line(
            `${(sizeBytes / 1024 / 1024).toFixed(1)} MB on the disk; vectors by ${embedder.name} (${embedder.dimension})`,
          )
          if (embedding) out.line(`making vectors anew by ${embedding.name}: ${embedding.done} of ${embedding.total}`)
          if (status.vectorIndex.kind === 'scan')
            out.line(`vectors are compared one by one: ${status.vectorIndex.problem}`, 'yellow')
        })
        return exitCodes.done
      }),
  )

  inWorkspace(
    memory.command('consolidate').description('merge duplicates and let go of what faded; memory undo takes it back'),
  ).action((options: InWorkspace, command) =>
    run(command, async ({ app, out }) => {
      const done = await app.api.memory.consolidate(workspaceOf(options))
      out.result(done, () => {
        for (const { kept, gone } of done.merged) out.line(`“${gone}” is “${kept}” now`)
        out.line(
          `${done.merged.length} merged, ${done.prunedConcepts} concepts and ${done.prunedRelations} relations let go, ${done.strengthened} strengthened.`,
        )
        if (done.write) out.line(`To take it back: gatehouse memory undo ${done.write}`)
      })
      return exitCodes.done
    }),
  )

  const learning = memory.command('learning').description('which AI apps may have the memory learn from what is said')
  learning
    .command('list', { isDefault: true })
    .description('those it is on for')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const { clients } = await app.api.memory.learning()
        out.result({ clients }, () => out.line(clients.length === 0 ? 'It is off for every app.' : clients.join('\n')))
        return exitCodes.done
      }),
    )
  for (const state of ['on', 'off'] as const)
    learning
      .command(`${state} <client>`)
      .description(`switch it ${state} for an app`)
      .action((client: string, _, command) =>
        run(command, async ({ app, out }) => {
          await app.api.memory.setLearning({ client, on: state === 'on' })
          out.result({ client, learning: state === 'on' }, () => out.line(`Learning is ${state} for “${client}”.`))
          return exitCodes.done
        }),
      )

  const embedder = memory.command('embedder').description('what makes the vectors that recall compares')
  embedder
    .command('status', { isDefault: true })
    .description('the one chosen')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const chosen = await app.api.memory.embedder()
        out.result(chosen, () => showEmbedder(out, chosen))
        return exitCodes.done
      }),
    )
  embedder
    .command('set <kind>')
    .description('built-in, ollama or openai (any server with OpenAI’s interface); the texts of concepts go there')
    .option('--url <url>', 'e.g. http://127.0.0.1:11434, or http://127.0.0.1:1234/v1')
    .option('--model <name>', 'the embedding model')
    .option('--key', 'read a key for it from stdin or ask for it')
    .action((kind: string, options: { url?: string; model?: string; key?: boolean }, command) =>
      run(command, async ({ app, out, terminal }) => {
        const choice = choiceOf(kind, options)
        const key = options.key ? { key: await terminal.secret('Key of the embedder: ') } : {}
        await app.api.memory.setEmbedder({ choice, ...key })
        const chosen = await app.api.memory.embedder()
        out.result(chosen, () => {
          showEmbedder(out, chosen)
          out.line('Vectors are made anew in the background. See: gatehouse memory status')
        })
        return exitCodes.done
      }),
    )
  inWorkspace(embedder.command('cancel').description('stop making vectors anew; the present ones stay')).action(
    (options: InWorkspace, command) =>
      run(command, async ({ app, out }) => {
        const stays = await app.api.memory.cancelEmbedding(workspaceOf(options))
        out.result(stays, () => out.line(`Vectors stay those of ${stays.embedder}.`))
        return exitCodes.done
      }),
  )
}

function choiceOf(kind: string, { url, model }: { url?: string; model?: string }): EmbedderChoice {
  if (kind === 'built-in') return { kind }
  if (kind !== 'ollama' && kind !== 'openai') throw new WrongUsage('Choose built-in, ollama or openai.')
  if (url === undefined || model === undefined)
    throw new WrongUsage('Say where it is and which model: --url URL --model NAME.')
  return { kind, url, model }
}

function showEmbedder(out: Output, { choice, hasKey }: { choice: EmbedderChoice; hasKey: boolean }): void {
  if (choice.kind === 'built-in') out.line('Gatehouse’s own: no model, no network.')
  else out.line(`${choice.kind}: ${choice.model} at ${choice.url}${hasKey ? ', with a key' : ''}`)
}
