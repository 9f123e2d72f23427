import { afterEach, beforeEach, expect, it } from 'vitest'
import { Listening } from '../../main/gateway/listening.ts'
import type { Received } from '../../main/kernel/exchange.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import { policyDenied } from '../../shared/errors.ts'
import { InTestGateway } from '../support/in-test-gateway.ts'

const uri = 'note:1'
const message = { method: 'subscriptions/listen', params: { notifications: { resourceSubscriptions: [uri] } } }

let gateway: InTestGateway
let listening: Listening
let refuses: boolean
let asked: Received[]
let told: string[]
beforeEach(() => {
  refuses = false
  asked = []
  told = []
  const answer = () => {
    if (refuses) throw policyDenied('one', 'none')
    return { kind: 'result', result: {} } as const
  }
  gateway = new InTestGateway([{ kind: 'resource', definition: { uri, name: 'one' }, answer }])
  const { client, session } = gateway.open('bridge')
  const parts = gateway.parts()
  const handle: typeof parts.handle = (received) => {
    asked.push(received)
    return parts.handle(received)
  }
  listening = new Listening(
    { door: 'bridge', credential: { clientId: client.id, sessionId: session.id as SessionId }, client, session },
    { ...parts, handle },
    (method) => told.push(method),
  )
})
afterEach(() => gateway.close())

it('asks the server once for all who listen, and anew for who comes after it was given up', async () => {
  expect(await listening.begin('old', message)).toEqual(message)
  expect(await listening.begin('other', message)).toEqual(message)
  expect(asked).toHaveLength(1)
  refuses = true
  asked[0]?.peer.lost?.()
  await expect.poll(() => told).toEqual(['notifications/resources/updated'])
  expect((await listening.begin('new', message)).params.notifications.resourceSubscriptions).toEqual([])
  refuses = false
  await listening.begin('newer', message)
  listening.end('old') // listens to nothing any more, so it takes nothing from the newer one
  expect(asked.map(({ method }) => method)).toEqual(Array(4).fill('resources/subscribe'))
  listening.end('newer')
  expect(asked.at(-1)?.method).toBe('resources/unsubscribe')
})
