import { describe, expect, it } from 'vitest'
import { AnswerStore } from '../../main/approvals/answer-store.ts'
import { sha256 } from '../../main/approvals/approval.ts'
import { type StandingRule, sameAnswers } from '../../main/approvals/same-answers.ts'
import { markedValue } from '../../main/approvals/shared-values.ts'
import { countAnswer, historyOf } from '../../main/compose/counted-answers.ts'
import { openDatabase } from '../../main/store/database.ts'
import type { JudgedCall } from '../../shared/domain/call.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aCall, aDesk, anEntry, settled } from './a-desk.ts'

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
    const expired = counts.map((one) => ({ ...one, answer: 'expired' as const }))
    expect([sameAnswers(expired), sameAnswers([...counts, ...expired])]).toEqual([[], sameAnswers(counts)])
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

describe('what was always answered the same way', () => {
  const at = 1_000 as EpochMs
  const asked = {
    client: 'Editor',
    workspace: 'default',
    server: 'notes',
    tool: 'notes__add',
    answer: 'once' as const,
    count: 3,
    firstAt: at,
    lastAt: at,
  }
  const aRule = (change: Partial<StandingRule> = {}): StandingRule => ({
    effect: 'allow',
    scope: 'rule',
    client: 'Editor',
    tool: 'notes__*',
    createdAt: at,
    ...change,
  })
  const named = (rule: StandingRule, change = {}) => sameAnswers([{ ...asked, ...change }], [rule]).length === 1

  it('is named no more once a rule or a remembered answer for the tool says it', () => {
    for (const effect of ['allow', 'ask', 'deny'] as const) expect(named(aRule({ effect }))).toBe(false)
    expect(named(aRule({ createdAt: 1 as EpochMs, client: '*' }))).toBe(false)
    expect(named(aRule({ scope: 'tool', tool: 'notes__add' }))).toBe(false)
  })

  it('is still named beside rules for another app or tool, for one session, and for the command line beside those of apps', () => {
    for (const change of [{ client: 'Other' }, { tool: 'notes__remove' }, { scope: 'session' }] as const)
      expect(named(aRule(change))).toBe(true)
    expect(named(aRule({ client: '*' }), { client: 'cli' })).toBe(true)
    expect(named(aRule({ client: 'cli' }), { client: 'cli' })).toBe(false)
  })

  it('is named again where a rule for part of it left more to ask', () => {
    const partly = aRule({ conditions: { labels: ['private'] } })
    expect(named(partly)).toBe(false)
    expect(named(partly, { lastAt: 2_000 })).toBe(true)
    expect(named(aRule({ path: '/docs' }), { lastAt: 2_000 })).toBe(true)
  })
})

describe('an answer for values among the arguments', () => {
  const mark = markedValue(Buffer.alloc(32, 1))
  const aValuesDesk = () => {
    const answers = new AnswerStore(openDatabase(':memory:'))
    const desk = aDesk({
      answers: (client, entry) => answers.of(client, entry),
      markValue: mark,
      auditNote: (note) => countAnswer(answers, note, mark),
    })
    const asked = async (args: JsonObject, change: Parameters<typeof aCall>[1] & Partial<JudgedCall> = {}) => {
      const call = { ...aCall(args, change), paths: [], ...change }
      const done = desk.approvals.clear(call).catch((error: Error) => error)
      await settled()
      const question = desk.approvals.pending()[0]
      if (question === undefined) throw new Error('nothing was asked')
      const decide = async (decision: 'allow' | 'deny', scope: 'once' | 'values' = 'once') => {
        await desk.approvals.decide({ id: question.id, decision, scope, count: 1 }, 'window')
        await done
      }
      return { question, decide }
    }
    const thrice = async (of: (n: number) => JsonObject, change = {}) => {
      for (const n of [1, 2, 3]) await (await asked(of(n), change)).decide('allow')
    }
    return { ...desk, answers, asked, thrice }
  }
  const issue = (n: number) => ({ repo: 'ada/site', title: `issue ${n}`, body: `It broke.\nTwice, ${n}.` })

  it('is offered when three yeses share them, and says what it would allow; its count tells nothing of them', async () => {
    const desk = aValuesDesk()
    await desk.thrice(issue)
    const { question, decide } = await desk.asked(issue(4))
    expect(scopes({ question })).toEqual(['once', 'session', 'arguments', 'values', 'tool'])
    expect(question.scopes.find(({ scope }) => scope === 'values')?.consequence).toContain(
      'whenever repo is “ada/site”, whatever its other arguments are, as long as these name no file, no address and no command',
    )
    await decide('allow', 'values')
    expect(desk.remembered).toEqual([
      expect.objectContaining({ scope: 'values', values: { '/repo': 'ada/site' }, pin: expect.any(String) }),
    ])
    expect(desk.answers.all(100).map(({ place }) => place)).toEqual([undefined, undefined])
    const { entry, client } = aCall()
    expect([...desk.answers.of(client.id, entry.name).places.keys()].join()).not.toContain('ada')
  })

  it('is not offered for other values, after a no, for another pin, or where nothing is left to vary', async () => {
    const desk = aValuesDesk()
    await desk.thrice(issue)
    const other = await desk.asked({ ...issue(4), repo: 'eve/site' })
    expect(scopes(other)).not.toContain('values')
    await other.decide('deny')
    const changed = await desk.asked(issue(5), { entry: anEntry({ pin: sha256('pin 2') }) })
    expect(scopes(changed)).not.toContain('values')
    await changed.decide('deny')
    await (await desk.asked(issue(6))).decide('deny')
    expect(scopes(await desk.asked(issue(7)))).not.toContain('values')
    const same = aValuesDesk()
    await same.thrice(() => ({ repo: 'ada/site' }))
    expect(scopes(await same.asked({ repo: 'ada/site' }))).not.toContain('values')
  })

  const never: readonly (readonly [what: string, args: (n: number) => JsonObject, change?: object])[] = [
    ['a secret', (n: number) => ({ token: 'abc', n })],
    ['what filters found something in', (n: number) => ({ repo: 'a/b', n }), { labels: ['secret'] }],
    ['a command', (n: number) => ({ what: 'git status', n }), { commands: ['git status'] }],
    ['a text', (n: number) => ({ what: 'please do this and also that', n })],
    ['what a rule would read as a pattern', (n: number) => ({ repo: 'a/*', n })],
    ['characters nobody sees', (n: number) => ({ repo: 'a/b\u200b', n })],
  ]
  it.each(never.map(([what, args, change]) => ({ what, args, change })))(
    'is never offered for $what',
    async ({ args, change = {} }) => {
      const desk = aValuesDesk()
      await desk.thrice(args, change)
      expect(scopes(await desk.asked(args(4), change))).not.toContain('values')
    },
  )
})
