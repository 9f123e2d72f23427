import { describe, expect, it } from 'vitest'
import { AnswerStore, sameAnswers } from '../../main/approvals/answer-store.ts'
import { countAnswer, historyOf } from '../../main/compose/counted-answers.ts'
import { openDatabase } from '../../main/store/database.ts'
import { aCall, aDesk, settled } from './a-desk.ts'

/** A desk whose answers are counted, as compose connects them. */
function aCountingDesk() {
  const answers = new AnswerStore(openDatabase(':memory:'))
  const desk = aDesk({
    answers: (client, entry) => answers.of(client, entry),
    auditNote: (note) => countAnswer(answers, note),
  })
  const asked = async (path: string, change: Parameters<typeof aCall>[1] = {}) => {
    const call = aCall({ path, content: path }, change)
    const done = desk.approvals.clear(call).catch((error: Error) => error)
    await settled()
    const question = desk.approvals.pending()[0]
    if (question === undefined) throw new Error('nothing was asked')
    return { question, done }
  }
  const answered = async (path: string, decision: 'allow' | 'deny', change: Parameters<typeof aCall>[1] = {}) => {
    const { question, done } = await asked(path, change)
    await desk.approvals.decide({ id: question.id, decision, scope: 'once', count: 1 }, 'window')
    await done
    return { question }
  }
  return { ...desk, answers, asked, answered }
}
const scopes = ({ question }: { question: { scopes: readonly { scope: string }[] } }) =>
  question.scopes.map(({ scope }) => scope)

describe('an answer for a whole folder', () => {
  it('is offered after three yeses inside it, and says what it would allow', async () => {
    const { asked, answered } = aCountingDesk()
    for (const path of ['plans/a.md', 'plans/b.md', 'plans/c.md']) {
      expect(scopes(await answered(path, 'allow'))).not.toContain('folder')
    }
    const next = await asked('plans/d.md')
    expect(scopes(next)).toEqual(['once', 'session', 'arguments', 'folder', 'tool'])
    expect(next.question.scopes.find(({ scope }) => scope === 'folder')?.consequence).toBe(
      'Editor may use write_file on anything inside /docs/plans without asking, until you take it back. You allowed it 3 times there.',
    )
  })

  it('remembers exactly the folder that was offered', async () => {
    const desk = aCountingDesk()
    for (const path of ['a/1', 'a/2', 'b/3']) await desk.answered(path, 'allow')
    const { question, done } = await desk.asked('a/4')
    expect(question.scopes.map(({ consequence }) => consequence).join()).toContain('inside /docs without')
    await desk.approvals.decide({ id: question.id, decision: 'allow', scope: 'folder', count: 1 }, 'window')
    await done
    expect(desk.remembered).toEqual([expect.objectContaining({ scope: 'folder', folder: '/docs' })])
  })

  it('is never offered beyond the folder the server was given, nor after a no', async () => {
    const desk = aCountingDesk()
    for (const path of ['1', '2', '3']) await desk.answered(path, 'allow')
    await desk.answered('4', 'deny')
    expect(scopes(await desk.asked('5'))).not.toContain('folder')
    const other = aCountingDesk()
    for (const real of ['/elsewhere/1', '/elsewhere/2', '/elsewhere/3']) await other.answered(real, 'allow', { real })
    expect(scopes(await other.asked('x', { real: '/elsewhere/4' }))).not.toContain('folder')
  })

  it('is never offered for what is risky, deletes or runs', async () => {
    for (const verdict of [{ risk: 'high' }, { action: 'delete' }, { action: 'run' }] as const) {
      const desk = aCountingDesk()
      for (const path of ['1', '2', '3']) await desk.answered(path, 'allow', { verdict })
      expect(scopes(await desk.asked('4', { verdict }))).not.toContain('folder')
    }
  })

  it('cannot be given where it was not offered', async () => {
    const desk = aCountingDesk()
    const { question } = await desk.asked('1')
    const answer = { id: question.id, decision: 'allow' as const, scope: 'folder' as const, count: 1 }
    await expect(desk.approvals.decide(answer, 'window')).rejects.toThrow('input.invalid')
  })
})

it('offers nothing but “once” for what is of critical risk', async () => {
  const desk = aCountingDesk()
  expect(scopes(await desk.asked('1', { verdict: { risk: 'critical' } }))).toEqual(['once'])
})

describe('answers', () => {
  it('are counted by app, tool and place, and say what was always answered the same way', async () => {
    const desk = aCountingDesk()
    for (const path of ['a', 'b', 'c']) await desk.answered(path, 'allow')
    const counts = desk.answers.all(100)
    expect(counts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ client: 'Editor', tool: 'filesystem__write_file', answer: 'once', count: 3 }),
        expect.objectContaining({ place: '/docs', answer: 'once', count: 3 }),
      ]),
    )
    expect(sameAnswers(counts)).toEqual([
      { client: 'Editor', tool: 'filesystem__write_file', answer: 'allow', count: 3 },
    ])
    await desk.answered('d', 'deny')
    expect(sameAnswers(desk.answers.all(100))).toEqual([])
    expect(historyOf(desk.answers.of('cl_editor' as never, 'filesystem__write_file'))).toEqual({
      allowed: 3,
      denied: 1,
      destinations: new Set(['/docs']),
    })
  })

  it('that were not given say nothing of the person when the call was withdrawn', async () => {
    const desk = aCountingDesk()
    const call = aCall()
    const done = desk.approvals.clear(call).catch(() => undefined)
    await settled()
    call.cancel.abort()
    await done
    expect(desk.answers.all(100)).toEqual([])
  })

  it('of a revoked client are forgotten', async () => {
    const desk = aCountingDesk()
    await desk.answered('a', 'allow')
    desk.answers.forget('cl_editor' as never)
    expect(desk.answers.all(100)).toEqual([])
    expect(desk.answers.of('cl_editor' as never, 'filesystem__write_file').allowed).toBe(0)
  })
})
