import { describe, expect, it } from 'vitest'
import { AwakeClock } from '../../main/limits/awake-clock.ts'
import { Deadlines } from '../../main/limits/deadlines.ts'
import { defaultServerLimits, Limits, type ServerLimits } from '../../main/limits/limits.ts'
import { defaultThrottle, Throttle } from '../../main/limits/throttle.ts'
import type { JudgedCall } from '../../shared/domain/call.ts'
import { appStopping, type GatehouseError } from '../../shared/errors.ts'
import { aCall, aServer, editor } from '../permissions/a-call.ts'

const never = new AbortController().signal
const verdict = { effect: 'allow', rule: '', reasons: [], action: 'read', risk: 'low' } as const
const aJudgedCall = (name = 'notes'): JudgedCall => ({
  ...aCall({ server: aServer({ name: name as JudgedCall['server']['name'] }) }),
  verdict,
})
const limited = (change: Partial<ServerLimits>) =>
  new Limits({ serverLimits: () => ({ ...defaultServerLimits, ...change }) })
const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return [(error as GatehouseError).code, (error as GatehouseError).params.seconds]
  }
  return undefined
}

describe('rates', () => {
  const aThrottle = () => {
    const clock = { ms: 0 }
    const settings = { ...defaultThrottle, callsPerWindow: 3 }
    const throttle = new Throttle(
      () => settings,
      () => clock.ms,
    )
    const overrun = () =>
      codeOf(() => {
        for (let n = 0; n < 4; n++) throttle.pass(editor, 'tools/call')
      })
    return { clock, throttle, overrun }
  }

  it('let so many calls pass in every window', () => {
    const { clock, throttle } = aThrottle()
    for (let n = 0; n < 9; n++) {
      expect(codeOf(() => throttle.pass(editor, 'tools/call'))).toBeUndefined()
      if (n % 3 === 2) clock.ms += 60_000
    }
  })

  it('count every client and every method for itself', () => {
    const { throttle, overrun } = aThrottle()
    overrun()
    expect(codeOf(() => throttle.pass(editor, 'prompts/get'))).toBeUndefined()
    expect(codeOf(() => throttle.pass({ ...editor, id: 'cl_2' as typeof editor.id }, 'tools/call'))).toBeUndefined()
  })

  it('block at once and for five minutes who makes more, and say when to go on', () => {
    const { clock, throttle, overrun } = aThrottle()
    expect(overrun()).toEqual(['limits.rate', '300'])
    clock.ms += 60_000
    expect(codeOf(() => throttle.pass(editor, 'tools/call'))).toEqual(['limits.rate', '240'])
    clock.ms += 239_000
    expect(codeOf(() => throttle.pass(editor, 'tools/call'))).toEqual(['limits.rate', '1'])
    clock.ms += 1_000
    expect(overrun()).toEqual(['limits.rate', '300'])
  })

  it('do not hinder twenty thousand calls in a burst', () => {
    const throttle = new Throttle()
    expect(
      codeOf(() => {
        for (let n = 0; n < 20_000; n++) throttle.pass(editor, 'tools/call')
      }),
    ).toBeUndefined()
  })
})

describe('slots', () => {
  it('queue what is too much at once, first come, first served', async () => {
    const limits = limited({ concurrency: 2 })
    const order: number[] = []
    const running = [0, 1, 2, 3].map(async (n) => {
      const admission = await limits.admit(aJudgedCall(), never)
      order.push(n)
      return admission
    })
    const [first, second] = await Promise.all([running[0], running[1]])
    expect(limits.load(aJudgedCall().server.name)).toEqual({ running: 2, waiting: 2 })
    second?.release()
    await running[2]
    first?.release()
    await running[3]
    expect(order).toEqual([0, 1, 2, 3])
    for (const call of running) (await call).release()
    expect(limits.load(aJudgedCall().server.name)).toEqual({ running: 0, waiting: 0 })
  })

  it('give a slot back once, however often it is released', async () => {
    const limits = limited({ concurrency: 1 })
    const admission = await limits.admit(aJudgedCall(), never)
    admission.release()
    admission.release()
    await limits.admit(aJudgedCall(), never)
    expect(limits.load(aJudgedCall().server.name).running).toBe(1)
  })

  it('admit 64 at once through 20 slots without failing any', async () => {
    const limits = new Limits()
    let most = 0
    let now = 0
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        const admission = await limits.admit(aJudgedCall(), never)
        most = Math.max(most, ++now)
        await new Promise((resolve) => setImmediate(resolve))
        now--
        admission.release()
      }),
    )
    expect(most).toBe(20)
  })

  it('refuse when too many wait', async () => {
    const limits = limited({ concurrency: 1, queue: 1 })
    await limits.admit(aJudgedCall(), never)
    const waiting = new AbortController()
    const second = limits.admit(aJudgedCall(), waiting.signal)
    await expect(limits.admit(aJudgedCall(), never)).rejects.toMatchObject({ code: 'limits.busy' })
    waiting.abort(appStopping())
    await expect(second).rejects.toMatchObject({ code: 'app.stopping' })
  })

  it('let a waiting call be cancelled without losing the slot', async () => {
    const limits = limited({ concurrency: 1 })
    const first = await limits.admit(aJudgedCall(), never)
    const cancel = new AbortController()
    const second = limits.admit(aJudgedCall(), cancel.signal)
    const third = limits.admit(aJudgedCall(), never)
    cancel.abort()
    await expect(second).rejects.toMatchObject({ code: 'call.withdrawn', params: { entry: 'notes__do_it' } })
    await expect(limits.admit(aJudgedCall(), AbortSignal.abort(new Error('gone')))).rejects.toMatchObject({
      code: 'call.withdrawn',
    })
    first.release()
    ;(await third).release()
    expect(limits.load(aJudgedCall().server.name)).toEqual({ running: 0, waiting: 0 })
  })

  it('of one server do not hold up another', async () => {
    const limits = limited({ concurrency: 1 })
    await limits.admit(aJudgedCall('one'), never)
    await expect(limits.admit(aJudgedCall('two'), never)).resolves.toBeDefined()
  })
})

describe('deadlines', () => {
  const over = (signal: AbortSignal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)))

  it('abort with a reason that names the entry and the seconds', async () => {
    const { deadline, deadlineMs } = await limited({ deadlineMs: 150 }).admit(aJudgedCall(), never)
    expect(deadlineMs).toBe(150)
    expect(await over(deadline)).toMatchObject({
      code: 'limits.deadline',
      params: { entry: 'notes__do_it', seconds: '1' },
    })
  })

  it('start at admission, not while a call waits for its turn', async () => {
    const limits = limited({ concurrency: 1, deadlineMs: 400 })
    const first = await limits.admit(aJudgedCall(), never)
    const second = limits.admit(aJudgedCall(), never)
    await over(first.deadline)
    first.release()
    expect((await second).deadline.aborted).toBe(false)
  })

  it('never fire once a call is over', async () => {
    const limits = limited({ deadlineMs: 50 })
    const ended = await limits.admit(aJudgedCall(), never)
    ended.release()
    const other = await limits.admit(aJudgedCall(), never)
    await over(other.deadline)
    expect(ended.deadline.aborted).toBe(false)
  })

  it('do not count sleep', async () => {
    const clock = { ms: 0 }
    const deadlines = new Deadlines(new AwakeClock(() => clock.ms))
    const { signal } = deadlines.start(60_000, () => new Error('over'))
    clock.ms += 3_600_000
    const witness = deadlines.start(1, () => new Error('tick'))
    clock.ms += 2
    await over(witness.signal)
    expect(signal.aborted).toBe(false)
    for (let step = 0; step < 3; step++) {
      clock.ms += 20_000
      const tick = deadlines.start(0, () => new Error('tick'))
      await over(tick.signal)
    }
    expect(signal.aborted).toBe(true)
    deadlines.stop()
  })
  it('do not count a short sleep either, when the system says it woke', async () => {
    const clock = { ms: 0 }
    const deadlines = new Deadlines(new AwakeClock(() => clock.ms))
    const { signal } = deadlines.start(1_000, () => new Error('over'))
    clock.ms += 20_000
    deadlines.woke()
    clock.ms += 2
    const witness = deadlines.start(0, () => new Error('tick'))
    await over(witness.signal)
    expect(signal.aborted).toBe(false)
    deadlines.stop()
  })
})

describe('calls their server works on as tasks of its own', () => {
  it('hold no slot, but are not without number either', async () => {
    const limits = limited({ concurrency: 1, queue: 0 })
    const atWork = []
    for (let n = 0; n < 200; n++) {
      const admission = await limits.admit(aJudgedCall(), never)
      admission.atWork()
      atWork.push(admission)
    }
    expect(limits.load('notes' as JudgedCall['server']['name']).running).toBe(0)
    const last = await limits.admit(aJudgedCall(), never)
    last.atWork()
    await expect(limits.admit(aJudgedCall(), never)).rejects.toMatchObject({ code: 'limits.busy' })
    atWork[0]?.release()
    atWork[0]?.release()
    last.atWork()
    await expect(limits.admit(aJudgedCall(), never)).resolves.toBeDefined()
    limits.stop()
  })
})
