import { expect, it } from 'vitest'
import { handle } from '../../main/kernel/kernel.ts'
import type { KernelParts } from '../../main/kernel/ports.ts'
import { Rounds } from '../../main/kernel/rounds.ts'
import type { PathFact, Reply } from '../../shared/domain/call.ts'
import type { ClientId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aCall, aServer, aSession, editor } from '../permissions/a-call.ts'
import { aReceived, noFlow, someFilters } from './an-exchange.ts'

const answers = { name: { action: 'accept', content: { name: 'Ada' } } }
const question = { name: { method: 'elicitation/create', params: {} } }

/** The real line; the person always agrees, the server asks once and then says which state it got back. */
function aKernel(effect: 'allow' | 'ask' = 'ask') {
  const server = aServer()
  const asked: unknown[] = []
  const reached: (JsonObject | undefined)[] = []
  const clock = { now: 1_000_000 }
  const found: PathFact[] = []
  const who = { client: editor }
  const filters = someFilters()
  const parts: KernelParts = {
    audit: { recorded: (_, work) => work(), intend: () => {} },
    records: { isSound: () => true },
    clients: { identify: () => ({ client: who.client, session: aSession() }), beyondKey: () => undefined },
    limits: {
      throttle: () => {},
      replied: () => {},
      admit: async (_, signal) => ({ deadline: signal, deadlineMs: 60_000, release: () => {} }),
    },
    cells: { requireFor: () => {} },
    catalog: {
      resolve: ({ target }) => ({ server, entry: { ...aCall({ server }).entry, name: target as never } }),
      isForeign: () => false,
      check: () => undefined,
    },
    filters: {
      ...filters,
      call: (input) => ({ ...filters.call(input), paths: input.arguments.inputResponses === undefined ? [] : found }),
    },
    rounds: new Rounds(() => clock.now),
    flow: noFlow,
    permissions: {
      evaluate: () => ({ effect, rule: 'a rule', reasons: [], action: 'write', risk: 'medium' }),
      spend: () => {},
    },
    approvals: {
      held: () => {
        throw new Error('nothing is held')
      },
      clear: async ({ extra, verdict }) => {
        if (verdict.effect === 'allow') return { by: 'rule' }
        asked.push(extra?.inputResponses)
        return { by: 'approval', id: `ap_${asked.length}` }
      },
      confirm: () => {},
    },
    credentials: { lease: async () => ({}) },
    servers: {
      dispatch: async ({ extra }): Promise<Reply> => {
        reached.push(extra)
        if (extra?.requestState === 'second') return { kind: 'result', result: { done: true } }
        const requestState = extra?.requestState === 'first' ? 'second' : 'first'
        return { kind: 'result', result: { resultType: 'input_required', inputRequests: question, requestState } }
      },
      endSession: () => {},
    },
  }
  const call = async (given: { args?: JsonObject; state?: string; target?: string } = {}) => {
    const extra = given.state === undefined ? undefined : { requestState: given.state, inputResponses: answers }
    const change = { ...(given.target ? { target: given.target } : {}), ...(extra ? { extra } : {}) }
    const reply = await handle(aReceived(given.args ?? { to: 'x' }, change).received, parts)
    return reply.kind === 'result' ? reply.result : {}
  }
  const state = async (from?: string) => String((await call(from === undefined ? {} : { state: from })).requestState)
  return { call, state, asked, reached, clock, found, who }
}

it('gives the client a sealed state, the server its own, and asks once for all rounds', async () => {
  const kernel = aKernel()
  const first = await kernel.state()
  const second = await kernel.state(first)
  expect(await kernel.call({ state: second })).toEqual({ done: true })
  expect(kernel.asked).toEqual([undefined])
  expect(kernel.reached.map((extra) => extra?.requestState)).toEqual([undefined, 'first', 'second'])
  expect(first + second).not.toContain('first')
  expect(Buffer.from(second, 'base64url').toString('latin1')).not.toContain('second')
})

it('refuses a state of another tool, other arguments, another client, one that was changed, and one too old', async () => {
  const kernel = aKernel('allow')
  const state = await kernel.state()
  const refused = { code: 'arguments.round' }
  await expect(kernel.call({ state, target: 'notes__other' })).rejects.toMatchObject(refused)
  await expect(kernel.call({ state, args: { to: 'y' } })).rejects.toMatchObject(refused)
  const changed = `${state.startsWith('A') ? 'B' : 'A'}${state.slice(1)}`
  await expect(kernel.call({ state: changed })).rejects.toMatchObject(refused)
  await expect(kernel.call({ state: 'first' })).rejects.toMatchObject(refused)
  kernel.who.client = { ...editor, id: 'cl_else' as ClientId }
  await expect(kernel.call({ state })).rejects.toMatchObject(refused)
  kernel.who.client = editor
  kernel.clock.now += 31 * 60_000
  await expect(kernel.call({ state })).rejects.toMatchObject(refused)
  expect(kernel.reached).toHaveLength(1)
})

it('asks again, showing the answers, when one round is sent a second time', async () => {
  const kernel = aKernel()
  const state = await kernel.state()
  await kernel.call({ state })
  await kernel.call({ state })
  expect(kernel.asked).toEqual([undefined, answers])
})

it('asks again when an answer names what the person was not asked about', async () => {
  const kernel = aKernel()
  const state = await kernel.state()
  kernel.found.push({ pointer: '/inputResponses/name/content/name', given: '/etc', real: '/etc' })
  await kernel.call({ state })
  expect(kernel.asked).toEqual([undefined, answers])
})

it.each([
  ['padded', (state: string) => `${state}=`],
  ['spaced', (state: string) => `${state.slice(0, 8)}\n${state.slice(8)}`],
  ['with something behind it', (state: string) => `${state}*`],
])('takes the state of a round sent a second time, %s, for no other', async (_, written) => {
  const kernel = aKernel()
  const state = await kernel.state()
  await kernel.call({ state })
  await expect(kernel.call({ state: written(state) })).rejects.toMatchObject({ code: 'arguments.round' })
  expect(kernel.reached).toHaveLength(2)
})
