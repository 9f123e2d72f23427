import { describe, expect, it } from 'vitest'
import { sha256 } from '../../main/approvals/approval.ts'
import { aCall, aDesk, anEntry, aServer, editor, other, settled } from './a-desk.ts'

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: { code?: string }) => error.code,
  )

describe('clear', () => {
  it('lets an allowed call pass without a question', async () => {
    const desk = aDesk()
    await expect(desk.approvals.clear(aCall({}, { verdict: { effect: 'allow' } }))).resolves.toEqual({ by: 'rule' })
    expect(desk.asked).toEqual([])
  })

  it('asks before a client writes, and lets the call go on once the person agrees', async () => {
    const desk = aDesk()
    const cleared = desk.approvals.clear(aCall())
    const question = await desk.question()
    expect(question.title).toBe('Editor wants to write notes.md')
    expect(question.scopes.map(({ scope }) => scope)).toEqual(['once', 'session', 'arguments', 'tool'])
    expect(await desk.allow(question.id)).toBe(true)
    await expect(cleared).resolves.toMatchObject({ by: 'approval', id: question.id })
    expect(desk.ended).toEqual([{ id: question.id, state: 'approved' }])
    expect(desk.notes).toMatchObject([{ id: question.id, state: 'approved', by: 'window', scope: 'once' }])
  })

  it('tells the model the person’s reason for a no', async () => {
    const desk = aDesk()
    const cleared = desk.approvals.clear(aCall())
    const { id } = await desk.question()
    await desk.deny(id, 'Use another folder.')
    await expect(cleared).rejects.toMatchObject({
      code: 'approvals.denied',
      params: { reason: 'Use another folder.' },
    })
  })

  it('keeps the first answer', async () => {
    const desk = aDesk()
    const cleared = codeOf(desk.approvals.clear(aCall()))
    const { id } = await desk.question()
    expect(await desk.deny(id)).toBe(true)
    expect(await desk.allow(id)).toBe(false)
    expect(await cleared).toBe('approvals.denied')
    await expect(desk.allow('ap_nothing' as never)).rejects.toMatchObject({ code: 'approvals.unknown' })
  })

  it('makes one question of identical calls, and “once” releases exactly one of them', async () => {
    const desk = aDesk()
    const done: number[] = []
    const calls = Array.from({ length: 100 }, () => desk.approvals.clear(aCall()))
    for (const [index, call] of calls.entries()) call.then(() => done.push(index)).catch(() => {})
    const first = await desk.question()
    await settled()
    expect(desk.approvals.pending()).toHaveLength(1)
    expect(desk.approvals.pending()[0]?.count).toBe(100)
    await desk.allow(first.id)
    await settled()
    expect(done).toHaveLength(1)
    const rest = await desk.question()
    expect(rest.id).not.toBe(first.id)
    expect(rest.count).toBe(99)
    await desk.allow(rest.id, { count: 9 })
    await settled()
    expect(done).toHaveLength(10)
    await desk.deny((await desk.question()).id)
    expect((await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    expect(desk.approvals.pending()).toEqual([])
  })

  it('asks separately about other arguments, another client and another pin', async () => {
    const desk = aDesk()
    const all = [
      aCall(),
      aCall({ path: 'notes.md', content: 'other' }),
      aCall(undefined, { client: other }),
      aCall(undefined, { entry: anEntry({ pin: sha256('pin 2') }) }),
      aCall(undefined, { server: aServer({ sandbox: 1 }) }),
    ]
    for (const call of all) desk.approvals.clear(call).catch(() => {})
    await settled()
    expect(desk.approvals.pending()).toHaveLength(all.length)
  })

  it('ends an unanswered question after five minutes as not allowed', async () => {
    const desk = aDesk({ settings: () => ({ patienceMs: 600_000 }) })
    const cleared = codeOf(desk.approvals.clear(aCall()))
    const { id } = await desk.question()
    await desk.clock.pass(299_999)
    expect(desk.approvals.pending()).toHaveLength(1)
    await desk.clock.pass(1)
    expect(await cleared).toBe('approvals.expired')
    expect(await desk.allow(id)).toBe(false)
    expect(desk.notes).toMatchObject([{ id, state: 'expired' }])
  })

  it('withdraws the question when its only call is cancelled, not while another waits', async () => {
    const desk = aDesk()
    const [one, two] = [aCall(), aCall()]
    const first = codeOf(desk.approvals.clear(one))
    const second = codeOf(desk.approvals.clear(two))
    await settled()
    one.cancel.abort()
    expect(await first).toBe('approvals.cancelled')
    expect(desk.approvals.pending()[0]?.count).toBe(1)
    two.cancel.abort()
    expect(await second).toBe('approvals.cancelled')
    expect(desk.approvals.pending()).toEqual([])
    expect(desk.ended).toMatchObject([{ state: 'cancelled' }])
  })

  it('does not ask for a call that was cancelled before', async () => {
    const desk = aDesk()
    const call = aCall()
    call.cancel.abort()
    expect(await codeOf(desk.approvals.clear(call))).toBe('approvals.cancelled')
    expect(desk.approvals.pending()).toEqual([])
  })

  it('shows signs of life at once and every ten seconds, always growing', async () => {
    const desk = aDesk()
    const call = aCall()
    const cleared = desk.approvals.clear(call)
    const { id } = await desk.question()
    await settled()
    expect(call.sent).toEqual([{ progress: 1, message: 'Waiting for your approval in Gatehouse' }])
    await desk.clock.pass(30_000)
    expect(call.sent.map(({ progress }) => progress)).toEqual([1, 2, 3, 4])
    await desk.allow(id)
    await cleared
    await desk.clock.pass(60_000)
    expect(call.sent).toHaveLength(4)
  })

  it('limits the questions a client may have open', async () => {
    const desk = aDesk()
    for (let n = 0; n < 20; n++) desk.approvals.clear(aCall({ path: `${n}.md` })).catch(() => {})
    await expect(desk.approvals.clear(aCall({ path: 'one more.md' }))).rejects.toMatchObject({
      code: 'approvals.flood',
      params: { client: 'Editor' },
    })
    await settled()
    expect(desk.approvals.pending()).toHaveLength(20)
    desk.approvals.clear(aCall({ path: '3.md' })).catch(() => {})
    desk.approvals.clear(aCall(undefined, { client: other })).catch(() => {})
    await settled()
    expect(desk.approvals.pending()).toHaveLength(21)
  })
})

describe('an answer that comes after the client was told to wait', () => {
  const waiting = async (desk: ReturnType<typeof aDesk>) => {
    const cleared = codeOf(desk.approvals.clear(aCall()))
    const { id } = await desk.question()
    await desk.clock.pass(45_000)
    expect(await cleared).toBe('approvals.waiting')
    expect(desk.approvals.pending().map((question) => question.id)).toEqual([id])
    return id
  }

  it('is honoured once when the same call comes again', async () => {
    const desk = aDesk()
    const id = await waiting(desk)
    await desk.allow(id)
    await expect(desk.approvals.clear(aCall())).resolves.toMatchObject({ by: 'approval', id })
    desk.approvals.clear(aCall()).catch(() => {})
    expect((await desk.question()).id).not.toBe(id)
  })

  it('is given to one of two calls that come at the same moment', async () => {
    const desk = aDesk()
    const id = await waiting(desk)
    await desk.allow(id)
    const answers: unknown[] = []
    for (const call of [aCall(), aCall()]) desk.approvals.clear(call).then((clearance) => answers.push(clearance))
    await settled()
    expect(answers).toHaveLength(1)
    expect(desk.approvals.pending()).toHaveLength(1)
  })

  it('is not honoured for another client, other arguments, a changed tool or a changed sandbox', async () => {
    const desk = aDesk()
    await desk.allow(await waiting(desk))
    for (const call of [
      aCall(undefined, { client: other }),
      aCall({ path: 'notes.md', content: 'evil' }),
      aCall(undefined, { entry: anEntry({ pin: sha256('changed') }) }),
      aCall(undefined, { server: aServer({ sandbox: 0 }) }),
    ]) {
      const before = desk.approvals.pending().length
      desk.approvals.clear(call).catch(() => {})
      await settled()
      expect(desk.approvals.pending()).toHaveLength(before + 1)
    }
  })

  it('is not honoured after ten minutes', async () => {
    const desk = aDesk()
    await desk.allow(await waiting(desk))
    await desk.clock.pass(600_000)
    desk.approvals.clear(aCall()).catch(() => {})
    await settled()
    expect(desk.approvals.pending()).toHaveLength(1)
  })

  it('reaches the call through its id, for the same client only', async () => {
    const desk = aDesk()
    const id = await waiting(desk)
    expect(desk.approvals.held(id, editor)).toEqual({
      method: 'tools/call',
      target: 'filesystem__write_file',
      arguments: { path: 'notes.md', content: 'hi' },
    })
    expect(() => desk.approvals.held(id, other)).toThrow('approvals.unknown')
    await desk.allow(id)
    expect(desk.approvals.held(id, editor).target).toBe('filesystem__write_file')
    await desk.approvals.clear(aCall())
    expect(() => desk.approvals.held(id, editor)).toThrow('approvals.unknown')
  })

  it('joins the same question when the call comes again before the answer', async () => {
    const desk = aDesk()
    const id = await waiting(desk)
    const again = desk.approvals.clear(aCall())
    await settled()
    expect(desk.approvals.pending()).toMatchObject([{ id, count: 1 }])
    await desk.allow(id)
    await expect(again).resolves.toMatchObject({ id })
  })

  it('tells a no once, and then asks again', async () => {
    const desk = aDesk()
    const id = await waiting(desk)
    await desk.deny(id, 'no')
    expect(await codeOf(desk.approvals.clear(aCall()))).toBe('approvals.denied')
    desk.approvals.clear(aCall()).catch(() => {})
    await settled()
    expect(desk.approvals.pending()).toHaveLength(1)
    expect(() => desk.approvals.held(id, editor)).toThrow('approvals.denied')
  })

  it('can be taken back before it is used', async () => {
    const desk = aDesk()
    const id = await waiting(desk)
    await desk.allow(id)
    expect(await desk.approvals.withdraw(id)).toBe(true)
    desk.approvals.clear(aCall()).catch(() => {})
    await settled()
    expect(desk.approvals.pending()).toHaveLength(1)
  })

  it('comes sooner for a client that was twice seen to give up after the same time', async () => {
    const desk = aDesk()
    const withdrawnAfter = async (ms: number) => {
      const call = aCall()
      const cleared = codeOf(desk.approvals.clear(call))
      await desk.question()
      await desk.clock.pass(ms)
      call.cancel.abort()
      return cleared
    }
    expect(await withdrawnAfter(12_000)).toBe('approvals.cancelled')
    expect(await withdrawnAfter(30_000)).toBe('approvals.cancelled')
    expect(await withdrawnAfter(30_100)).toBe('approvals.cancelled')
    expect(await withdrawnAfter(24_000)).toBe('approvals.waiting')
  })

  it('is gone when the client is revoked', async () => {
    const desk = aDesk()
    await desk.allow(await waiting(desk))
    const open = codeOf(desk.approvals.clear(aCall({ path: 'b.md' })))
    await desk.question()
    await desk.approvals.withdrawClient(editor.id)
    expect(await open).toBe('approvals.cancelled')
    desk.approvals.clear(aCall()).catch(() => {})
    await settled()
    expect(desk.approvals.pending()).toHaveLength(1)
  })
})

describe('a decision', () => {
  it('that reaches further is remembered, bound to what was shown, before the call goes on', async () => {
    const desk = aDesk()
    const cleared = desk.approvals.clear(aCall())
    const { id } = await desk.question()
    await desk.allow(id, { scope: 'arguments', until: 5 })
    await cleared
    expect(desk.remembered).toMatchObject([
      {
        approval: id,
        scope: 'arguments',
        until: 5,
        clientId: editor.id,
        entry: 'filesystem__write_file',
        canonical: '{"content":"hi","path":"notes.md"}',
        pin: anEntry().pin,
        by: 'window',
      },
    ])
  })

  it('for a session releases calls of that session only; the same call of another one is still asked', async () => {
    const desk = aDesk()
    const clear = (session: string) => desk.approvals.clear(aCall(undefined, { session }))
    const own = clear('se_1')
    const others = [clear('se_2'), clear('se_2')]
    const first = await desk.question()
    await desk.allow(first.id, { scope: 'session' })
    await expect(own).resolves.toMatchObject({ id: first.id })
    const second = await desk.question()
    expect(second).toMatchObject({ count: 2 })
    expect(second.id).not.toBe(first.id)
    await desk.allow(second.id, { scope: 'session' })
    await expect(Promise.all(others)).resolves.toMatchObject([{ id: second.id }, { id: second.id }])
    expect(desk.remembered.map(({ sessionId }) => sessionId)).toEqual(['se_1', 'se_2'])
  })

  it('for a session is for the one that still waits, when the one that asked first withdrew', async () => {
    const desk = aDesk()
    const gone = aCall()
    const withdrawn = codeOf(desk.approvals.clear(gone))
    const waits = desk.approvals.clear(aCall(undefined, { session: 'se_2' }))
    const { id } = await desk.question()
    gone.cancel.abort()
    expect(await withdrawn).toBe('approvals.cancelled')
    await desk.allow(id, { scope: 'session' })
    await expect(waits).resolves.toMatchObject({ id })
    expect(desk.remembered).toMatchObject([{ sessionId: 'se_2' }])
  })

  it('for a tool releases every session’s call', async () => {
    const desk = aDesk()
    const cleared = ['se_1', 'se_2'].map((session) => desk.approvals.clear(aCall(undefined, { session })))
    const { id } = await desk.question()
    await desk.allow(id, { scope: 'tool' })
    await expect(Promise.all(cleared)).resolves.toMatchObject([{ id }, { id }])
  })

  it('that cannot be recorded is not remembered, and leaves the question open', async () => {
    const desk = aDesk({
      auditNote: () => {
        throw new Error('disk full')
      },
    })
    desk.approvals.clear(aCall()).catch(() => {})
    const { id } = await desk.question()
    await expect(desk.allow(id, { scope: 'tool' })).rejects.toThrow('disk full')
    expect(desk.remembered).toEqual([])
    expect(desk.approvals.pending()).toHaveLength(1)
  })

  it('that cannot be remembered leaves the question open', async () => {
    const desk = aDesk({
      remember: () => {
        throw new Error('disk full')
      },
    })
    desk.approvals.clear(aCall()).catch(() => {})
    const { id } = await desk.question()
    await expect(desk.allow(id, { scope: 'tool' })).rejects.toThrow('disk full')
    expect(desk.approvals.pending()).toHaveLength(1)
    expect(await desk.deny(id)).toBe(true)
  })

  it('about a tool or a server that changed meanwhile counts for nothing', async () => {
    for (const change of [
      { entry: anEntry({ pin: sha256('changed') }) },
      { entry: anEntry({ quarantine: 'changed' as const }) },
      { server: aServer({ sandbox: 0 }) },
    ]) {
      const desk = aDesk()
      const cleared = codeOf(desk.approvals.clear(aCall()))
      const { id } = await desk.question()
      Object.assign(desk.now, change)
      await expect(desk.allow(id)).rejects.toMatchObject({ code: 'approvals.stale' })
      expect(await cleared).toBe('approvals.stale')
    }
  })

  it('is looked at again just before the call is sent', async () => {
    const desk = aDesk()
    const call = aCall()
    const cleared = desk.approvals.clear(call)
    await desk.allow((await desk.question()).id)
    const clearance = await cleared
    expect(() => desk.approvals.confirm(call, clearance)).not.toThrow()
    Object.assign(desk.now, { server: aServer({ allowedPaths: [{ path: '/', access: 'write' }] }) })
    expect(() => desk.approvals.confirm(call, clearance)).toThrow('approvals.stale')
  })

  it('may only use a scope that was offered; the command line is offered “once” alone', async () => {
    const desk = aDesk()
    desk.approvals.clear(aCall(undefined, { door: 'cli' })).catch(() => {})
    const { id, scopes } = await desk.question()
    expect(scopes.map(({ scope }) => scope)).toEqual(['once'])
    await expect(desk.allow(id, { scope: 'tool' })).rejects.toMatchObject({ code: 'input.invalid' })
    expect(desk.remembered).toEqual([])
  })

  it('shows the last approved arguments of the same tool next time', async () => {
    const desk = aDesk()
    const first = desk.approvals.clear(aCall())
    await desk.allow((await desk.question()).id)
    await first
    desk.approvals.clear(aCall({ path: 'notes.md', content: 'more' })).catch(() => {})
    expect((await desk.question()).subject).toMatchObject({ lastApproved: { path: 'notes.md', content: 'hi' } })
  })
})

describe('questions that are no calls', () => {
  const program = { pid: 7, name: 'editor', executable: '/usr/bin/editor', parents: ['bash'] }

  it('are answered like any other', async () => {
    const desk = aDesk()
    const answer = desk.approvals.askPerson({ kind: 'pair', clientName: 'Editor', program })
    const question = await desk.question()
    expect(question).toMatchObject({ title: 'Editor wants to connect to Gatehouse', program, count: 1 })
    await desk.allow(question.id)
    expect(await answer).toBe('allow')
  })

  it('mean no when nobody answers, or the asker leaves', async () => {
    const desk = aDesk()
    const unanswered = desk.approvals.askPerson({ kind: 'host', server: 'web', host: 'example.org' })
    await desk.clock.pass(300_000)
    expect(await unanswered).toBe('deny')
    const gone = new AbortController()
    const left = desk.approvals.askPerson({ kind: 'pair', clientName: 'Editor', signal: gone.signal })
    gone.abort()
    expect(await left).toBe('deny')
    expect(desk.approvals.pending()).toEqual([])
  })

  it('confirm each verb by itself', async () => {
    const desk = aDesk()
    const ask = () => desk.approvals.askPerson({ kind: 'verb', verb: 'servers add x', details: ['node x.js'] })
    const [first, second] = [ask(), ask()]
    const questions = desk.approvals.pending()
    expect(questions).toHaveLength(2)
    await desk.allow(questions[0]?.id as never)
    await desk.deny(questions[1]?.id as never)
    expect([await first, await second]).toEqual(['allow', 'deny'])
  })

  it('keep two programs under one name apart', () => {
    const desk = aDesk()
    void desk.approvals.askPerson({ kind: 'pair', clientName: 'Editor', program })
    void desk.approvals.askPerson({ kind: 'pair', clientName: 'Editor', program: { ...program, executable: '/evil' } })
    expect(desk.approvals.pending()).toHaveLength(2)
  })
})
