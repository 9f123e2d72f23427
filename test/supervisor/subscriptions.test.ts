import { expect, it } from 'vitest'
import type { Equipped } from '../../main/kernel/exchange.ts'
import { Connection, type Outgoing } from '../../main/supervisor/connection.ts'
import { Subscriptions } from '../../main/supervisor/subscriptions.ts'

const uri = 'note:1'

/** A 2026-07-28 server that is asked over a wire, and answers when the test says so. */
function aServer() {
  const sent: Outgoing[] = []
  const connection = new Connection(
    { send: (_line, about) => sent.push(about) },
    {
      request: () => Promise.reject(new Error('It asks nothing.')),
      notified: (method, params) => {
        if (method.endsWith('acknowledged')) subscriptions.acknowledged(params)
        else subscriptions.updated(params)
      },
      garbage: (line) => expect.unreachable(line),
    },
  )
  const subscriptions = new Subscriptions(connection, {})
  const says = (message: object) => connection.received(JSON.stringify({ jsonrpc: '2.0', ...message }))
  return {
    subscriptions,
    listens: () => sent.filter(({ method }) => method === 'subscriptions/listen').map(({ id }) => Number(id)),
    agrees: (id: number) =>
      says({
        method: 'notifications/subscriptions/acknowledged',
        params: {
          notifications: { resourceSubscriptions: [uri] },
          _meta: { 'io.modelcontextprotocol/subscriptionId': id },
        },
      }),
    ends: (id: number) => says({ id, result: {} }),
    changes: () => says({ method: 'notifications/resources/updated', params: { uri } }),
  }
}

function aCall(session: string, heard: string[], signal = new AbortController().signal) {
  const peer = { notify: () => heard.push(`${session} changed`), lost: () => heard.push(`${session} lost`) }
  const deadline = new AbortController().signal
  const call = { entry: { ownName: uri }, target: uri, session: { id: session }, server: { name: 'demo' } }
  return { ...call, peer, signal, deadline } as unknown as Equipped
}
const never = () => expect.unreachable('A later server is not asked that way.')

it('two sessions that ask at the same moment share one listening, and both hear of its end', async () => {
  const { subscriptions, listens, agrees, ends, changes } = aServer()
  const heard: string[] = []
  const both = ['a', 'b'].map((session) => subscriptions.subscribe(aCall(session, heard), never))
  expect(listens()).toHaveLength(1)
  agrees(listens()[0] as number)
  expect(await Promise.all(both)).toMatchObject([{ kind: 'result' }, { kind: 'result' }])
  changes()
  expect(heard.splice(0)).toEqual(['a changed', 'b changed'])
  ends(listens()[0] as number)
  await expect.poll(() => heard).toEqual(['a lost', 'b lost'])
})

it('a session that waited for the listening of another asks itself when that one is withdrawn', async () => {
  const { subscriptions, listens, agrees } = aServer()
  const withdrawal = new AbortController()
  const first = subscriptions.subscribe(aCall('a', [], withdrawal.signal), never)
  const second = subscriptions.subscribe(aCall('b', []), never)
  withdrawal.abort(new Error('withdrawn'))
  await expect(first).rejects.toThrow('withdrawn')
  await expect.poll(listens).toHaveLength(2)
  agrees(listens()[1] as number)
  expect(await second).toMatchObject({ kind: 'result' })
})

it('a listening that is agreed to and ends in the same moment is lost, not kept as one that goes on', async () => {
  const { subscriptions, listens, agrees, ends } = aServer()
  const heard: string[] = []
  const asked = subscriptions.subscribe(aCall('a', heard), never)
  agrees(listens()[0] as number)
  ends(listens()[0] as number)
  await asked
  await expect.poll(() => heard).toEqual(['a lost'])
  expect(subscriptions.size).toBe(0)
  void subscriptions.subscribe(aCall('a', heard), never)
  expect(listens()).toHaveLength(2)
})
