import { describe, expect, it } from 'vitest'
import { Conversation, replayedId } from '../../main/bridge/conversation.ts'
import { glanceAt } from '../../main/bridge/glance.ts'

function aConversation() {
  const conversation = new Conversation()
  const bytes = (message: object) => Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }))
  return {
    conversation,
    sends: (message: object) => conversation.sent(glanceAt(bytes(message)), bytes(message)),
    hears: (message: object) => conversation.arrived(glanceAt(bytes(message)), bytes(message)),
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

describe('a subscription of a 2026-07-28 client', () => {
  const idKey = 'io.modelcontextprotocol/subscriptionId'
  const listen = {
    id: 'listen:0',
    method: 'subscriptions/listen',
    params: { notifications: { toolsListChanged: true } },
  }
  const ack = (notifications: object, id = 'listen:0') =>
    Buffer.from(
      JSON.stringify({
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: { notifications, _meta: { [idKey]: id } },
      }),
    )
  const granted = { toolsListChanged: true, resourcesListChanged: false, resourceSubscriptions: ['a:1', 'a:2'] }

  it('stays open over a restart, is made again, and counts everything it listens to as changed once', () => {
    const { conversation, sends } = aConversation()
    sends(listen)
    expect(conversation.isOpen).toBe(false)
    expect(conversation.subscriptions.acknowledged(ack(granted))).toBeUndefined()
    expect(conversation.interrupted().unanswered).toEqual([])
    expect(conversation.subscriptions.lines().map((line) => JSON.parse(String(line)))).toEqual([
      { jsonrpc: '2.0', ...listen },
    ])
    const _meta = { [idKey]: 'listen:0' }
    expect(conversation.subscriptions.acknowledged(ack({ ...granted, promptsListChanged: true }))).toEqual({
      tell: [
        { method: 'notifications/tools/list_changed', params: { _meta } },
        { method: 'notifications/prompts/list_changed', params: { _meta } },
        { method: 'notifications/resources/updated', params: { uri: 'a:1', _meta } },
        { method: 'notifications/resources/updated', params: { uri: 'a:2', _meta } },
      ],
    })
    expect(conversation.subscriptions.acknowledged(ack(granted))).toBeUndefined() // of the same app
  })

  it.each([
    ['a list', { resourceSubscriptions: ['a:1', 'a:2'] }],
    ['an address', { toolsListChanged: true, resourceSubscriptions: ['a:2'] }],
  ])('is ended when a restarted app no longer tells of %s', (_what, less) => {
    const { conversation, sends } = aConversation()
    sends(listen)
    conversation.subscriptions.acknowledged(ack(granted))
    conversation.interrupted()
    expect(conversation.subscriptions.acknowledged(ack(less))).toEqual({
      tell: [{ id: 'listen:0', result: { resultType: 'complete', _meta: { [idKey]: 'listen:0' } } }],
      withdrawn: 'listen:0',
    })
    expect(conversation.subscriptions.lines()).toEqual([])
  })

  it('that was not agreed to before the app went is agreed to by the next one, as the client hears', () => {
    const { conversation, sends } = aConversation()
    sends(listen)
    conversation.interrupted()
    expect(conversation.subscriptions.lines()).toHaveLength(1)
    expect(conversation.subscriptions.acknowledged(ack(granted))).toBeUndefined()
  })

  it.each([
    ['the client withdraws', false, { method: 'notifications/cancelled', params: { requestId: 'listen:0' } }],
    ['the app ends', true, { id: 'listen:0', result: {} }],
    ['the app refuses', true, { id: 'listen:0', error: { code: -32602, message: 'no' } }],
  ])('which %s is not made again', (_who, byApp, message) => {
    const { conversation, sends, hears } = aConversation()
    sends(listen)
    if (byApp) hears(message)
    else sends(message)
    conversation.interrupted()
    expect(conversation.subscriptions.lines()).toEqual([])
  })

  it('too long to be kept is a request like any other: its client hears that it broke off', () => {
    const { conversation, sends } = aConversation()
    sends({ ...listen, params: { notifications: { resourceSubscriptions: ['x'.repeat(70_000)] } } })
    expect(conversation.interrupted().unanswered).toEqual(['listen:0'])
  })
})

describe('what a client up to 2025-11-25 asked for once', () => {
  const watch = (uri: string, id: string, method = 'resources/subscribe') => ({ id, method, params: { uri } })
  const again = (conversation: Conversation) => {
    conversation.interrupted()
    return conversation.wishes.lines().map((line) => JSON.parse(line))
  }
  const updated = (uri: string) => ({ method: 'notifications/resources/updated', params: { uri } })

  it('is asked of a restarted app under another id; what it watches counts as changed once', () => {
    const { conversation, sends, hears } = aConversation()
    sends(watch('note:1', 'w'))
    sends({ id: 'l', method: 'logging/setLevel', params: { level: 'warning' } })
    expect([hears({ id: 'w', result: {} }), hears({ id: 'l', result: {} })]).toEqual([true, true])
    const [note, level] = again(conversation)
    expect([note.method, note.params, level.method, level.params]).toEqual([
      'resources/subscribe',
      { uri: 'note:1' },
      'logging/setLevel',
      { level: 'warning' },
    ])
    expect(hears({ id: note.id, result: {} })).toEqual({ tell: [updated('note:1')] })
    expect(hears({ id: level.id, result: {} })).toEqual({ tell: [] })
    expect(again(conversation)).toHaveLength(2) // and of the one after that
  })

  it('ends with an app that does not agree again: the client is told of a change, and hears why when it reads', () => {
    const { conversation, sends, hears } = aConversation()
    sends(watch('note:1', 'w'))
    hears({ id: 'w', result: {} })
    const [{ id }] = again(conversation)
    const refuses = (asked: string) => hears({ id: asked, error: { code: -31_000, message: 'no' } })
    const onceMore = () => JSON.parse(conversation.wishes.again('watch note:1') ?? '{}')
    const tell = [updated('note:1')]
    expect(refuses(id)).toEqual({ tell, later: { key: 'watch note:1', waitMs: 1000 } })
    expect(refuses(onceMore().id)).toEqual({ tell, later: { key: 'watch note:1', waitMs: 5000 } })
    expect(refuses(onceMore().id)).toEqual({ tell, later: { key: 'watch note:1', waitMs: 20_000 } })
    expect(refuses(onceMore().id)).toEqual({ tell, refused: 'resources/subscribe note:1' })
    expect(conversation.wishes.again('watch note:1')).toBeUndefined()
    expect(again(conversation)).toEqual([])
  })

  it('is asked once more where the app refused in passing, and not when the client took it back meanwhile', () => {
    const { conversation, sends, hears } = aConversation()
    sends(watch('note:1', 'w'))
    hears({ id: 'w', result: {} })
    const [{ id }] = again(conversation)
    hears({ id, error: { code: -31_000, message: 'not there yet' } })
    const second = JSON.parse(conversation.wishes.again('watch note:1') ?? '{}')
    expect([second.method, second.params]).toEqual(['resources/subscribe', { uri: 'note:1' }])
    expect(hears({ id: second.id, result: {} })).toEqual({ tell: [updated('note:1')] })
    sends(watch('note:1', 'u', 'resources/unsubscribe'))
    hears({ id: 'u', result: {} })
    expect(conversation.wishes.again('watch note:1')).toBeUndefined()
  })

  it.each([
    ['the app refused', { id: 'w', error: { code: -31_000, message: 'no' } }, undefined],
    ['the client took back', { id: 'w', result: {} }, watch('note:1', 'u', 'resources/unsubscribe')],
    ['the client withdrew', undefined, { method: 'notifications/cancelled', params: { requestId: 'w' } }],
  ])('which %s is not asked again', (_who, answer, then) => {
    const { conversation, sends, hears } = aConversation()
    sends(watch('note:1', 'w'))
    if (answer) hears(answer)
    if (then) sends(then)
    if (then && 'id' in then) hears({ id: then.id, result: {} })
    else if (then) hears({ id: 'w', result: {} }) // too late
    expect(again(conversation)).toEqual([])
  })

  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{bad}}',
    '{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"note:1"}',
    '{"jsonrpc":"2.0","id":1,"method":"resources/unsubscribe","params":7}',
  ])('is none that nobody can read, which the app answers: %s', (text) => {
    const { conversation, hears } = aConversation()
    const line = Buffer.from(text)
    conversation.sent(glanceAt(line), line)
    expect(hears({ id: 1, error: { code: -32_700, message: 'Parse error' } })).toBe(true)
    expect(again(conversation)).toEqual([])
  })

  it('is not agreed to by an answer that nobody can read', () => {
    const { conversation, sends } = aConversation()
    sends(watch('note:1', 'w'))
    const line = Buffer.from('{"jsonrpc":"2.0","id":"w","result":{bad}}')
    expect(conversation.arrived(glanceAt(line), line)).toBe(true)
    expect(again(conversation)).toEqual([])
  })

  it('is the last of several levels, and at most 1000 resources', () => {
    const { conversation, sends, hears } = aConversation()
    const granted = (message: { id: string }) => {
      sends(message)
      hears({ id: message.id, result: {} })
    }
    for (const level of ['debug', 'error'])
      granted({ id: level, method: 'logging/setLevel', params: { level } } as { id: string })
    for (let at = 0; at < 1200; at += 1) granted(watch(`note:${at}`, `w${at}`))
    const repeated = again(conversation)
    expect(repeated).toHaveLength(1000)
    expect(repeated[0].params).toEqual({ level: 'error' })
  })
})

it('the answer to a repeated introduction is not for the client; everything else is', () => {
  const { hears } = aConversation()
  expect(hears({ id: replayedId, result: {} })).toBe(false)
  expect(hears({ id: 1, result: {} })).toBe(true)
  expect(hears({ method: 'notifications/message' })).toBe(true)
  expect(hears({ id: replayedId, method: 'roots/list' })).toBe(true)
})
