import { expect, it } from 'vitest'
import { sourceFiles } from './source-files.ts'

const stages: Readonly<Record<string, string>> = {
  Identified: 'main/kernel/stages/identify.ts',
  Resolved: 'main/kernel/stages/resolve.ts',
  Validated: 'main/kernel/stages/validate.ts',
  Filtered: 'main/kernel/stages/filter-call.ts',
  Resumed: 'main/kernel/stages/resume.ts',
  Traced: 'main/kernel/stages/trace.ts',
  Judged: 'main/kernel/stages/judge.ts',
  Cleared: 'main/kernel/stages/clear.ts',
  Admitted: 'main/kernel/stages/admit.ts',
  Equipped: 'main/kernel/stages/equip.ts',
  Dispatched: 'main/kernel/stages/dispatch.ts',
}
const files = sourceFiles(['main', 'preload', 'renderer', 'shared'])
const casting = (type: string) => new RegExp(`\\bas\\s+(?:\\w+\\.)?${type}\\b|<\\s*(?:\\w+\\.)?${type}\\s*>\\s*[({\\w]`)

it.each(Object.entries(stages))('%s is made in its own stage and nowhere else', (type, home) => {
  const makers = files.filter(({ text }) => casting(type).test(text)).map(({ path }) => path)
  expect(makers).toEqual([home])
})

it('names every stage there is', () => {
  const exchange = files.find(({ path }) => path === 'main/kernel/exchange.ts')
  const made = [...(exchange?.text ?? '').matchAll(/export type (\w+) = Made</g)].map(([, name]) => name)
  expect(made.toSorted()).toEqual(Object.keys(stages).toSorted())
})

it('runs the stages in order, each on what the one before made', () => {
  const kernel = files.find(({ path }) => path === 'main/kernel/kernel.ts')?.text.replace(/\/\/.*$/gm, '') ?? ''
  const order = [
    ...kernel.matchAll(
      /\b(identify|throttle|resolve|validate|filterCall|resume|trace|judge|clear|admit|equip|dispatch|filterReply)\(/g,
    ),
  ]
  expect(order.map(([, name]) => name)).toEqual(
    'identify throttle resolve validate filterCall resume trace judge clear admit equip dispatch filterReply'.split(
      ' ',
    ),
  )
})

it('lets nothing but the kernel call dispatch', () => {
  const callers = files
    .filter(
      ({ path, imports }) =>
        !path.startsWith('main/kernel/') && imports.some(({ file }) => file?.startsWith('main/kernel/stages/')),
    )
    .map(({ path }) => path)
  expect(callers).toEqual([])
})
