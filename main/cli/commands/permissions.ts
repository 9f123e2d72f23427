import { InvalidArgumentError } from 'commander'
import type { z } from 'zod'
import type { simulation } from '../../../shared/contract/rules.ts'
import { type Preset, presets } from '../../../shared/domain/preset.ts'
import { withLocalTimes } from '../../../shared/messages/local-times.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { jsonObject, localTime, zonedTime } from '../option-values.ts'
import type { Output, Style } from '../output.ts'
import { roleCommands } from './roles.ts'
import { draftOf, type RuleOptions, ruleOptions } from './rule-options.ts'

const effectStyles: Readonly<Record<string, Style>> = { allow: 'green', ask: 'yellow', deny: 'red' }

const here = (sentence: string) => withLocalTimes(sentence, zonedTime)

/** permissions list, allow, ask, deny, revoke, test, simulate, presets, and the roles. */
export const permissionCommands: CommandGroup = (program, run) => {
  const permissions = program.command('permissions').description('rules and remembered answers')

  permissions
    .command('list')
    .description('what is allowed, asked about and denied, and which rules cannot do what they seem to')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const all = await app.api.permissions.list()
        out.result(all, () => {
          out.table(
            ['ID', 'EFFECT', 'UNTIL', 'RULE'],
            [
              ...all.grants.map((grant) => [
                grant.id,
                { text: grant.effect, style: effectStyles[grant.effect] ?? 'plain' },
                grant.expiresAt ? zonedTime(grant.expiresAt) : '',
                here(grant.suspended ? `${grant.sentence} (suspended: ${grant.suspended})` : grant.sentence) +
                  (grant.used ? ` (used: ${grant.used.calls} times, ${grant.used.bytes} bytes)` : ''),
              ]),
              ...all.defaults.map((rule) => ['default', rule.effect, '', rule.sentence]),
            ],
          )
          out.line(`Preset: ${all.preset}`)
          for (const { id, sentence } of all.conflicts) out.line(`${id}: ${here(sentence)}`, 'yellow')
        })
        return exitCodes.done
      }),
    )

  for (const effect of ['allow', 'ask', 'deny'] as const)
    ruleOptions(permissions.command(effect), effect === 'allow')
      .description(`${effect === 'ask' ? 'ask about' : effect} the calls of a tool`)
      .action((options: RuleOptions, command) =>
        run(command, async ({ app, out, terminal }) => {
          const draft = draftOf(options, terminal.surroundings.workingFolder)
          const made = await app.api.permissions[effect](draft)
          out.result(made, () => {
            out.line(`${made.id}: ${here(made.sentence)}`)
            warn(out, made.warnings)
          })
          return exitCodes.done
        }),
      )

  permissions
    .command('revoke <id>')
    .description('take a rule or remembered answer back')
    .action((id: string, _, command) =>
      run(command, async ({ app, out }) => {
        const { revoked } = await app.api.permissions.revoke({ id })
        out.result({ id, revoked }, () => out.line(revoked ? `${id} is revoked.` : `There is no rule ${id}.`))
        return revoked ? exitCodes.done : exitCodes.failed
      }),
    )

  permissions
    .command('test')
    .description('explain what would be decided, and what would change it, without calling')
    .requiredOption('--client <name>', 'the AI app')
    .requiredOption('--tool <name>', 'SERVER__TOOL')
    .option('--args <json>', 'the arguments', jsonObject)
    .action((options: { client: string; tool: string; args?: Record<string, never> }, command) =>
      run(command, async ({ app, out }) => {
        const { client, tool, args } = options
        const verdict = await app.api.permissions.test({ client, tool, arguments: args ?? {} })
        out.result(verdict, () => {
          out.line(`${verdict.effect}: ${here(verdict.rule)}`, effectStyles[verdict.effect] ?? 'plain')
          for (const reason of verdict.reasons) out.line(`  ${reason}`)
          if (verdict.matched.length > 0) out.line('Rules that hold for it:')
          for (const { decided, effect, sentence } of verdict.matched)
            out.line(`${decided ? '▸' : ' '} ${effect.padEnd(5)} ${here(sentence)}`, decided ? 'bold' : 'plain')
          if (verdict.change.length > 0) out.line('What would change it:')
          for (const change of verdict.change) out.line(`  ${here(change)}`)
        })
        return exitCodes.done
      }),
    )

  const simulate = permissions
    .command('simulate')
    .description('what a change of the rules would have done to the calls of the last days')
  const counted = (days: string) => {
    const number = Number(days)
    if (!(Number.isInteger(number) && number >= 1 && number <= 90)) throw new InvalidArgumentError('1 to 90.')
    return number
  }
  for (const effect of ['allow', 'ask', 'deny'] as const)
    ruleOptions(simulate.command(effect), effect === 'allow')
      .description(`with a rule that would ${effect}`)
      .option('--last <days>', 'how many days back', counted, 7)
      .action((options: RuleOptions & { last: number }, command) =>
        run(command, async ({ app, out, terminal }) => {
          const draft = draftOf(options, terminal.surroundings.workingFolder)
          const change = { kind: 'add' as const, effect, draft }
          return tell(out, await app.api.permissions.simulate({ change, days: options.last }))
        }),
      )
  simulate
    .command('revoke <id>')
    .description('without this rule')
    .option('--last <days>', 'how many days back', counted, 7)
    .action((id: string, { last }: { last: number }, command) =>
      run(command, async ({ app, out }) =>
        tell(out, await app.api.permissions.simulate({ change: { kind: 'revoke', id }, days: last })),
      ),
    )
  simulate
    .command('preset <name>')
    .description('with another preset')
    .option('--last <days>', 'how many days back', counted, 7)
    .action((preset: Preset, { last }: { last: number }, command) =>
      run(command, async ({ app, out }) =>
        tell(out, await app.api.permissions.simulate({ change: { kind: 'preset', preset }, days: last })),
      ),
    )

  permissions
    .command('presets')
    .description('the sets of rules Gatehouse comes with, and what each would change')
    .option('--set <name>', `choose one: ${presets.join(', ')}`)
    .action(({ set }: { set?: Preset }, command) =>
      run(command, async ({ app, out }) => {
        if (set !== undefined) await app.api.permissions.setPreset({ preset: set })
        const { presets: all } = await app.api.permissions.presets()
        out.result({ presets: all }, () => {
          for (const { id, name, current, sentences, added, removed } of all) {
            out.line(`${current ? '▸' : ' '} ${id} (${name})`, current ? 'bold' : 'plain')
            for (const [effect, sentence] of Object.entries(sentences)) out.line(`    ${effect.padEnd(5)} ${sentence}`)
            for (const rule of added) out.line(`    + ${rule}`, 'green')
            for (const rule of removed) out.line(`    - ${rule}`, 'red')
          }
        })
        return exitCodes.done
      }),
    )

  roleCommands(permissions, run)
}

function warn(out: Output, warnings: readonly string[]): void {
  for (const warning of warnings) out.line(here(warning), 'yellow')
}

type SimulatedShape = z.output<typeof simulation>

function tell(out: Output, simulated: SimulatedShape): number {
  out.result(simulated, () => {
    out.line(simulated.sentence)
    for (const { at, client, tool, before, after } of simulated.examples)
      out.line(`  ${localTime(at)} ${client} ${tool}: ${before} → ${after}`)
    if (simulated.skipped > 0) out.line(`${simulated.skipped} could not be judged: their tool or app is gone.`)
  })
  return exitCodes.done
}
