import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Watching, type WatchingPeer } from '../../main/gateway/watching.ts'
import type { Received } from '../../main/kernel/exchange.ts'
import type { Reply } from '../../shared/domain/call.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import { policyDenied, serverFailed } from '../../shared/errors.ts'
import { InTestGateway } from '../support/in-test-gateway.ts'

const uri = 'note:1'
const agreed: Reply = { kind: 'result', result: {} }

let gateway: InTestGateway
let watching: Watching
let asked: Received[]
/** What is answered next; the last one stays. */
let answers: (() => Reply)[]
let told: string[]
let peer: WatchingPeer
beforeEach(() => {
  gateway = new InTestGateway([{ kind: 'resource', definition: { uri, name: 'one' }, answer: () => nextAnswer() }])
  const { client, session } = gateway.open('bridge')
  asked = []
  answers = [() => agreed]
  told = []
  peer = { protocol: '2025-11-25', notify: (method, params) => told.push(`${method} ${params.uri}`) }
  const { handle, newTrail } = gateway.parts()
  watching = new Watching(
    { door: 'bridge', credential: { clientId: client.id, sessionId: session.id as SessionId }, client, session },
    {
      newTrail,
      handle: (received) => {
        asked.push(received)
        return handle(received)
      },
    },
    [1, 1, 1],
  )
})
afterEach(() => gateway.close())

const nextAnswer = () => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? agreed
const serverEnds = () => asked.at(-1)?.peer.lost?.()
const changed = `notifications/resources/updated ${uri}`

describe('a resource that a client watches', () => {
  beforeEach(() => watching.ask('resources/subscribe', uri, peer))

  it('is asked for again through the kernel when its server ended, and counts as changed once', async () => {
    serverEnds()
    serverEnds()
    await expect.poll(() => told).toEqual([changed])
    expect(asked.map(({ method, target }) => [method, target])).toEqual([
      ['resources/subscribe', uri],
      ['resources/subscribe', uri],
    ])
    serverEnds()
    await expect.poll(() => told).toEqual([changed, changed])
  })

  it('is asked for again as long as its server cannot be started, but not where a rule says no', async () => {
    answers = [
      () => {
        throw serverFailed('demo', 'it rests.')
      },
      () => agreed,
    ]
    serverEnds()
    await expect.poll(() => told).toEqual([changed])
    expect(asked).toHaveLength(3)
    answers = [
      () => {
        throw policyDenied('one', 'none')
      },
    ]
    serverEnds()
    await expect.poll(() => told).toHaveLength(2)
    expect(asked).toHaveLength(4)
    serverEnds() // its client was told; nobody watches any more
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([told.length, asked.length]).toEqual([2, 4])
  })

  it.each([
    ['its client takes it back', () => watching.ask('resources/unsubscribe', uri, peer)],
    ['its client leaves', () => watching.close()],
  ])('is not asked for again once %s', async (_what, end) => {
    await end()
    const before = asked.length
    asked[0]?.peer.lost?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([asked.length, told]).toEqual([before, []])
  })
})
