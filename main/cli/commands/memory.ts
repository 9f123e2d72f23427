import type { Command } from 'commander'
import type { z } from 'zod'
import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import type { concept, relation } from '../../../shared/contract/memory.ts'
import type { EpochMs, WorkspaceName } from '../../../shared/domain/ids.ts'
import type { WriteId } from '../../../shared/domain/memory.ts'
import { inputInvalid, memoryUnknown } from '../../../shared/errors.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { backThen, count, jsonObject, localTime, many, text } from '../option-values.ts'
import type { Output } from '../output.ts'

export interface InWorkspace {
  readonly workspace?: string
}
interface Said extends InWorkspace {
  readonly description?: string
  readonly attributes?: Record<string, never>
  readonly observation?: readonly string[]
  readonly confidence?: number
}

export const inWorkspace = (command: Command): Command =>
  command.option('--workspace <name>', 'whose memory; of the first workspace unless told')
export const workspaceOf = ({ workspace }: InWorkspace) =>
  workspace === undefined ? {} : { workspace: workspace as WorkspaceName }

/** memory add, query, relate, show, reinforce, forget, undo, history, erase. */
export const memoryCommands: CommandGroup = (program, run) => {
  const memory = program.command('memory').description('what AI apps remember')
  const verb = (words: string, description: string) => inWorkspace(memory.command(words).description(description))

  said(
    verb('add <name>', 'remember something; a concept that is there already is not changed').requiredOption(
      '--type <type>',
      'what kind of thing it is',
    ),
  ).action((name: string, options: Said & { type: string }, command) =>
    run(command, async ({ app, out }) => {
      const added = await app.api.memory.add({ ...workspaceOf(options), name, type: options.type, ...saidOf(options) })
      out.result(added, () => {
        out.line(`“${name}” is remembered (${added.concept.id}).`, 'green')
        for (const one of added.related) out.line(`  ${relationLine(one)}`, 'dim')
      })
      return exitCodes.done
    }),
  )

  verb('query <words...>', 'recall what is known about a question in plain words')
    .option('--limit <number>', 'how many at most', count, 10)
    .option('--type <type>', 'only concepts of this type (repeatable)', many(text))
    .option('--trusted', 'leave out what was written after reading from outside')
    .option('--as-of <time>', 'what was known then: a date and time, or a span back such as 7d', backThen)
    .action((words: string[], options: QueryOptions, command) =>
      run(command, async ({ app, out }) => {
        const { type, trusted, asOf, limit } = options
        const filter = {
          ...(type ? { types: [...type] } : {}),
          ...(trusted ? { withoutLabels: ['untrusted' as const] } : {}),
        }
        const recalled = await app.api.memory.recall({
          ...workspaceOf(options),
          text: words.join(' '),
          limit,
          filter,
          ...(asOf === undefined ? {} : { asOf: asOf as EpochMs }),
        })
        out.result(recalled, () => {
          if (recalled.found.length === 0) return out.line('Nothing is known about this.')
          out.table(
            ['SCORE', 'NAME', 'TYPE', 'FOR', 'LABELS', 'KNOWN'],
            recalled.found.map(({ score, concept: one, reasons }) => [
              score.toFixed(2),
              one.name,
              one.type,
              reasons.slice(0, 2).join(', '),
              one.labels.includes('untrusted')
                ? { text: one.labels.join(', '), style: 'yellow' }
                : one.labels.join(', '),
              one.description || (one.observations[0]?.text ?? ''),
            ]),
          )
        })
        return exitCodes.done
      }),
    )

  verb('relate <from> <type> <to>', 'remember how two concepts are related')
    .option('--weight <share>', 'how strongly, 0 to 1', share)
    .action((from: string, type: string, to: string, options: InWorkspace & { weight?: number }, command) =>
      run(command, async ({ app, out }) => {
        const { weight } = options
        const made = await app.api.memory.relate({
          ...workspaceOf(options),
          from,
          to,
          type,
          ...(weight === undefined ? {} : { weight }),
        })
        out.result(made, () => out.line(relationLine(made.relation), 'green'))
        return exitCodes.done
      }),
    )

  verb('show <name>', 'everything known of a concept, who brought it, and what it is related to').action(
    (name: string, options: InWorkspace, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.memory.concept({ ...workspaceOf(options), of: refOf(name) })
        if (found.concept === undefined) throw memoryUnknown(name)
        const around = await app.api.memory.subgraph({
          ...workspaceOf(options),
          names: [found.concept.name],
          depth: 1,
          budget: 100,
        })
        out.result({ ...found, relations: around.relations }, () =>
          showConcept(out, found.concept as Shown, around.relations),
        )
        return exitCodes.done
      }),
  )

  verb('reinforce <name...>', 'say that concepts are of use: they rank higher and fade later').action(
    (names: string[], options: InWorkspace, command) =>
      run(command, async ({ app, out }) => {
        const { write } = await app.api.memory.reinforce({ ...workspaceOf(options), of: names.map(refOf) })
        out.result({ write }, () => out.line(`Reinforced. To take it back: gatehouse memory undo ${write}`))
        return exitCodes.done
      }),
  )

  verb('forget <name...>', 'forget concepts with their relations; memory undo takes it back').action(
    (names: string[], options: InWorkspace, command) =>
      run(command, async ({ app, out }) => {
        const { write } = await app.api.memory.forget({ ...workspaceOf(options), of: names.map(refOf) })
        out.result({ write }, () => out.line(`Forgotten. To take it back: gatehouse memory undo ${write}`))
        return exitCodes.done
      }),
  )

  verb('undo <write>', 'take a change back').action((write: string, options: InWorkspace, command) =>
    run(command, async ({ app, out }) => {
      const undone = await app.api.memory.undo({ ...workspaceOf(options), write: write as WriteId })
      out.result(undone, () => out.line(`${write} is undone (as ${undone.write}).`))
      return exitCodes.done
    }),
  )

  verb('history [name]', 'what was changed, by whom, newest first')
    .option('--limit <number>', 'how many at most', count, 50)
    .action((name: string | undefined, options: InWorkspace & { limit: number }, command) =>
      run(command, async ({ app, out }) => {
        const of = name === undefined ? {} : { of: refOf(name) }
        const found = await app.api.memory.history({ ...workspaceOf(options), ...of, limit: options.limit })
        out.result(found, () =>
          out.table(
            ['ID', 'TIME', 'WHAT', 'BY', 'SESSION', 'CHANGES'],
            found.writes.map((write) => [
              write.undoneBy ? `${write.id} (undone)` : write.id,
              localTime(write.at),
              write.act,
              write.by.clientName,
              write.by.session ?? '',
              `${write.changes
                .slice(0, 3)
                .map((one) => `${one.kind} ${one.name}`)
                .join('; ')}${write.changeCount > 3 ? ' …' : ''}`,
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  verb('erase [name...]', 'erase for good, with history and every trace')
    .option('--client <name>', 'everything this AI app brought')
    .option('--all', 'the whole memory of the workspace')
    .action((names: string[], options: InWorkspace & { client?: string; all?: boolean }, command) =>
      run(command, async ({ app, out }) => {
        const { client, all } = options
        if ([names.length > 0, client !== undefined, all === true].filter(Boolean).length !== 1)
          throw new WrongUsage('Say what to erase: names, --client NAME or --all.')
        const what = all
          ? 'all'
          : client === undefined
            ? { concepts: names.map(refOf) }
            : { client: await idOf(app.api, client) }
        const done = await app.api.memory.erase({ ...workspaceOf(options), what } as never)
        out.result(done, () => out.line(`Erased: ${done.erased} concepts.`))
        return exitCodes.done
      }),
    )
}

type Shown = z.output<typeof concept>
type QueryOptions = InWorkspace & {
  readonly limit: number
  readonly type?: readonly string[]
  readonly trusted?: boolean
  readonly asOf?: number
}

const said = (command: Command): Command =>
  command
    .option('--description <text>', 'what it is')
    .option('--observation <text>', 'a single fact (repeatable)', many(text))
    .option('--attributes <json>', 'further facts by name', jsonObject)
    .option('--confidence <share>', 'how sure it is, 0 to 1', share)

const saidOf = ({ description, observation, attributes, confidence }: Said) => ({
  ...(description === undefined ? {} : { description }),
  ...(observation === undefined ? {} : { observations: [...observation] }),
  ...(attributes === undefined ? {} : { attributes }),
  ...(confidence === undefined ? {} : { confidence }),
})

/** By its id (`co_12`) or its name. */
const refOf = (name: string) => (/^co_[1-9][0-9]{0,15}$/.test(name) ? { id: name as `co_${number}` } : { name })

function share(value: string): number {
  const number = Number(value)
  if (!(number >= 0 && number <= 1)) throw new WrongUsage(`“${value}” is not a number from 0 to 1.`)
  return number
}

/** `window` and `cli` stand for the person. */
async function idOf(api: GatehouseApi, name: string): Promise<string> {
  if (name === 'window' || name === 'cli') return name
  const { clients } = await api.clients.list()
  const found = clients.find((client) => client.name === name)
  if (!found) throw inputInvalid(`There is no client called “${name}”.`)
  return found.id
}

const relationLine = ({ from, type, to, weight, inferred }: z.output<typeof relation>): string =>
  `${from} — ${type} → ${to} (${weight.toFixed(2)}${inferred ? ', inferred' : ''})`

function showConcept(out: Output, one: Shown, relations: readonly z.output<typeof relation>[]): void {
  out.line(`${one.name} (${one.type}, ${one.id})`)
  if (one.description) out.line(one.description)
  if (one.labels.length > 0) out.line(`labels       ${one.labels.join(', ')}`, 'yellow')
  for (const [name, value] of Object.entries(one.attributes)) out.line(`${name.padEnd(13)}${JSON.stringify(value)}`)
  out.line(`confidence   ${one.confidence.toFixed(2)}, strength ${one.strength.toFixed(2)}, source: ${one.source}`)
  out.line(`brought in   ${localTime(one.createdAt)} by ${one.createdBy.clientName}`)
  out.line(`changed      ${localTime(one.updatedAt)} by ${one.updatedBy.clientName}`)
  out.line(`recalled     ${one.accessCount} times`)
  for (const { text: fact, by, at } of one.observations) out.line(`  - ${fact}  (${by.clientName}, ${localTime(at)})`)
  for (const link of relations) out.line(`  ${relationLine(link)}`)
}
