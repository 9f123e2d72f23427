import { describe, expect, it } from 'vitest'
import { aCall, aDesk, aServer, other, settled } from './a-desk.ts'

const steps = (...paths: string[]) => paths.map((path) => aCall({ path, content: path }))

async function anApprovedPlan(calls = steps('a', 'b'), validMs?: number) {
  const desk = aDesk()
  const plan = desk.approvals.plan({ name: 'Tidy up', calls, ...(validMs ? { validMs } : {}) })
  await settled()
  const [question] = desk.approvals.pending()
  if (question) await desk.approvals.decide({ id: question.id, decision: 'allow', scope: 'once', count: 1 }, 'window')
  return { ...desk, shown: question, answer: await plan }
}
const isAsked = async (desk: ReturnType<typeof aDesk>, call: ReturnType<typeof aCall>) => {
  const done = desk.approvals.clear(call).catch((error: Error) => error)
  await settled()
  const waiting = desk.approvals.pending().length > 0
  if (waiting) call.cancel.abort()
  await done
  return waiting
}

describe('an approved plan', () => {
  it('is one question that shows every step with its exact arguments', async () => {
    const { shown } = await anApprovedPlan()
    expect(shown?.title).toBe('Editor wants to carry out “Tidy up”: 2 steps')
    expect(shown?.subject).toMatchObject({
      kind: 'plan',
      steps: [
        { entry: 'filesystem__write_file', arguments: { path: 'a', content: 'a' }, title: 'Editor wants to write a' },
        { arguments: { path: 'b', content: 'b' } },
      ],
    })
    expect(shown?.scopes.map(({ scope }) => scope)).toEqual(['once'])
  })

  it('lets each step through once, and asks about it the second time', async () => {
    const desk = await anApprovedPlan()
    const [a, b] = [() => aCall({ path: 'a', content: 'a' }), () => aCall({ path: 'b', content: 'b' })]
    await expect(desk.approvals.clear(b())).resolves.toMatchObject({ by: 'approval' })
    await expect(desk.approvals.clear(a())).resolves.toMatchObject({ by: 'approval' })
    expect(await isAsked(desk, a())).toBe(true)
  })

  it('lets the same step through as often as it is in the plan', async () => {
    const desk = await anApprovedPlan(steps('a', 'a'))
    const call = () => aCall({ path: 'a', content: 'a' })
    await expect(desk.approvals.clear(call())).resolves.toMatchObject({ by: 'approval' })
    await expect(desk.approvals.clear(call())).resolves.toMatchObject({ by: 'approval' })
    expect(await isAsked(desk, call())).toBe(true)
  })

  it('is nothing for other arguments, another client or another sandbox', async () => {
    const desk = await anApprovedPlan()
    expect(await isAsked(desk, aCall({ path: 'a', content: 'changed' }))).toBe(true)
    expect(await isAsked(desk, aCall({ path: 'a', content: 'a' }, { client: other }))).toBe(true)
    expect(await isAsked(desk, aCall({ path: 'a', content: 'a' }, { server: aServer({ sandbox: 0 }) }))).toBe(true)
  })

  it('ends with its time', async () => {
    const desk = await anApprovedPlan(steps('a'), 60_000)
    await desk.clock.pass(61_000)
    expect(await isAsked(desk, aCall({ path: 'a', content: 'a' }))).toBe(true)
  })

  it('can be taken back while steps are still to come', async () => {
    const desk = await anApprovedPlan()
    await desk.approvals.clear(aCall({ path: 'a', content: 'a' }))
    expect(await desk.approvals.withdrawPlan(desk.answer)).toBe(1)
    expect(await isAsked(desk, aCall({ path: 'b', content: 'b' }))).toBe(true)
  })

  it('is gone with its client', async () => {
    const desk = await anApprovedPlan()
    await desk.approvals.withdrawClient('cl_editor' as never)
    expect(await isAsked(desk, aCall({ path: 'a', content: 'a' }))).toBe(true)
  })
})

describe('a plan', () => {
  it('that is not allowed lets nothing through', async () => {
    const desk = aDesk()
    const plan = desk.approvals.plan({ name: 'Tidy up', calls: steps('a') })
    await settled()
    const [question] = desk.approvals.pending()
    if (question) await desk.approvals.decide({ id: question.id, decision: 'deny', scope: 'once', count: 1 }, 'window')
    await expect(plan).resolves.toEqual({ state: 'denied', releases: [] })
    expect(await isAsked(desk, aCall({ path: 'a', content: 'a' }))).toBe(true)
  })

  it('with a step that may not happen is refused without a question', async () => {
    const desk = aDesk()
    const calls = [...steps('a'), aCall({ path: 'b' }, { verdict: { effect: 'deny' } })]
    await expect(desk.approvals.plan({ name: 'Tidy up', calls })).rejects.toThrow('policy.denied')
    expect(desk.approvals.pending()).toEqual([])
  })

  it('whose steps all need no answer asks nothing', async () => {
    const desk = aDesk()
    const calls = [aCall({ path: 'a' }, { verdict: { effect: 'allow' } })]
    await expect(desk.approvals.plan({ name: 'Tidy up', calls })).resolves.toEqual({ state: 'approved', releases: [] })
  })

  it('does not cover a step of critical risk, which is asked about by itself', async () => {
    const risky = () => aCall({ path: 'b', content: 'b' }, { verdict: { risk: 'critical' } })
    const desk = await anApprovedPlan([...steps('a'), risky()])
    expect(desk.shown?.subject).toMatchObject({ steps: [{ arguments: { path: 'a' } }] })
    expect(await isAsked(desk, risky())).toBe(true)
  })
})
