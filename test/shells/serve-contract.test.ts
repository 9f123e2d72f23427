import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contractServer, eventText } from '../../main/shells/serve-contract.ts'
import { type Caller, call, event } from '../../shared/contract/define.ts'
import { policyDenied } from '../../shared/errors.ts'

const things = {
  add: call(z.object({ name: z.string().min(2), size: z.number().int() }), z.object({ id: z.string() }), {
    verb: 'changes',
    widens: true,
  }),
  list: call(z.void(), z.array(z.string()), { verb: 'status' }),
  forget: call(z.object({ id: z.string() }), z.void(), { verb: 'changes' }),
  added: event(z.object({ id: z.string() })),
} as const
const contract = { things } as const
const window: Caller = { carrier: 'electron', description: 'window' }

function aServer(overrides: { add?: () => { id: string }; forget?: () => void; guard?: () => void } = {}) {
  const logged: Readonly<Record<string, unknown>>[] = []
  const server = contractServer(
    contract,
    {
      things: {
        add: overrides.add ?? (({ name }) => ({ id: `id-${name}` })),
        list: () => ['one'],
        forget: overrides.forget ?? (() => undefined),
      },
    },
    { guard: overrides.guard ?? (() => undefined), log: { error: (fields) => logged.push(fields) } },
  )
  return { ...server, logged }
}

describe('serving a contract', () => {
  it('answers a call with the parsed output', async () => {
    const answer = await aServer().dispatch('things.add', { name: 'lamp', size: 3 }, window)
    expect(answer).toEqual({ ok: true, value: { id: 'id-lamp' } })
  })

  it('names every problem of an input in one sentence, and no handler sees it', async () => {
    let reached = false
    const server = aServer({
      add: () => {
        reached = true
        return { id: 'x' }
      },
    })
    const answer = await server.dispatch('things.add', { name: 'x', size: 'big' }, window)
    expect(answer).toMatchObject({ ok: false, error: { code: 'input.invalid' } })
    const sentence = answer.ok ? '' : answer.error.sentence
    expect(sentence).toContain('name:')
    expect(sentence).toContain('size:')
    expect(reached).toBe(false)
  })

  it('leaves out fields the contract does not name', async () => {
    const server = aServer({ add: () => ({ id: 'x', secret: 'hunter2' }) as { id: string } })
    expect(await server.dispatch('things.add', { name: 'lamp', size: 1 }, window)).toEqual({
      ok: true,
      value: { id: 'x' },
    })
  })

  it('lets nothing out of a route that answers nothing', async () => {
    const server = aServer({ forget: () => 'a secret' as unknown as undefined })
    expect(await server.dispatch('things.forget', { id: 'x' }, window)).toEqual({ ok: true, value: undefined })
  })

  it('refuses an answer that does not fit its schema instead of passing it on', async () => {
    const server = aServer({ add: () => ({ id: 7 }) as unknown as { id: string } })
    const answer = await server.dispatch('things.add', { name: 'lamp', size: 1 }, window)
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal.unexpected' } })
  })

  it('passes a known refusal with its code, parameters and sentence', async () => {
    const server = aServer({
      guard: () => {
        throw policyDenied('fs__write', 'no writes')
      },
    })
    expect(await server.dispatch('things.list', undefined, window)).toEqual({
      ok: false,
      error: {
        code: 'policy.denied',
        params: { entry: 'fs__write', rule: 'no writes' },
        sentence: '“fs__write” is blocked by the rule “no writes”. Change it under Permissions.',
      },
    })
  })

  it('keeps an unexpected error in the log and gives only its reference', async () => {
    const server = aServer({
      add: () => {
        throw new Error('/home/me/.ssh/id_rsa is broken')
      },
    })
    const answer = await server.dispatch('things.add', { name: 'lamp', size: 1 }, window)
    expect(JSON.stringify(answer)).not.toContain('.ssh')
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal.unexpected' } })
    const reference = answer.ok ? '' : answer.error.params.reference
    expect(server.logged[0]).toMatchObject({ reference, channel: 'things.add' })
  })

  it.each(['things.nothing', 'things.added', 'nowhere.list', 'things', '__proto__.toString', 'things.constructor'])(
    'refuses the unknown channel %s',
    async (channel) => {
      expect(await aServer().dispatch(channel, {}, window)).toMatchObject({
        ok: false,
        error: { code: 'input.invalid' },
      })
    },
  )

  it('accepts null where a call takes nothing, because JSON has no undefined', async () => {
    expect(await aServer().dispatch('things.list', null, window)).toEqual({ ok: true, value: ['one'] })
  })

  it('sends events without fields the contract does not name, and none it does not know', () => {
    expect(eventText(contract, 'things.added', { id: 'x', secret: 1 })).toBe(
      '{"event":"things.added","payload":{"id":"x"}}',
    )
    expect(eventText(contract, 'things.list', {})).toBeUndefined()
    expect(eventText(contract, 'nowhere.added', {})).toBeUndefined()
  })
})
