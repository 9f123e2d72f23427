import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { entropyOfText, textsOf } from '../../main/anomalies/answer-figures.ts'
import { Behaviour, type ProfileData } from '../../main/anomalies/behaviour.ts'
import { BehaviourStore } from '../../main/anomalies/behaviour-store.ts'
import { entropyOf } from '../../main/anomalies/histogram.ts'
import type { Violation } from '../../main/anomalies/violations.ts'
import { openDatabase } from '../../main/store/database.ts'
import type { ServerName } from '../../shared/domain/ids.ts'

const one = 'one' as ServerName
const mb = 1024 ** 2

/** Numbers that look random and are the same every time. */
function chance(seed: number) {
  let state = seed * 2_654_435_761 + 1
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
  const normal = () => Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next())
  return { next, lognormal: (median: number, spread: number) => median * Math.exp(spread * normal()) }
}

function aBehaviour() {
  const found: Violation[] = []
  const kept = new Map<ServerName, ProfileData>()
  const clock = { ms: 0, identity: 'v1' }
  const open = () =>
    new Behaviour({
      identity: () => clock.identity,
      kept: { load: (server) => kept.get(server), save: (server, data) => void kept.set(server, data) },
      onViolation: (violation) => found.push(violation),
      nowMs: () => clock.ms,
    })
  return { behaviour: open(), found, kept, clock, open }
}

/** What an ordinary server does in ten seconds: bursts of work, long pauses, answers of all sizes. */
function work(behaviour: Behaviour, clock: { ms: number }, random: ReturnType<typeof chance>, kind: Kind) {
  const busy = random.next() < kind.busy
  for (let calls = busy ? Math.floor(random.next() * 6) : 0; calls > 0; calls--) {
    const large = random.next() < kind.rare
    behaviour.answered(one, {
      entry: `tool${Math.floor(random.next() * 5)}`,
      latencyMs: random.lognormal(large ? kind.latencyMs * 20 : kind.latencyMs, kind.spread),
      resultBytes: random.lognormal(large ? kind.resultBytes * 100 : kind.resultBytes, kind.spread),
      resultEntropy: 4 + random.next(),
    })
  }
  behaviour.used(one, {
    cpu: busy ? Math.min(4, random.lognormal(kind.cpu, kind.spread)) : 0.001,
    memoryBytes: random.lognormal(kind.memoryMb * mb, 0.3),
    readBytes: busy ? random.lognormal(kind.disk, kind.spread) : 0,
    writtenBytes: busy ? random.lognormal(kind.disk / 2, kind.spread) : 0,
    networkBytes: busy ? random.lognormal(kind.disk / 4, kind.spread) : 0,
    processes: 3 + (busy && random.next() < kind.rare ? Math.floor(random.next() * kind.children) : 0),
  })
  clock.ms += 10_000
}
interface Kind {
  readonly busy: number
  readonly rare: number
  readonly spread: number
  readonly latencyMs: number
  readonly resultBytes: number
  readonly cpu: number
  readonly memoryMb: number
  readonly disk: number
  readonly children: number
}
const kinds: Record<string, Kind> = {
  files: {
    busy: 0.5,
    rare: 0.05,
    spread: 1.3,
    latencyMs: 5,
    resultBytes: 3000,
    cpu: 0.05,
    memoryMb: 80,
    disk: 200_000,
    children: 0,
  },
  search: {
    busy: 0.3,
    rare: 0.1,
    spread: 1.5,
    latencyMs: 800,
    resultBytes: 8000,
    cpu: 0.3,
    memoryMb: 150,
    disk: 5_000_000,
    children: 4,
  },
  browser: {
    busy: 0.4,
    rare: 0.3,
    spread: 1.6,
    latencyMs: 2000,
    resultBytes: 40_000,
    cpu: 1,
    memoryMb: 500,
    disk: 3_000_000,
    children: 14,
  },
  builds: {
    busy: 0.2,
    rare: 0.5,
    spread: 1.8,
    latencyMs: 9000,
    resultBytes: 2000,
    cpu: 1.5,
    memoryMb: 300,
    disk: 30_000_000,
    children: 20,
  },
}

describe('a server that goes on as it always did', () => {
  it.each(Object.entries(kinds))('(%s) is never noticed in 20 000 rounds, from its first hour on', (_name, kind) => {
    for (let seed = 1; seed <= 8; seed++) {
      const { behaviour, found, clock } = aBehaviour()
      const random = chance(seed)
      for (let round = 0; round < 2_500; round++) work(behaviour, clock, random, kind)
      expect(found.filter(({ severity }) => severity !== 'low')).toEqual([])
      expect(found.length).toBeLessThanOrEqual(1)
    }
  })

  it('is not stopped because the person takes up another kind of work with it', () => {
    const { behaviour, found, clock } = aBehaviour()
    const random = chance(3)
    for (let round = 0; round < 500; round++) work(behaviour, clock, random, kinds.files as Kind)
    for (let round = 0; round < 500; round++) work(behaviour, clock, random, kinds.search as Kind)
    for (let round = 0; round < 500; round++) work(behaviour, clock, random, kinds.files as Kind)
    expect(found.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([])
  })
})

describe('a server that changes', () => {
  const change = { cpu: 3.8, memoryBytes: 90 * mb, readBytes: 300_000, writtenBytes: 400 * mb, processes: 60 }
  const grown = (rounds: number) => {
    const world = aBehaviour()
    const random = chance(5)
    for (let round = 0; round < rounds; round++) work(world.behaviour, world.clock, random, kinds.files as Kind)
    return world
  }
  const turn = ({ behaviour, clock }: ReturnType<typeof aBehaviour>, rounds: number, resultBytes = 50 * 1_000_000) => {
    for (let round = 0; round < rounds; round++) {
      behaviour.used(one, change)
      behaviour.answered(one, { entry: 'tool1', latencyMs: 5, resultBytes, resultEntropy: 4.5 })
      clock.ms += 10_000
    }
  }

  it('(answers fifty times as large, programs, writing) is to be stopped within a minute, with evidence', () => {
    const world = grown(300)
    turn(world, 6)
    expect(world.found.at(-1)).toMatchObject({
      server: one,
      kind: 'anomalous',
      severity: expect.stringMatching(/high|critical/),
    })
    expect(world.found.at(-1)?.evidence).toMatch(/size of answers \d+ times.*confidence (99|100)/)
    expect(world.found.at(-1)?.evidence).toContain('processes')
    expect(world.found.at(-1)?.evidence).toContain('disk writes')
  })

  it('(what it sends out, what it runs, answers that are encoded) is to be stopped, with the network and the disorder named', () => {
    const world = grown(300)
    for (let round = 0; round < 8; round++) {
      const quiet = { cpu: 0.05, memoryBytes: 90 * mb, readBytes: 0, writtenBytes: 0 }
      world.behaviour.used(one, { ...quiet, networkBytes: 80 * mb, processes: 60 })
      world.behaviour.answered(one, { entry: 'tool1', latencyMs: 5, resultBytes: 3000, resultEntropy: 5.98 })
      world.clock.ms += 10_000
    }
    expect(world.found.at(-1)).toMatchObject({ severity: 'high' })
    expect(world.found.at(-1)?.evidence).toContain('disorder of answers 1.2 times')
    expect(world.found.at(-1)?.evidence).toContain('network')
    expect(world.behaviour.shown(one).map(({ name }) => name)).toContain('network')
  })

  it('is counted once for answers that are both large and encoded', () => {
    const world = grown(300)
    for (let call = 0; call < 50; call++)
      world.behaviour.answered(one, { entry: 'tool1', latencyMs: 5, resultBytes: 5e7, resultEntropy: 5.98 })
    expect(new Set(world.found.map(({ severity }) => severity))).toEqual(new Set(['low']))
  })

  it('in one figure alone is only noted', () => {
    const world = grown(300)
    for (let call = 0; call < 50; call++)
      world.behaviour.answered(one, { entry: 'tool1', latencyMs: 5, resultBytes: 5e7, resultEntropy: 4.5 })
    expect(world.found.map(({ severity }) => severity)).toEqual(['low'])
  })

  it('does not become usual by going on, and does once the person accepts it', () => {
    const world = grown(300)
    turn(world, 100)
    const before = world.behaviour.shown(one).find(({ name }) => name === 'disk writes')?.high ?? 0
    expect(before).toBeLessThan(50 * mb)
    world.behaviour.accept(one)
    world.found.length = 0
    turn(world, 50)
    expect(world.found).toEqual([])
  })

  it('within its first minutes is not judged: too little is known', () => {
    const world = grown(20)
    turn(world, 8)
    expect(world.found.filter(({ severity }) => severity !== 'low')).toEqual([])
  })

  it('after a restart is judged by what was kept; with other code it begins anew', () => {
    const world = grown(300)
    world.behaviour.save()
    const again = { ...world, behaviour: world.open() }
    turn(again, 6)
    expect(world.found.at(-1)?.severity).toMatch(/high|critical/)
    world.found.length = 0
    world.clock.identity = 'v2'
    turn({ ...world, behaviour: world.open() }, 6)
    expect(world.found).toEqual([])
  })
})

it('a profile is kept in the database, and one that cannot be read is begun anew', () => {
  const db = openDatabase(':memory:')
  const store = new BehaviourStore(db)
  const { behaviour, clock } = aBehaviour()
  const kept = new Behaviour({ identity: () => 'v1', kept: store, onViolation: () => {}, nowMs: () => 0 })
  for (let round = 0; round < 20; round++) work(kept, clock, chance(1), kinds.files as Kind)
  kept.save()
  expect(store.load(one)?.figures.memory?.count).toBe(20)
  db.prepare(`UPDATE behaviour_profile SET profile = '{"identity":1}'`).run()
  expect(store.load(one)).toBeUndefined()
  expect(behaviour.shown(one).every(({ samples }) => samples === 0)).toBe(true)
})

it('the entropy of a mix is 0 bits for one tool and 2 for four of the same weight', () => {
  expect(entropyOf([7])).toBe(0)
  expect(entropyOf([1, 1, 1, 1])).toBe(2)
})

it('tells something encoded from prose, code and JSON by the disorder of its text', () => {
  const bits = (text: string) => entropyOfText(textsOf({ content: [{ type: 'text', text }] }))
  const source = readFileSync(import.meta.filename, 'utf8')
  const encoded = randomBytes(6_000).toString('base64')
  expect(bits('aaaaaaaa')).toBe(0)
  expect(bits(source)).toBeLessThan(5.5)
  expect(bits(JSON.stringify({ source }))).toBeLessThan(5.5)
  expect(bits(encoded)).toBeGreaterThan(5.9)
  expect(textsOf({ content: [{ type: 'image', data: encoded, mimeType: 'image/png' }] })).toBe('')
  expect(textsOf(null)).toBe('')
})
