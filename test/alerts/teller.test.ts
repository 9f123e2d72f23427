import { expect, it } from 'vitest'
import { AlertStore } from '../../main/alerts/alert-store.ts'
import { DeliveryStore } from '../../main/alerts/delivery-store.ts'
import { ChannelProblem, mostTries, Teller, waitMs } from '../../main/alerts/teller.ts'
import { openDatabase } from '../../main/store/database.ts'
import type { AlertChannel } from '../../shared/domain/alerts.ts'

const team: AlertChannel = { name: 'team', kind: 'webhook', host: 'hooks.example', enabled: true }
const pager: AlertChannel = { name: 'pager', kind: 'pagerduty', url: 'https://pager.example', enabled: true }

function aTeller(send: (channel: string, what: string) => Promise<void>) {
  const db = openDatabase(':memory:')
  const alert = { id: 'al_1', rule: 'r', cause: '', severity: 'warning', state: 'open', openedAt: 0 } as const
  new AlertStore(db).save({ ...alert, since: 0, returned: 0, value: 1, holds: true, told: 'opened' })
  const deliveries = new DeliveryStore(db)
  const world = {
    db,
    deliveries,
    nowMs: 1_000_000,
    channels: [team, pager] as readonly AlertChannel[],
    problems: [] as string[],
    begun: () =>
      new Teller({
        deliveries,
        channels: () => world.channels,
        send: (channel, { note }) => send(channel.name, note),
        onChange: () => {},
        onProblem: (channel, problem, dead) => world.problems.push(`${channel}: ${problem}${dead ? ' (dead)' : ''}`),
        now: () => world.nowMs,
      }),
  }
  return world
}

it('tells every channel that is on, in order, and none that is off or gone', async () => {
  const told: string[] = []
  const world = aTeller(async (channel, what) => void told.push(`${channel} ${what}`))
  world.channels = [team, { ...pager, enabled: false }]
  const teller = world.begun()
  teller.start()
  teller.tell('al_1', ['team', 'pager', 'gone'], 'opened')
  teller.tell('al_1', ['team'], 'resolved')
  await expect.poll(() => told).toEqual(['team opened', 'team resolved'])
  expect(world.deliveries.of('al_1').map(({ state }) => state)).toEqual(['sent', 'sent'])
  await teller.stop()
})

it('tries again after 2, 4, 8 … seconds, at most ten minutes, and gives up with the reason after the last', async () => {
  expect([1, 2, 3, 4, 9, 10, 14].map((tries) => waitMs(tries) / 1000)).toEqual([2, 4, 8, 16, 512, 600, 600])
  let tries = 0
  const world = aTeller(async () => {
    tries += 1
    throw new ChannelProblem('hooks.example answered with 500.')
  })
  const teller = world.begun()
  teller.start()
  teller.tell('al_1', ['team'], 'opened')
  for (let n = 1; n <= mostTries; n++) {
    await expect.poll(() => world.deliveries.of('al_1')[0]?.tries).toBe(n)
    expect(tries).toBe(n)
    expect(world.deliveries.nextDueAt('team')).toBe(n < mostTries ? world.nowMs + waitMs(n) : undefined)
    world.nowMs += waitMs(n)
    teller.wake()
  }
  expect(world.deliveries.of('al_1')[0]).toMatchObject({ state: 'dead', problem: 'hooks.example answered with 500.' })
  expect(world.deliveries.backlog().get('team')).toEqual({
    due: 0,
    dead: 1,
    problem: 'hooks.example answered with 500.',
  })
  expect(world.problems.at(-1)).toBe('team: hooks.example answered with 500. (dead)')
  expect(world.deliveries.again('team', world.nowMs)).toBe(1)
  teller.wake()
  await expect.poll(() => tries).toBe(mostTries + 1)
  await teller.stop()
})

it('keeps what is due over a restart, and what it is told while it does not run', async () => {
  const told: string[] = []
  const world = aTeller(async (channel, what) => void told.push(`${channel} ${what}`))
  const before = world.begun()
  before.tell('al_1', ['team'], 'opened') // never started
  await before.stop()
  const after = world.begun()
  after.start()
  await expect.poll(() => told).toEqual(['team opened'])
  await after.stop()
})

it('lets a channel that hangs hold up no other, and leaves nothing marked as told when it is stopped meanwhile', async () => {
  const told: string[] = []
  const hanging = Promise.withResolvers<void>()
  const world = aTeller((channel, what) => {
    if (channel === 'team') return hanging.promise
    told.push(`${channel} ${what}`)
    return Promise.resolve()
  })
  const teller = world.begun()
  teller.start()
  teller.tell('al_1', ['team', 'pager'], 'opened')
  await expect.poll(() => told).toEqual(['pager opened'])
  const stopped = teller.stop()
  hanging.resolve()
  await stopped
  expect(world.deliveries.of('al_1').map(({ channel, state }) => `${channel} ${state}`)).toEqual([
    'team due',
    'pager sent',
  ])
})

it('says nothing of an error nobody expected but that the log has it', async () => {
  const world = aTeller(async () => {
    throw new Error('https://hooks.example/T00/secret')
  })
  const teller = world.begun()
  teller.start()
  teller.tell('al_1', ['team'], 'opened')
  await expect
    .poll(() => world.deliveries.of('al_1')[0]?.problem)
    .toBe('Something unexpected went wrong; the log says more.')
  await teller.stop()
})

it('sends once, and tries to keep that later and later, while the database cannot be written', async () => {
  for (const fails of [false, true]) {
    let sent = 0
    const world = aTeller(async () => {
      sent += 1
      if (fails) throw new ChannelProblem('hooks.example answered with 500.')
    })
    const teller = world.begun()
    teller.start()
    teller.tell('al_1', ['team'], 'opened')
    world.db.pragma('query_only = ON')
    await expect.poll(() => world.problems).toHaveLength(1)
    expect(world.problems[0]).toBe(
      'team: What became of telling it could not be kept: attempt to write a readonly database',
    )
    for (let round = 0; round < 5; round++) {
      teller.wake()
      await new Promise(setImmediate)
    }
    expect(world.problems).toHaveLength(1)
    world.nowMs += waitMs(1)
    teller.wake()
    await expect.poll(() => world.problems).toHaveLength(2)
    world.db.pragma('query_only = OFF')
    world.nowMs += waitMs(1)
    teller.wake()
    await new Promise(setImmediate)
    expect(world.deliveries.of('al_1')[0]).toMatchObject({ state: 'due', tries: 0 }) // four seconds, not two
    world.nowMs += waitMs(1)
    teller.wake()
    const kept = fails ? { state: 'due', tries: 1, problem: 'hooks.example answered with 500.' } : { state: 'sent' }
    await expect.poll(() => world.deliveries.of('al_1')[0]).toMatchObject(kept)
    expect(sent).toBe(1)
    await teller.stop()
  }
})
