import { InvalidArgumentError, Option } from 'commander'
import {
  type QuotaHolder,
  type QuotaMeasure,
  type QuotaPeriod,
  quotaHolders,
  quotaMeasures,
  quotaPeriods,
} from '../../../shared/domain/quota.ts'
import type { CommandGroup } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { localTime } from '../option-values.ts'

export type Amount = { readonly most: number; readonly per: QuotaPeriod }
type Given = Partial<Record<QuotaMeasure, Amount>>

/** limits list, set, remove. */
export const limitCommands: CommandGroup = (program, run) => {
  const limits = program.command('limits').description('how much an AI app, server, tool or workspace may use')

  limits
    .command('list')
    .description('all of them, and how far each is used')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.limits.list()
        out.result(found, () =>
          out.table(
            ['FOR', 'NAME', 'MOST', 'USED', 'WHOLE AGAIN'],
            found.quotas.map(({ holder, name, measure, per, most, used, refillsAt }) => [
              holder,
              name,
              `${most} ${measure} a ${per}`,
              { text: String(used), style: used >= most ? 'red' : 'plain' },
              refillsAt === undefined ? '' : localTime(refillsAt),
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  const set = limits
    .command('set <holder> <name>')
    .description('e.g. limits set client editor --calls 100/hour --tokens 2m/day; a tool may be a pattern')
  for (const measure of quotaMeasures) set.option(`--${measure} <number/time>`, words[measure], amount)
  set.action((holder: string, name: string, given: Given, command) =>
    run(command, async ({ app, out }) => {
      const wanted = quotaMeasures.flatMap((measure) => {
        const one = given[measure]
        return one === undefined ? [] : [{ holder: holderOf(holder), name, measure, ...one }]
      })
      if (wanted.length === 0) throw new WrongUsage('Say how much: --calls, --bytes, --tokens or --seconds.')
      for (const one of wanted) await app.api.limits.set(one)
      out.result({ set: wanted }, () => {
        for (const { measure, most, per } of wanted) out.line(`${name}: at most ${most} ${measure} a ${per}.`)
      })
      return exitCodes.done
    }),
  )

  limits
    .command('remove <holder> <name>')
    .description('no such limit any more')
    .addOption(new Option('--measure <measure>', 'what it counts').choices([...quotaMeasures]).makeOptionMandatory())
    .addOption(new Option('--per <time>', 'in which time').choices([...quotaPeriods]).makeOptionMandatory())
    .action((holder: string, name: string, { measure, per }: { measure: QuotaMeasure; per: QuotaPeriod }, command) =>
      run(command, async ({ app, out }) => {
        await app.api.limits.remove({ holder: holderOf(holder), name, measure, per })
        out.result({ removed: true }, () => out.line('Removed.'))
        return exitCodes.done
      }),
    )
}

const words: Readonly<Record<QuotaMeasure, string>> = {
  calls: 'calls, e.g. 100/hour',
  bytes: 'bytes of arguments and answers, e.g. 10m/day',
  tokens: 'the same in tokens, four bytes each, e.g. 50k/hour',
  seconds: 'seconds calls take together, e.g. 600/day',
}

const factors = { '': 1, k: 1e3, m: 1e6, g: 1e9 } as const

/** `100/hour`, `10m/day`. */
export function amount(value: string): Amount {
  const [, number = '', factor = '', per = ''] = /^(\d{1,9})([kmg]?)\/(minute|hour|day)$/.exec(value) ?? []
  if (number === '') throw new InvalidArgumentError(`Write a number and one of ${quotaPeriods.join(', ')}: 100/hour.`)
  return { most: Number(number) * factors[factor as keyof typeof factors], per: per as QuotaPeriod }
}

function holderOf(value: string): QuotaHolder {
  if ((quotaHolders as readonly string[]).includes(value)) return value as QuotaHolder
  throw new WrongUsage(`Limits are for one of ${quotaHolders.join(', ')}.`)
}
