import { afterEach, expect, it } from 'vitest'
import type { ServerName } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { aSupervisor, badServer } from '../support/a-supervisor.ts'

let gatehouse: ReturnType<typeof aSupervisor>
afterEach(() => gatehouse.end())

const count = process.env.GATEHOUSE_TEST_FULL === '1' ? 100 : 30
const names = Array.from({ length: count }, (_, n) => `worker-${n}`)
const [stuck = '', crashing = '', ...others] = names
/** Starting a hundred processes at once on two cores makes slow starts look like dead servers. */
const startedAtOnce = 4
const roundsInWindow = 10
/** Quiet and troubled windows take turns and their best medians are compared, until one had as quiet a machine as the other. */
const windowPairs = 3
const mostPairs = 12

it(`${count} servers run, one is stuck and one crashes: the others answer as fast as before`, async () => {
  gatehouse = aSupervisor({
    limits: { restart: { firstWaitMs: 100, longestWaitMs: 200, giveUpAfter: 10_000, settledMs: 60_000 } },
  })
  await inBatches(names, async (name) => {
    await gatehouse.add(name, [badServer('worker')])
    await ask(name)
  })
  expect(gatehouse.watched.size).toBe(count)
  await median() // warm
  const quiet: number[] = []
  const troubled: number[] = []
  const asFast = () => Math.min(...troubled) < Math.min(...quiet) * 1.2
  for (let pair = 0; pair < mostPairs && (pair < windowPairs || !asFast()); pair++) {
    quiet.push(await median())
    troubled.push(await inTrouble())
  }
  expect(Math.min(...troubled)).toBeLessThan(Math.min(...quiet) * 1.2)
}, 180_000)

/** The median while one server answers nothing and another ends at every call. */
async function inTrouble(): Promise<number> {
  await gatehouse.supervisor.restart(crashing as ServerName) // its breaker closes, so that it can crash again
  await gatehouse.call(`${stuck}__deafen`)
  const hanging = outcomeOf(gatehouse.call(`${stuck}__pid`, {}, { deadlineMs: 150_000 }))
  const crashes: Promise<string>[] = []
  const took = await median(() => crashes.push(outcomeOf(gatehouse.call(`${crashing}__crash`))))
  expect(await Promise.all(crashes)).toContain('server.crashed')
  await gatehouse.supervisor.hosted(stuck as ServerName).stopAll()
  expect(await hanging).toBe('server.crashed')
  await ask(stuck)
  return took
}

async function median(eachRound: () => unknown = () => {}): Promise<number> {
  const took: number[] = []
  for (let round = 0; round < roundsInWindow; round++, eachRound())
    for (const name of others) took.push(await ask(name))
  return took.sort((a, b) => a - b)[took.length >> 1] ?? 0
}

async function ask(name: string): Promise<number> {
  const startedMs = performance.now()
  await gatehouse.call(`${name}__pid`)
  return performance.now() - startedMs
}

function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'answered',
    (error: unknown) => (error instanceof GatehouseError ? error.code : String(error)),
  )
}

async function inBatches(all: readonly string[], each: (name: string) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += startedAtOnce) await Promise.all(all.slice(at, at + startedAtOnce).map(each))
}
