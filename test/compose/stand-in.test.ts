import { describe, expect, it } from 'vitest'
import { withStandIns } from '../../main/compose/stand-in.ts'
import type { Received } from '../../main/kernel/exchange.ts'
import { RemoteProblem } from '../../main/supervisor/remote/remote-problem.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { policyDenied, serverCrashed, serverFailed } from '../../shared/errors.ts'
import { aServer } from '../permissions/a-call.ts'

const tool = (server: string, more: Partial<CatalogEntry> = {}, definition: object = {}): CatalogEntry =>
  ({
    kind: 'tool',
    name: `${server}__search`,
    server,
    ownName: 'search',
    title: 'Search',
    definition: {
      name: 'search',
      inputSchema: { type: 'object', properties: { q: { type: 'string' } } },
      ...definition,
    },
    pin: 'p',
    ...more,
  }) as CatalogEntry
const down = () => serverFailed('one', 'it could not be started.')

/** Server “one” with what stands in for it; each server's `handle` does as the test says. */
function aHouse(
  answers: Record<string, () => Promise<string>>,
  options: { one?: Partial<ServerConfig>; entries?: CatalogEntry[] } = {},
) {
  const seen: Received[] = []
  const stoodIn: string[] = []
  const configs = new Map(
    ['one', 'two', 'three'].map((name) => [name, aServer({ name: name as ServerName, trusted: false })]),
  )
  configs.set(
    'one',
    aServer({ name: 'one' as ServerName, running: { fallback: ['two', 'three'] as ServerName[] }, ...options.one }),
  )
  const entries = options.entries ?? [tool('one'), tool('two'), tool('three')]
  const handle = withStandIns(
    async (received) => {
      seen.push(received)
      const text = await answers[received.target]?.()
      return { kind: 'result', result: { content: [{ type: 'text', text: text ?? '' }], _meta: { own: 1 } } }
    },
    {
      servers: { get: (name: string) => configs.get(name) } as never,
      catalog: { entries: (name: string) => entries.filter(({ server }) => server === name) } as never,
    },
    ({ asked, answered }) => stoodIn.push(`${answered.name} for ${asked.name}`),
  )
  const call = (more: Partial<Received> = {}) =>
    handle({
      callId: 'ca_1',
      method: 'tools/call',
      target: 'one__search',
      arguments: { q: 'x' },
      signal: new AbortController().signal,
      trail: 'first',
      ...more,
    } as never)
  return { call, seen, stoodIn, targets: () => seen.map(({ target }) => target) }
}
const fails = (error: () => Error) => async () => {
  throw error()
}

describe('when a server is down', () => {
  it('the next one answers by a call of its own, and the answer says so', async () => {
    const house = aHouse({ one__search: fails(down), two__search: async () => 'found' })
    expect(await house.call()).toMatchObject({
      result: { content: [{ text: 'found' }], _meta: { own: 1, 'gatehouse/answered-by': 'two' } },
    })
    expect(house.stoodIn).toEqual(['two__search for one__search'])
    const [first, second] = house.seen
    expect(second?.callId).not.toBe(first?.callId)
    expect(second?.trail).not.toBe(first?.trail)
    expect(second?.arguments).toEqual({ q: 'x' })
  })

  it('a chain goes on to the third, and ends with the first reason when all are down', async () => {
    const failing = fails(() => serverFailed('two', 'it could not be started.'))
    const third = aHouse({ one__search: fails(down), two__search: failing, three__search: async () => 'at last' })
    expect(await third.call()).toMatchObject({ result: { content: [{ text: 'at last' }] } })
    const none = aHouse({ one__search: fails(down), two__search: failing, three__search: failing })
    await expect(none.call()).rejects.toMatchObject({ params: { server: 'one' } })
    expect(none.targets()).toEqual(['one__search', 'two__search', 'three__search'])
  })

  it('the rules for the other server hold: its refusal is the answer', async () => {
    const house = aHouse({ one__search: fails(down), two__search: fails(() => policyDenied('two__search', 'no')) })
    await expect(house.call()).rejects.toMatchObject({ code: 'policy.denied' })
    expect(house.targets()).toEqual(['one__search', 'two__search'])
  })

  it('nobody stands in with another schema, a held-back tool, or where the person named nobody', async () => {
    const other = tool('two', {}, { inputSchema: { type: 'object' } })
    const held = tool('three', { quarantine: 'changed' })
    for (const options of [{ entries: [tool('one'), other, held] }, { one: { running: {} } }]) {
      const house = aHouse({ one__search: fails(down) }, options)
      await expect(house.call()).rejects.toMatchObject({ code: 'server.failed' })
      expect(house.targets()).toEqual(['one__search'])
    }
  })

  it('a call that may have had an effect is not made a second time elsewhere', async () => {
    const crashed = () => serverCrashed('one', 'it ended.')
    const cut = () => serverFailed('one', 'the connection broke off.', new RemoteProblem('the connection broke off.'))
    for (const error of [crashed, cut]) {
      const house = aHouse({ one__search: fails(error), two__search: async () => 'twice' })
      await expect(house.call()).rejects.toMatchObject({ params: { server: 'one' } })
      expect(house.targets()).toEqual(['one__search'])
      const reads = [tool('one', {}, { annotations: { readOnlyHint: true } }), tool('two')]
      const reading = aHouse(
        { one__search: fails(error), two__search: async () => 'again' },
        { one: { trusted: true }, entries: reads },
      )
      expect(await reading.call()).toMatchObject({ result: { content: [{ text: 'again' }] } })
    }
  })

  it('under a server’s own unprefixed names its stand-in is found too', async () => {
    const house = aHouse({ search: fails(down), two__search: async () => 'found' })
    await house.call({ target: 'search', view: 'one' as ServerName })
    expect(house.seen[1]).toMatchObject({ target: 'two__search' })
    expect(house.seen[1]?.view).toBeUndefined()
  })
})
