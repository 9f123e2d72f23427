import { afterEach, describe, expect, it } from 'vitest'
import { newId, type ServerName } from '../../shared/domain/ids.ts'
import { aSupervisor, badServer, textOf } from '../support/a-supervisor.ts'

let gatehouse: ReturnType<typeof aSupervisor>
afterEach(() => gatehouse.end())

describe('a 2026-07-28 server', () => {
  it('is recognised in its one process, remembered, and shared by all sessions', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('modern', [badServer('modern'), '--only'])
    expect(gatehouse.store.era('modern' as ServerName)).toBe('modern')
    const answers = await Promise.all(
      [newId('session'), newId('session')].map(async (session) =>
        textOf(await gatehouse.call('modern__echo', { text: 'hi' }, { session })),
      ),
    )
    expect(answers[0]).toMatch(/^hi from \d+$/)
    expect(answers[1]).toBe(answers[0])
    expect(gatehouse.watched.size).toBe(1)
  })

  it('asks for input: an older client is asked and the call goes on, a newer one gets the question itself', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('modern', [badServer('modern'), '--only'])
    const older = {
      protocol: '2025-11-25',
      capabilities: { elicitation: { form: {} } },
      request: async () => ({ action: 'accept', content: { name: 'Ana' } }),
    }
    expect(textOf(await gatehouse.call('modern__greet', {}, { peer: older }))).toContain('Ana')
    const newer = { ...older, protocol: '2026-07-28' }
    const asked = await gatehouse.call('modern__greet', {}, { peer: newer })
    expect(asked).toMatchObject({ kind: 'result', result: { resultType: 'input_required', requestState: 'kept' } })
    const inputResponses = { who: { action: 'accept', content: { name: 'Ion' } } }
    const extra = { inputResponses, requestState: 'kept' }
    expect(textOf(await gatehouse.call('modern__greet', {}, { peer: newer, extra }))).toContain('Ion')
  })
})
