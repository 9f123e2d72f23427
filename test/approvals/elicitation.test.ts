import { describe, expect, it } from 'vitest'
import { answersTo, elicitationOf } from '../../main/approvals/elicitation.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aDesk } from './a-desk.ts'

const form = (properties: JsonObject, required: string[] = []): JsonObject => ({
  mode: 'form',
  message: 'Please fill in',
  requestedSchema: { type: 'object', properties, required },
})
const asker = { server: 'notes', client: 'Editor', tool: 'ask', workspace: 'default' }
const asked = (params: JsonObject) => ({ ...asker, params, signal: new AbortController().signal })

describe('a form of a server', () => {
  it('shows every kind of field, and nothing the server would fill in', () => {
    const shown = elicitationOf(
      form(
        {
          name: { type: 'string', title: 'Your name', default: 'John' },
          age: { type: 'integer', default: 3 },
          fine: { type: 'boolean', default: true },
          colour: { type: 'string', enum: ['r', 'g'], enumNames: ['Red', 'Green'], default: 'r' },
          size: { type: 'string', oneOf: [{ const: 's', title: 'Small' }] },
          tags: { type: 'array', items: { anyOf: [{ const: 'a', title: 'A' }] } },
        },
        ['name'],
      ),
    )
    expect(shown?.fields.map(({ name, kind }) => [name, kind])).toEqual([
      ['name', 'text'],
      ['age', 'integer'],
      ['fine', 'yes-no'],
      ['colour', 'choice'],
      ['size', 'choice'],
      ['tags', 'choices'],
    ])
    expect(shown?.fields[0]).toEqual({ name: 'name', label: 'Your name', kind: 'text', required: true, options: [] })
    expect(shown?.fields[3]?.options).toEqual([
      { value: 'r', label: 'Red' },
      { value: 'g', label: 'Green' },
    ])
    expect(JSON.stringify(shown)).not.toContain('John')
  })

  it.each([
    ['a password by its name', { password: { type: 'string' } }],
    ['a key in other words', { k: { type: 'string', title: 'API key' } }],
    ['a key named as programs do', { accessToken: { type: 'string' } }],
    ['a format', { word: { type: 'string', format: 'password' } }],
    ['a card', { n: { type: 'string', description: 'Your card number' } }],
    ['a list of texts of one’s own', { list: { type: 'array', items: { type: 'string' } } }],
    ['an object', { deep: { type: 'object' } }],
  ])('is not shown when it asks for %s', (_, properties) => {
    expect(elicitationOf(form(properties))).toBeUndefined()
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'not an address'])('never shows the address %s', (url) => {
    expect(elicitationOf({ mode: 'url', message: 'Open', url })).toBeUndefined()
  })

  it('takes only answers that fit', () => {
    const shown = elicitationOf(form({ age: { type: 'integer' }, colour: { type: 'string', enum: ['r'] } }, ['age']))
    const fields = shown?.fields ?? []
    expect(answersTo({ fields }, { age: 3, colour: 'r', more: 1 })).toEqual({ content: { age: 3, colour: 'r' } })
    expect(answersTo({ fields }, { age: 3 })).toEqual({ content: { age: 3 } })
    expect(answersTo({ fields }, {})).toEqual({ misfit: 'age' })
    expect(answersTo({ fields }, { age: 'x' })).toEqual({ misfit: 'age' })
    expect(answersTo({ fields }, { age: 1, colour: 'blue' })).toEqual({ misfit: 'colour' })
  })
})

describe('what a server asks the person', () => {
  it('is shown, and goes back as it was entered', async () => {
    const desk = aDesk()
    const answer = desk.approvals.elicit(asked(form({ name: { type: 'string' } }, ['name'])))
    const question = await desk.question()
    expect(question).toMatchObject({
      title: 'notes asks you something, while Editor uses it',
      subject: { kind: 'elicitation', server: 'notes', tool: 'ask', message: 'Please fill in' },
      scopes: [{ scope: 'once' }],
    })
    await expect(desk.allow(question.id)).rejects.toMatchObject({ code: 'input.invalid' })
    await desk.allow(question.id, { answers: { name: 'Ada' } })
    expect(await answer).toEqual({ action: 'accept', content: { name: 'Ada' } })
    expect(JSON.stringify(desk.notes)).not.toContain('Ada')
    expect(JSON.stringify(desk.approvals.show(question.id))).not.toContain('Ada')
  })

  it('is declined by “no”, cancelled by silence, and declined unseen when it is for a secret', async () => {
    const desk = aDesk()
    const declined = desk.approvals.elicit(asked(form({ name: { type: 'string' } })))
    await desk.deny((await desk.question()).id)
    expect(await declined).toEqual({ action: 'decline' })
    const silent = desk.approvals.elicit(asked(form({ name: { type: 'string' } })))
    await desk.question()
    await desk.clock.pass(301_000)
    expect(await silent).toEqual({ action: 'cancel' })
    expect(await desk.approvals.elicit(asked(form({ password: { type: 'string' } })))).toEqual({ action: 'decline' })
    expect(desk.asked).toHaveLength(2)
  })

  it('is an address the person opens', async () => {
    const desk = aDesk()
    const answer = desk.approvals.elicit(asked({ mode: 'url', message: 'Sign in', url: 'https://example.com/' }))
    const question = await desk.question()
    expect(question.subject).toMatchObject({ url: 'https://example.com/', fields: [] })
    await desk.allow(question.id)
    expect(await answer).toEqual({ action: 'accept' })
  })
})
