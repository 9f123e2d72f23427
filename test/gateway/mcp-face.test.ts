import { Client } from '@modelcontextprotocol/client'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport, type McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { afterEach, describe, expect, it } from 'vitest'
import { mcpFace } from '../../main/gateway/mcp-face.ts'
import { type InTestEntry, InTestGateway, text } from '../support/in-test-gateway.ts'

const tool = (name: string, answer: InTestEntry['answer']): InTestEntry => ({
  kind: 'tool',
  definition: { name, description: name, inputSchema: { type: 'object' } },
  ...(answer ? { answer } : {}),
})

let later: (() => void) | undefined

const table = (): InTestEntry[] => [
  tool('says-later', ({ peer }) => {
    later = () => peer.notify('notifications/message', { level: 'info', data: 'afterwards' })
    return text('for now')
  }),
  tool('echo', ({ arguments: given }) => text(JSON.stringify(given))),
  tool('strict', () => text('fine')),
  tool('breaks', () => {
    throw new Error('a secret path /home/someone')
  }),
  tool('own-error', () => ({ kind: 'error', error: { code: -32_050, message: 'mine', data: { a: 1 } } })),
  tool(
    'slow',
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled')))),
  ),
  tool('steps', ({ peer }) => {
    peer.progress({ progress: 1, total: 2, message: 'half' })
    return text('stepped')
  }),
  tool('samples', async ({ peer, signal }) => {
    const result = await peer.request(
      'sampling/createMessage',
      { messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }], maxTokens: 5 },
      signal,
    )
    return text(JSON.stringify((result.content as { text: string }).text))
  }),
  tool('asks', ({ extra }) =>
    extra?.inputResponses
      ? text(JSON.stringify(extra))
      : {
          kind: 'result',
          result: {
            resultType: 'input_required',
            requestState: 'state-1',
            inputRequests: {
              name: {
                method: 'elicitation/create',
                params: {
                  mode: 'form',
                  message: 'Name?',
                  requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
                },
              },
            },
          },
        },
  ),
  {
    kind: 'resource',
    definition: { uri: 'demo://here', name: 'here' },
    answer: () => {
      const contents = [{ uri: 'demo://here', text: 'content' }]
      return { kind: 'result', result: { contents, ttlMs: 60_000, cacheScope: 'public' } }
    },
  },
  {
    kind: 'prompt',
    definition: { name: 'greet' },
    answer: () => ({
      kind: 'result',
      result: { messages: [{ role: 'user', content: { type: 'text', text: 'hello' } }] },
    }),
  },
]

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

function aFace(): { gateway: InTestGateway; face: () => McpServer } {
  const gateway = new InTestGateway(table())
  opened.push(gateway)
  const { client, session } = gateway.open('bridge')
  const credential = { clientId: client.id, sessionId: session.id }
  return {
    gateway,
    face: () => mcpFace({ door: 'bridge', credential, client, session, announces: true }, gateway.parts()),
  }
}

async function connected(era: 'modern' | 'legacy', capabilities: object = {}) {
  const { gateway, face } = aFace()
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  serveStdio(face, { transport: ours })
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities, versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
  )
  await client.connect(theirs)
  opened.push(client)
  return { gateway, client }
}

describe.each(['legacy', 'modern'] as const)('a face for a %s client', (era) => {
  it('lists what the catalog holds', async () => {
    const { client } = await connected(era)
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('echo')
    expect((await client.listResources()).resources).toMatchObject([{ uri: 'demo://here' }])
    expect((await client.listPrompts()).prompts).toMatchObject([{ name: 'greet' }])
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([])
  })

  it('carries calls, reads and prompts through the kernel', async () => {
    const { client } = await connected(era)
    expect(await client.callTool({ name: 'echo', arguments: { a: 1 } })).toMatchObject({
      content: [{ text: '{"a":1}' }],
    })
    expect(await client.readResource({ uri: 'demo://here' })).toMatchObject({ contents: [{ text: 'content' }] })
    expect(await client.getPrompt({ name: 'greet' })).toMatchObject({ messages: [{ role: 'user' }] })
  })

  it('passes progress on under the token of the client', async () => {
    const { client } = await connected(era)
    const seen: unknown[] = []
    await client.callTool({ name: 'steps' }, { onprogress: (progress) => seen.push(progress) })
    expect(seen).toMatchObject([{ progress: 1, total: 2, message: 'half' }])
  })

  it('cancels the call in the kernel when the client cancels', async () => {
    const { client } = await connected(era)
    const abort = new AbortController()
    const call = client.callTool({ name: 'slow' }, { signal: abort.signal })
    abort.abort('enough')
    await expect(call).rejects.toThrow('enough')
  })

  it('keeps the own error code and data of a server', async () => {
    const { client } = await connected(era)
    await expect(client.callTool({ name: 'own-error' })).rejects.toMatchObject({ code: -32_050, data: { a: 1 } })
  })

  it('answers an unknown tool with −32602', async () => {
    const { client } = await connected(era)
    await expect(client.callTool({ name: 'nothing' })).rejects.toMatchObject({ code: -32_602 })
  })

  it('tells the model of a refusal without telling what only the log may hold', async () => {
    const { client } = await connected(era)
    const result = await client.callTool({ name: 'breaks' })
    expect(result).toMatchObject({ isError: true, _meta: { 'gatehouse/code': 'internal.unexpected' } })
    expect(JSON.stringify(result)).not.toContain('secret path')
  })

  it('tells the model which argument does not fit', async () => {
    const { client } = await connected(era)
    expect(await client.callTool({ name: 'strict', arguments: {} })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('word: missing') }],
    })
  })

  it('shows nothing to a client that was revoked or whose session ended', async () => {
    const { client, gateway } = await connected(era)
    await client.listTools()
    expect(gateway.told).toContain(`touch ${era === 'modern' ? '2026-07-28' : '2025-11-25'}`)
    gateway.revoked = true
    await expect(client.listTools()).rejects.toMatchObject({ data: { 'gatehouse/code': 'client.revoked' } })
    gateway.revoked = false
    gateway.sessions.clear()
    await expect(client.listPrompts()).rejects.toMatchObject({ data: { 'gatehouse/code': 'session.ended' } })
  })

  it('answers a call that needs input once the client gave it', async () => {
    const { client } = await connected(era, { elicitation: { form: {} } })
    client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { name: 'Ada' } }))
    const result = (await client.callTool({ name: 'asks' })) as { content: { text: string }[] }
    expect(JSON.parse(result.content[0]?.text ?? '')).toMatchObject({
      requestState: 'state-1',
      inputResponses: { name: { action: 'accept', content: { name: 'Ada' } } },
    })
  })
})

describe('what differs by revision', () => {
  it('answers a missing resource with −32002 up to 2025-11-25', async () => {
    const { face } = aFace()
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    serveStdio(face, { transport: ours })
    const client = new FirstClient({ name: 'test', version: '1' })
    await client.connect(theirs as Parameters<FirstClient['connect']>[0])
    opened.push(client)
    await expect(client.readResource({ uri: 'demo://gone' })).rejects.toMatchObject({ code: -32_002 })
  })

  it('answers a missing resource with −32602 from 2026-07-28', async () => {
    const { client } = await connected('modern')
    await expect(client.readResource({ uri: 'demo://gone' })).rejects.toMatchObject({ code: -32_602 })
  })

  it('lets nobody else use what this client may keep for a while', async () => {
    const { client } = await connected('modern')
    expect(await client.readResource({ uri: 'demo://here' })).toMatchObject({ ttlMs: 60_000, cacheScope: 'private' })
  })

  it('lets a server ask the model of an earlier client', async () => {
    const { client } = await connected('legacy', { sampling: {} })
    client.setRequestHandler('sampling/createMessage', async () => ({
      model: 'm',
      role: 'assistant',
      content: { type: 'text', text: 'hey' },
    }))
    expect(await client.callTool({ name: 'samples' })).toMatchObject({ content: [{ text: '"hey"' }] })
  })

  it('judges every round of a call that needs input, for an earlier client', async () => {
    const { client, gateway } = await connected('legacy', { elicitation: { form: {} } })
    client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { name: 'Ada' } }))
    await client.callTool({ name: 'asks' })
    expect(gateway.judged.map(({ extra }) => extra?.requestState)).toEqual([undefined, 'state-1'])
    expect(Object.isFrozen(gateway.judged[1]?.extra?.inputResponses)).toBe(true)
    gateway.denies = ({ extra }) => extra !== undefined
    expect(await client.callTool({ name: 'asks' })).toMatchObject({
      isError: true,
      _meta: { 'gatehouse/code': 'policy.denied' },
    })
  })

  it('does not ask an earlier client for what it cannot give', async () => {
    const { client } = await connected('legacy')
    await expect(client.callTool({ name: 'asks' })).rejects.toThrow('cannot give')
  })

  it('tells an earlier client after its call what a server says', async () => {
    const { client } = await connected('legacy')
    const told = new Promise<unknown>((resolve) => {
      client.setNotificationHandler('notifications/message', ({ params }) => resolve(params.data))
    })
    await client.callTool({ name: 'says-later' })
    later?.()
    expect(await told).toBe('afterwards')
  })

  it('tells the servers of an earlier client that its folders changed', async () => {
    const { client, gateway } = await connected('legacy', { roots: { listChanged: true } })
    await client.sendRootsListChanged()
    await client.ping()
    expect(gateway.told).toContain('notifications/roots/list_changed')
  })

  it('tells an earlier client that a list changed', async () => {
    const { gateway, client } = await connected('legacy')
    const told = new Promise<void>((resolve) => {
      client.setNotificationHandler('notifications/tools/list_changed', () => resolve())
    })
    gateway.listsChanged('tool')
    await told
  })
})
