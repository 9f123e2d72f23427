import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Person } from '../../main/supervisor/to-client.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aSupervisor, textOf } from '../support/a-supervisor.ts'

const fixture = join(resolve(import.meta.dirname, '..'), 'support', 'everything-fixture', 'main.ts')
let gatehouse: ReturnType<typeof aSupervisor>
afterEach(() => gatehouse.end())

/** A person who answers everything after a while, or is not there. */
function aPerson({ there = true, afterMs = 0 } = {}) {
  const asked: JsonObject[] = []
  const person: Person = {
    there: () => there,
    elicit: async (params) => {
      asked.push(params)
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      return { action: 'accept', content: { name: 'Ada', username: 'ada', email: 'a@b.c' } }
    },
  }
  return { person, asked }
}

async function served(option: '--earlier' | '--later', person: Person) {
  gatehouse = aSupervisor({ person })
  await gatehouse.add('fixture', [fixture, option])
}
const client = (protocol: string, capabilities: JsonObject = {}) => ({ peer: { protocol, capabilities } })
const elicits = { '--earlier': 'test_elicitation', '--later': 'test_input_required_result_elicitation' } as const

describe.each(['2025-11-25', '2026-07-28'])('a client of %s that cannot be asked', (protocol) => {
  it.each(['--earlier', '--later'] as const)(
    'is spared what a server (%s) asks: the person is asked',
    async (option) => {
      const { person, asked } = aPerson()
      await served(option, person)
      const reply = await gatehouse.call(`fixture__${elicits[option]}`, { message: 'Who?' }, client(protocol))
      expect(textOf(reply)).toMatch(/Ada|ada/)
      expect(asked).toMatchObject([{ requestedSchema: { type: 'object' } }])
    },
  )

  it('goes without where nobody is there', async () => {
    const { person, asked } = aPerson({ there: false })
    await served('--earlier', person)
    const reply = await gatehouse.call('fixture__test_elicitation', { message: 'Who?' }, client(protocol))
    expect(JSON.stringify(reply)).toMatch(/elicitation/i)
    expect(asked).toEqual([])
  })
})

it('a server’s deadline does not run while the person thinks', async () => {
  const { person } = aPerson({ afterMs: 2_500 })
  await served('--earlier', person)
  await gatehouse.call('fixture__test_simple_text', {}, client('2025-11-25')) // the start is over
  const given = { ...client('2025-11-25'), deadlineMs: 1_500 }
  expect(textOf(await gatehouse.call('fixture__test_elicitation', { message: 'Who?' }, given))).toContain('ada')
})

it('the person answers their part, the client its own, in one round', async () => {
  const { person } = aPerson()
  await served('--later', person)
  const able = client('2026-07-28', { sampling: {}, roots: {} })
  const tool = 'fixture__test_input_required_result_multiple_inputs'
  const first = await gatehouse.call(tool, {}, able)
  const { inputRequests, requestState } = (first as { result: JsonObject }).result
  expect(Object.keys(inputRequests as JsonObject)).toEqual(['greeting', 'client_roots'])
  const inputResponses = {
    greeting: { role: 'assistant', model: 'm', content: { type: 'text', text: 'hi' } },
    client_roots: { roots: [] },
  }
  const extra = { inputResponses, requestState: requestState as string }
  expect(textOf(await gatehouse.call(tool, {}, { ...able, extra }))).toBe('Everything is there')
})
