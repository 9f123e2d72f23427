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
    expect(gatehouse.store.era('modern' as ServerName)).toBe('modern only')
  })

  it('serves a client of an earlier revision the older way where it can, in a process of its own', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('modern', [badServer('modern')])
    const newer = { peer: { protocol: '2026-07-28' } }
    const echo = async (given: object) =>
      textOf(await gatehouse.call('modern__echo', { text: 'hi' }, { session: newId('session'), ...given }))
    const shared = await echo(newer)
    const earlier = await echo({})
    expect(await echo(newer)).toBe(shared)
    expect(await echo({})).not.toBe(earlier)
    expect(earlier).not.toBe(shared)
    expect(gatehouse.store.era('modern' as ServerName)).toBe('both')
  })

  it('asks for input by its answer, and goes on when the answers come with the next call', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('modern', [badServer('modern'), '--only'])
    const peer = { protocol: '2025-11-25', capabilities: { elicitation: { form: {} } } }
    const asked = await gatehouse.call('modern__greet', {}, { peer })
    expect(asked).toMatchObject({ kind: 'result', result: { resultType: 'input_required', requestState: 'kept' } })
    const inputResponses = { who: { action: 'accept', content: { name: 'Ion' } } }
    const extra = { inputResponses, requestState: 'kept' }
    expect(textOf(await gatehouse.call('modern__greet', {}, { peer, extra }))).toContain('Ion')
  })
})
