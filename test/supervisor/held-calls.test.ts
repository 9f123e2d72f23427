import { expect, it } from 'vitest'
import type { Equipped } from '../../main/kernel/exchange.ts'
import { HeldCalls } from '../../main/supervisor/held-calls.ts'
import type { Reply } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

const never = new AbortController().signal
const aCall = (extra?: JsonObject, signals: { signal?: AbortSignal; deadline?: AbortSignal } = {}) =>
  ({ signal: never, deadline: never, ...(extra ? { extra } : {}), ...signals }) as unknown as Equipped
const answered: Reply = { kind: 'result', result: { done: true } }

/** A server that asks `times` in a row and then answers with what it was told. */
function asking(held: HeldCalls, times: number) {
  const told: unknown[] = []
  const aborted: unknown[] = []
  let current: Equipped
  const exchange = (call: Equipped) => {
    current = call
    return held.exchange(call, async (signal) => {
      signal.addEventListener('abort', () => aborted.push(signal.reason))
      await new Promise(setImmediate) // a process answers later
      for (let asked = 0; asked < times; asked++)
        await held.ask(current, 'roots/list', {}, never).then(
          (answer) => told.push(answer),
          (error: Error) => told.push(error.message),
        )
      return answered
    })
  }
  return { exchange, told, aborted }
}
const stateOf = (reply: Reply) => (reply as unknown as { result: { requestState: string } }).result.requestState
const keyOf = (reply: Reply) =>
  Object.keys((reply as unknown as { result: { inputRequests: object } }).result.inputRequests)[0] as string

it('answers with what the server asks, and gives it what the client answers, round by round', async () => {
  const held = new HeldCalls(() => false)
  const { exchange, told } = asking(held, 2)
  let reply = await exchange(aCall())
  for (const roots of [['a'], ['b']]) {
    expect(reply).toMatchObject({ result: { resultType: 'input_required' } })
    reply = await exchange(aCall({ requestState: stateOf(reply), inputResponses: { [keyOf(reply)]: { roots } } }))
  }
  expect(reply).toEqual(answered)
  expect(told).toEqual([{ roots: ['a'] }, { roots: ['b'] }])
  expect(held.size).toBe(0)
})

it('takes a state once, and tells the server when an answer is left out', async () => {
  const held = new HeldCalls(() => false)
  const { exchange, told } = asking(held, 1)
  const requestState = stateOf(await exchange(aCall()))
  expect(await exchange(aCall({ requestState, inputResponses: {} }))).toEqual(answered)
  expect(told).toEqual(['The client did not answer this request.'])
  expect(await exchange(aCall({ requestState }))).toMatchObject({ kind: 'error', error: { code: -32_602 } })
})

it('ends the call at the server when the client does not come back, or cancels', async () => {
  const held = new HeldCalls(() => false, 20)
  const { exchange, aborted } = asking(held, 1)
  await exchange(aCall())
  await expect.poll(() => aborted).toHaveLength(1)
  expect(held.size).toBe(0)
  const cancelled = AbortSignal.abort('enough')
  await exchange(aCall(undefined, { signal: cancelled })).catch(() => undefined)
  expect(aborted).toEqual([expect.any(Error), 'enough'])
})
