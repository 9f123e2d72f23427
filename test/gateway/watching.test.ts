import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Pace, Watching, type WatchingPeer } from '../../main/gateway/watching.ts'
import type { Received } from '../../main/kernel/exchange.ts'
import type { Reply } from '../../shared/domain/call.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import { policyDenied, rateLimited, serverFailed } from '../../shared/errors.ts'
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
  asked = []
  answers = [() => agreed]
  told = []
  peer = { protocol: '2025-11-25', notify: (method, params) => told.push(`${method} ${params.uri}`) }
  watching = watchingAt({ pausesMs: [1, 1, 1], heldMs: 60_000, gapMs: 0 })
})
afterEach(() => gateway.close())

function watchingAt(pace: Pace): Watching {
  const { client, session } = gateway.open('bridge')
  const { handle, newTrail } = gateway.parts()
  const credential = { clientId: client.id, sessionId: session.id as SessionId }
  const recorded: typeof handle = (received) => {
    asked.push(received)
    return handle(received)
  }
  const parts = { newTrail, handle: recorded }
  const givenUp = (given: string) => void told.push(`given up ${given}`)
  return new Watching({ door: 'bridge', credential, client, session }, parts, givenUp, pace)
}
const nextAnswer = () => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? agreed
const serverEnds = () => asked.at(-1)?.peer.lost?.()
const givenUp = `given up ${uri}`
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

  it('is asked for again as long as its server cannot be started, or too much was asked of it', async () => {
    answers = [
      () => {
        throw serverFailed('demo', 'it rests.')
      },
      () => {
        throw rateLimited('editor', 1)
      },
      () => agreed,
    ]
    serverEnds()
    await expect.poll(() => told).toEqual([changed])
    expect(asked).toHaveLength(4)
    answers = [
      () => {
        throw policyDenied('one', 'none')
      },
    ]
  })

  it('is not asked for again where a rule says no', async () => {
    answers = [
      () => {
        throw policyDenied('one', 'none')
      },
    ]
    serverEnds()
    await expect.poll(() => told).toEqual([givenUp, changed])
    serverEnds() // its client was told; nobody watches any more
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([told.length, asked.length]).toEqual([2, 2])
  })

  it('is given up when its server agrees and ends each time', async () => {
    for (const times of [1, 2, 3]) {
      serverEnds()
      await expect.poll(() => told).toHaveLength(times)
    }
    serverEnds()
    await expect.poll(() => told).toEqual([changed, changed, changed, givenUp, changed])
    expect(asked).toHaveLength(4)
  })

  it('is asked for as at first once it held for long', async () => {
    watching = watchingAt({ pausesMs: [1], heldMs: 0, gapMs: 0 })
    await watching.ask('resources/subscribe', uri, peer)
    for (const times of [1, 2, 3]) {
      serverEnds()
      await expect.poll(() => told).toEqual(Array(times).fill(changed))
    }
  })

  it('is asked for once more when its server ends before the kernel is done with its answer', async () => {
    answers = [
      () => {
        serverEnds()
        return agreed
      },
      () => agreed,
    ]
    serverEnds()
    await expect.poll(() => told).toEqual([changed])
    expect(asked).toHaveLength(3)
  })

  it('is given back when its client took it back while the server was asked for it', async () => {
    answers = [
      () => {
        watching.agreed('resources/unsubscribe', uri)
        return agreed
      },
      () => agreed,
    ]
    serverEnds()
    await expect.poll(() => asked.at(-1)?.method).toBe('resources/unsubscribe')
    asked[1]?.peer.lost?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([told, asked.length]).toEqual([[], 3])
  })

  it('is not watched by a client that left while the server was asked for it, and the asking ends', async () => {
    answers = [
      () => {
        watching.close()
        return agreed
      },
    ]
    serverEnds()
    await expect.poll(() => asked[1]?.signal.aborted).toBe(true)
    asked[1]?.peer.lost?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told).toEqual([])
    expect(asked.filter(({ method }) => method === 'resources/subscribe')).toHaveLength(2)
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
