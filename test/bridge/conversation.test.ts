import { describe, expect, it } from 'vitest'
import { Conversation, replayedId } from '../../main/bridge/conversation.ts'
import { glanceAt } from '../../main/bridge/glance.ts'

function aConversation() {
  const conversation = new Conversation()
  const bytes = (message: object) => Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }))
  return {
    conversation,
    sends: (message: object) => conversation.sent(glanceAt(bytes(message)), bytes(message)),
    hears: (message: object) => conversation.arrived(glanceAt(bytes(message))),
  }
}
const initialize = { id: 0, method: 'initialize', params: { clientInfo: { name: 'editor' } } }

describe('the bridge remembers', () => {
  it('which requests are open', () => {
    const { conversation, sends, hears } = aConversation()
    sends({ id: 1, method: 'tools/list' })
    sends({ id: 'two', method: 'tools/call' })
    sends({ id: 3, method: 'tools/call' })
    sends({ method: 'notifications/cancelled', params: { requestId: 3 } })
    hears({ id: 1, result: {} })
    expect(conversation.isOpen).toBe(true)
    expect(conversation.interrupted()).toEqual({ unanswered: ['two'], moot: [] })
    expect(conversation.isOpen).toBe(false)
  })

  it('what the app asked the client and needs no more', () => {
    const { conversation, sends, hears } = aConversation()
    hears({ id: 7, method: 'sampling/createMessage' })
    hears({ id: 8, method: 'roots/list' })
    sends({ id: 8, result: { roots: [] } })
    expect(conversation.interrupted()).toEqual({ unanswered: [], moot: [7] })
  })

  it('how the client introduced itself, once the app agreed, to say it again under an id of its own', () => {
    const { conversation, sends, hears } = aConversation()
    sends(initialize)
    expect(conversation.introduction()).toBeUndefined()
    hears({ id: 0, result: {} })
    sends({ method: 'notifications/initialized' })
    const again = conversation.introduction()
    expect(JSON.parse(again?.initialize ?? '')).toEqual({ jsonrpc: '2.0', ...initialize, id: replayedId })
    expect(JSON.parse(again?.initialized ?? '')).toMatchObject({ method: 'notifications/initialized' })
  })

  it('an introduction the app never answered as a request, not as an introduction', () => {
    const { conversation, sends } = aConversation()
    sends(initialize)
    expect(conversation.interrupted()).toEqual({ unanswered: [0], moot: [] })
    expect(conversation.introduction()).toBeUndefined()
  })
})

it('the answer to a repeated introduction is not for the client; everything else is', () => {
  const { hears } = aConversation()
  expect(hears({ id: replayedId, result: {} })).toBe(false)
  expect(hears({ id: 1, result: {} })).toBe(true)
  expect(hears({ method: 'notifications/message' })).toBe(true)
  expect(hears({ id: replayedId, method: 'roots/list' })).toBe(true)
})
