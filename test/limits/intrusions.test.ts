import { expect, it } from 'vitest'
import { type Detected, IntrusionWatch } from '../../main/limits/intrusions.ts'
import type { ClientId } from '../../shared/domain/ids.ts'

const app = 'cl_1' as ClientId
const other = 'cl_2' as ClientId

function aWatch() {
  const found: Detected[] = []
  const clock = { ms: 0 }
  const watch = new IntrusionWatch({ onDetected: (one) => found.push(one), nowMs: () => clock.ms })
  return { found, clock, watch }
}

it('knows a search for names by its many names, not by one that is tried again and again', () => {
  const { found, watch } = aWatch()
  for (let n = 0; n < 500; n++) watch.refused(app, 'catalog.unknown', 'gone__tool')
  expect(found).toEqual([])
  for (let n = 0; n < 60; n++) watch.refused(app, 'catalog.unknown', `guess__${n}`)
  expect(found.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual(['enumeration medium', 'enumeration high'])
})

it.each([
  ['traversal', 'policy.denied', 'file:///home/a/../../etc/passwd'],
  ['traversal', 'catalog.unknown', 'notes://%2e%2e%2fsecret'],
  ['injection', 'catalog.unknown', "x' OR 1=1"],
  ['injection', 'catalog.unknown', 'tool\u0007name'],
  ['injection', 'arguments.unsafe', 'files__read'],
  ['replay', 'arguments.round', 'files__read'],
] as const)('counts signs of %s (%s, %s), each client for itself', (kind, code, target) => {
  const { found, watch } = aWatch()
  for (let n = 0; n < 9; n++) watch.refused(app, code, target)
  watch.refused(other, code, target)
  expect(found).toEqual([{ kind, client: app, severity: 'medium', count: 5 }])
  watch.refused(app, code, target)
  expect(found.at(-1)).toEqual({ kind, client: app, severity: 'high', count: 10 })
})

it('forgets after a minute, and takes ordinary refusals for nothing', () => {
  const { found, clock, watch } = aWatch()
  for (let n = 0; n < 1_000; n++) {
    clock.ms += 100
    watch.refused(app, 'policy.denied', 'files__write_file')
    watch.refused(app, 'approvals.denied', 'file:///home/a/notes..md')
    if (n % 200 === 0) watch.refused(app, 'arguments.unsafe', 'files__read')
  }
  expect(found).toEqual([])
})

it('turns away who shows no good key for five minutes once keys are guessed', () => {
  const { found, clock, watch } = aWatch()
  for (let n = 0; n < 99; n++) watch.unknownKey()
  expect(watch.guessingSeconds).toBe(0)
  watch.unknownKey()
  expect(watch.guessingSeconds).toBe(300)
  expect(found.at(-1)).toMatchObject({ kind: 'token-guessing', client: undefined, severity: 'high' })
  clock.ms = 300_000
  expect(watch.guessingSeconds).toBe(0)
})
