import { expect, it } from 'vitest'
import type { PersonAsk } from '../../main/approvals/person-questions.ts'
import { ScriptRegistration, type ScriptRegistrationParts } from '../../main/compose/script-registration.ts'
import { serverUnknown } from '../../shared/errors.ts'
import { editor } from '../permissions/a-call.ts'

const draft = { name: 'notes', command: 'node', args: ['notes.js'] }
const plan = { command: 'node notes.js', resolvedExecutable: '/usr/bin/node', mayTouch: [], warnings: [] }
type Api = ReturnType<ScriptRegistrationParts['api']>

/** Proposals whose questions are answered by hand. */
function aRegistration(patienceMs = 5) {
  const asked: PersonAsk[] = []
  const added: string[] = []
  let answer: (said: 'allow' | 'deny') => void = () => {}
  const registration = new ScriptRegistration({
    api: () =>
      ({
        servers: {
          plan: async () => plan,
          add: async ({ name }: { name: string }) => {
            if (name === 'broken') throw serverUnknown(name)
            added.push(name)
            return { tools: 3, state: 'stopped' }
          },
        },
      }) as unknown as Api,
    askPerson: (ask) => {
      asked.push(ask)
      return new Promise((said) => {
        answer = said
      })
    },
    patienceMs,
  })
  return { registration, asked, added, answer: (said: 'allow' | 'deny') => answer(said) }
}

it('tells a script that gave up waiting what the person said afterwards', async () => {
  const { registration, answer, added } = aRegistration()
  const waiting = await registration.propose(editor, draft)
  expect(waiting).toEqual({ state: 'waiting', proposal: expect.stringMatching(/^pr_/) })
  expect(await registration.outcome(editor, waiting.proposal)).toEqual(waiting)
  const later = aRegistration(60_000)
  const soon = await later.registration.propose(editor, draft, 0)
  const polling = later.registration.outcome(editor, soon.proposal, 60_000)
  later.answer('allow')
  expect(await polling).toMatchObject({ state: 'added', proposal: soon.proposal })
  answer('allow')
  await expect
    .poll(() => registration.outcome(editor, waiting.proposal))
    .toEqual({ state: 'added', proposal: waiting.proposal, server: { name: 'notes', state: 'stopped', tools: 3 } })
  expect(added).toEqual(['notes'])
})

it.each([
  ['the person refuses', 'notes', 'deny', 'approvals.denied'],
  ['what was agreed to cannot be added', 'broken', 'allow', 'server.unknown'],
] as const)('says why when %s', async (_, name, said, code) => {
  const { registration, answer, added } = aRegistration()
  const { proposal } = await registration.propose(editor, { ...draft, name })
  answer(said)
  const refused = { state: 'refused', proposal, error: { code, message: expect.stringMatching(/\w/) } }
  await expect.poll(() => registration.outcome(editor, proposal)).toEqual(refused)
  expect(added).toEqual([])
})

it('asks once for the same proposal, anew when it ended, and tells another client nothing of it', async () => {
  const { registration, asked, answer } = aRegistration()
  const first = await registration.propose(editor, draft)
  expect(await registration.propose(editor, draft)).toEqual(first)
  expect(asked).toHaveLength(1)
  const other = { ...editor, id: 'cl_other' as typeof editor.id }
  await expect(registration.outcome(other, first.proposal)).rejects.toMatchObject({ code: 'approvals.unknown' })
  await expect(registration.outcome(editor, 'pr_made-up')).rejects.toMatchObject({ code: 'approvals.unknown' })
  answer('deny')
  await expect.poll(async () => (await registration.outcome(editor, first.proposal)).state).toBe('refused')
  expect((await registration.propose(editor, draft)).proposal).not.toBe(first.proposal)
  expect(asked).toHaveLength(2)
})

it('forgets the oldest of very many', async () => {
  const { registration } = aRegistration(0)
  const first = await registration.propose(editor, draft)
  for (let n = 0; n < 200; n++) await registration.propose(editor, { ...draft, name: `notes-${n}` })
  await expect(registration.outcome(editor, first.proposal)).rejects.toMatchObject({ code: 'approvals.unknown' })
})
