import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RawBridge } from '../support/raw-bridge.ts'
import { type RunningApp, runningApp } from '../support/running-app.ts'

const root = resolve(import.meta.dirname, '..', '..')
const node = join(root, 'node_modules', 'node', 'bin', 'node')
const fixture = join(root, 'test', 'support', 'everything-fixture', 'main.ts')
const eras = ['2025', '2026'] as const
type Era = (typeof eras)[number]
type Door = 'the bridge' | 'HTTP'
const option: Readonly<Record<Era, string>> = { '2025': '--earlier', '2026': '--later' }
const pairs = eras.flatMap((client) => eras.map((server) => [client, server, 'the bridge'] as const))
const logLevel = 'io.modelcontextprotocol/logLevel'
const watched = 'test://watched-resource'
const trace = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'a=b',
  baggage: 'k=v',
}

/** What each request of a later client says of it. */
const laterEnvelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

let app: RunningApp
let token: string
let mcpUrl: string

beforeAll(async () => {
  app = await runningApp()
  for (const era of eras) {
    const options = ['--sandbox', '2', '--allow-path', `${root}:ro`, '--trust', '--yes', '--json']
    const added = await app.operator('servers', 'add', `of${era}`, ...options, '--', node, fixture, option[era])
    expect(added).toMatchObject({ code: 0 })
  }
  expect(await app.operator('clients', 'pair', 'suite', '--json')).toMatchObject({ code: 0 })
  token = JSON.parse((await app.operator('clients', 'token', 'suite', '--json')).out).token
  mcpUrl = JSON.parse(readFileSync(join(app.home, 'run', 'endpoint.json'), 'utf8')).mcpUrl
})
afterAll(() => app?.end())

const bridgeTo = (server: string) => ({
  command: node,
  args: [join(root, 'dist', 'bridge.js'), '--client', 'suite', '--server', server, '--home', app.home],
})

function transport(door: Door, server: Era) {
  if (door === 'the bridge') return new StdioClientTransport(bridgeTo(`of${server}`))
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  return new StreamableHTTPClientTransport(new URL(`${mcpUrl}/servers/of${server}`), { requestInit })
}

/** A client that answers everything a server may ask. */
class Capable {
  readonly client: Client
  readonly heard: string[] = []
  readonly logged: unknown[] = []
  readonly changedLists: string[] = []
  readonly #waiting = new Set<() => void>()

  constructor(private readonly era: Era) {
    const capabilities = { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } }
    const mode = era === '2026' ? { pin: '2026-07-28' } : 'legacy'
    this.client = new Client({ name: 'suite', version: '1' }, { capabilities, versionNegotiation: { mode } })
    this.client.setNotificationHandler('notifications/message', ({ params }) => void this.logged.push(params.data))
    for (const list of ['tools', 'resources', 'prompts'] as const)
      this.client.setNotificationHandler(`notifications/${list}/list_changed`, () => void this.changedLists.push(list))
    this.client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      this.heard.push(params.uri)
      for (const told of this.#waiting) told()
    })
    const content = { name: 'Ada', username: 'ada', email: 'a@b.c', color: 'red', context: 'a test' }
    this.client.setRequestHandler('elicitation/create', async ({ params }) =>
      params.mode === 'url' ? { action: 'accept' } : { action: 'accept', content },
    )
    const said = { type: 'text' as const, text: 'Paris' }
    this.client.setRequestHandler('sampling/createMessage', async () => ({
      model: 'm',
      role: 'assistant',
      content: said,
    }))
    this.client.setRequestHandler('roots/list', async () => ({ roots: [{ uri: 'file:///home/ada', name: 'ada' }] }))
  }

  async text(name: string, given: object = {}, options: object = {}): Promise<string> {
    const result = await this.client.callTool({ name, ...given }, options)
    expect(result.isError, JSON.stringify(result.content)).not.toBe(true)
    return (result.content as { text: string }[])[0]?.text ?? ''
  }

  logsAt(level: string): Promise<unknown> {
    if (this.era === '2026') return this.text('test_every_level', { _meta: { [logLevel]: level } })
    return this.client.setLoggingLevel(level as 'warning').then(() => this.text('test_every_level'))
  }

  /** @returns the way to stop */
  async listen(): Promise<() => Promise<unknown>> {
    if (this.era === '2026') {
      const subscription = await this.client.listen({ resourceSubscriptions: [watched] })
      expect(subscription.honoredFilter).toEqual({ resourceSubscriptions: [watched] })
      return () => subscription.close()
    }
    await this.client.subscribeResource({ uri: watched })
    return () => this.client.unsubscribeResource({ uri: watched })
  }

  async listenToLists(): Promise<() => Promise<unknown>> {
    if (this.era === '2025') return async () => {}
    const all = { toolsListChanged: true, resourcesListChanged: true, promptsListChanged: true }
    const subscription = await this.client.listen(all)
    expect(subscription.honoredFilter).toEqual(all)
    return () => subscription.close()
  }

  nextUpdate(): Promise<void> {
    return new Promise((resolve) => {
      const told = () => {
        this.#waiting.delete(told)
        resolve()
      }
      this.#waiting.add(told)
    })
  }
}

/** Tools that ask, in the way of each era. */
const asking: Readonly<Record<Era, readonly (readonly [tool: string, args: object, answer: string])[]>> = {
  '2025': [
    ['test_elicitation', { message: 'Who?' }, 'User response: action=accept'],
    ['test_sampling', { prompt: 'hi' }, 'LLM response: Paris'],
    ['test_asks_for_roots', {}, '[{"uri":"file:///home/ada","name":"ada"}]'],
    ['test_asks_by_address', {}, 'accept'],
    ['test_input_required_result_multi_round', {}, 'Both steps are done'],
    ['test_input_required_result_multiple_inputs', {}, 'Everything is there'],
  ],
  '2026': [
    ['test_input_required_result_elicitation', {}, 'Hello, Ada!'],
    ['test_input_required_result_sampling', {}, 'Paris'],
    ['test_input_required_result_list_roots', {}, 'Roots: [{"uri":"file:///home/ada","name":"ada"}]'],
    ['test_input_required_result_request_state', {}, 'state-ok'],
    ['test_input_required_result_multi_round', {}, 'Both steps are done'],
    ['test_input_required_result_multiple_inputs', {}, 'Everything is there'],
  ],
}

describe.each([...pairs, ['2026', '2025', 'HTTP'], ['2025', '2026', 'HTTP']] as const)(
  'a client of %s and a server of %s, through %s,',
  (clientEra, serverEra, door) => {
    let capable: Capable

    beforeAll(async () => {
      capable = new Capable(clientEra)
      await capable.client.connect(transport(door, serverEra))
    })
    afterAll(() => capable.client.close())

    it('lose nothing of a tool, its result and the metadata of a call', async () => {
      const { tools } = await capable.client.listTools()
      expect(tools.find(({ name }) => name === 'test_structured')).toMatchObject({
        title: 'Structured',
        icons: [{ mimeType: 'image/png', sizes: ['1x1'] }],
        annotations: { readOnlyHint: true },
        outputSchema: { required: ['sum'] },
        _meta: { 'example.com/kind': 'definition' },
      })
      expect(await capable.client.callTool({ name: 'test_structured' })).toMatchObject({
        structuredContent: { sum: 3 },
        content: [
          { annotations: { audience: ['user'], priority: 0.5 }, _meta: { part: 1 } },
          { type: 'resource_link', title: 'Static', icons: [{ sizes: ['1x1'] }] },
        ],
        _meta: { 'example.com/kind': 'result' },
      })
      const _meta = { ...trace, 'example.com/x': 1 }
      expect(JSON.parse(await capable.text('test_echo_meta', { _meta }))).toEqual(_meta)
    })

    it('read, complete and learn of what is missing', async () => {
      const { contents } = await capable.client.readResource({ uri: 'test://template/7/data' })
      expect(contents).toMatchObject([{ text: expect.stringContaining('"7"') }])
      const ref = { type: 'ref/prompt' as const, name: 'test_prompt_with_arguments' }
      const { completion } = await capable.client.complete({ ref, argument: { name: 'arg1', value: 'par' } })
      expect(completion).toMatchObject({ values: ['paris', 'park', 'party'], total: 3, hasMore: false })
      await expect(capable.client.readResource({ uri: 'test://nothing' })).rejects.toThrow('test://nothing')
    })

    it('log at the wanted level, and report progress', async () => {
      await capable.logsAt('error')
      expect(capable.logged.splice(0)).toEqual(['at error', 'at critical', 'at alert', 'at emergency'])
      await capable.logsAt('debug')
      expect(capable.logged.splice(0)).toHaveLength(8)
      const seen: number[] = []
      await capable.text(
        'test_tool_with_progress',
        {},
        { onprogress: (one: { progress: number }) => seen.push(one.progress) },
      )
      expect(seen.slice(0, 2)).toEqual([0, 50]) // the SDK drops one that comes with the answer
    })

    it.each(asking[serverEra])('ask and answer: %s', async (name, given, answer) => {
      expect(await capable.text(name, { arguments: given })).toContain(answer)
    })

    it('ask and answer for a prompt', async () => {
      const { messages } = await capable.client.getPrompt({ name: 'test_input_required_result_prompt' })
      expect(messages).toMatchObject([{ content: { text: 'Use this context: a test' } }])
    })

    it('tell of a changed resource until nobody listens', async () => {
      const stop = await capable.listen()
      const update = capable.nextUpdate()
      await capable.text('test_touch_resource')
      await update
      await stop()
      await capable.text('test_touch_resource')
      await capable.text('test_simple_text')
      expect(capable.heard).toEqual([watched])
    })

    it('tell of a list that grew once the person accepts what is new in it, and of no other list', async () => {
      const stop = await capable.listenToLists()
      const kind = { '2025': 'prompts', '2026': 'resources' }[clientEra]
      const name = `grown ${clientEra} ${serverEra} ${door}`
      const listed = async () => {
        const { prompts } = await capable.client.listPrompts()
        const { resources } = await capable.client.listResources()
        return [...prompts, ...resources].some((one) => one.name === name)
      }
      await capable.text('test_grow_list', { arguments: { kind, name } })
      await expect
        .poll(
          async () => {
            await app.operator('servers', 'review', `of${serverEra}`, '--accept', '--json')
            return capable.changedLists
          },
          { timeout: 30_000 },
        )
        .toEqual([kind])
      expect(await listed()).toBe(true)
      expect(capable.changedLists).toEqual([kind])
      await stop()
    })
  },
)

describe('more entries than a page of the server or of Gatehouse holds', () => {
  beforeAll(async () => {
    for (const era of eras) {
      const options = ['--sandbox', '2', '--allow-path', `${root}:ro`, '--trust', '--yes', '--json']
      const added = await app.operator(
        'servers',
        'add',
        `many${era}`,
        ...options,
        '--',
        node,
        fixture,
        option[era],
        '--many',
      )
      expect(added).toMatchObject({ code: 0 })
    }
  })

  it.each(pairs)('are all listed, page by page: client of %s, server of %s', async (client, server) => {
    const bridge = new RawBridge(app.home, 'suite', ['--server', `many${server}`])
    const _meta = client === '2026' ? laterEnvelope : {}
    if (client === '2025') await bridge.introduce()
    const pages: string[][] = []
    for (let cursor: unknown; pages.length === 0 || cursor !== undefined; ) {
      const { result } = await bridge.request('resources/list', { ...(cursor ? { cursor } : {}), _meta })
      pages.push(((result?.resources ?? []) as { uri: string }[]).map(({ uri }) => uri))
      cursor = result?.nextCursor
    }
    expect(pages.map(({ length }) => length)).toEqual([1000, 103])
    expect(new Set(pages.flat()).size).toBe(1103)
    expect(pages[1]?.at(-1)).toBe('test://many/1099')
    await bridge.close()
  })
})

it.each(pairs)('all progress comes before the answer: client of %s, server of %s', async (client, server) => {
  const bridge = new RawBridge(app.home, 'suite', ['--server', `of${server}`])
  if (client === '2025') await bridge.introduce()
  const ids = Array.from({ length: 10 }, (_, index) => {
    const _meta = { ...(client === '2026' ? laterEnvelope : {}), progressToken: `p${index}` }
    return bridge.send('tools/call', { name: 'test_tool_with_progress', arguments: {}, _meta })
  })
  await Promise.all(ids.map((id) => bridge.answer(id)))
  for (const [index, id] of ids.entries()) {
    const before = bridge.messages.slice(
      0,
      bridge.messages.findIndex((message) => message.id === id),
    )
    const seen = before.filter(({ params }) => params?.progressToken === `p${index}`)
    expect(seen.map(({ params }) => params?.progress)).toEqual([0, 50, 100])
  }
  await bridge.close()
})

describe('the SDK of the earlier era', () => {
  it('has its client use a server of the later one: asked for input, told of a changed resource', async () => {
    const client = new FirstClient({ name: 'suite', version: '1' }, { capabilities: { elicitation: {} } })
    client.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'accept', content: { name: 'Ada' } }))
    const updated = new Promise<string>((resolve) => {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => resolve(params.uri))
    })
    await client.connect(new FirstStdio(bridgeTo('of2026')))
    const greeted = await client.callTool({ name: 'test_input_required_result_elicitation' })
    expect(greeted).toMatchObject({ content: [{ text: 'Hello, Ada!' }] })
    await client.subscribeResource({ uri: watched })
    await client.callTool({ name: 'test_touch_resource' })
    expect(await updated).toBe(watched)
    await client.close()
  })

  it('has its server ask a client of the later one for its model', async () => {
    const everything = join(root, 'node_modules', '@modelcontextprotocol', 'server-everything', 'dist', 'index.js')
    const options = ['--sandbox', '2', '--allow-path', `${root}:ro`, '--trust', '--yes', '--json']
    const added = await app.operator('servers', 'add', 'first', ...options, '--', node, everything, 'stdio')
    expect(added).toMatchObject({ code: 0 })
    const capable = new Capable('2026')
    await capable.client.connect(new StdioClientTransport(bridgeTo('first')))
    const given = { prompt: 'What is the capital of France?', maxTokens: 10 }
    expect(await capable.text('trigger-sampling-request', { arguments: given })).toContain('Paris')
    await capable.client.close()
  })
})

describe('what a server asks', () => {
  it.each(eras)('is recorded, and refused by a rule that denies it, for a server of %s', async (era) => {
    const tool = { '2025': 'test_sampling', '2026': 'test_input_required_result_sampling' }[era]
    const capable = new Capable('2026')
    await capable.client.connect(transport('the bridge', era))
    const ask = () => capable.client.callTool({ name: tool, arguments: { prompt: 'hi' } }).then(JSON.stringify, String)
    expect(await ask()).toContain('Paris')
    const rule = ['permissions', 'deny', '--client', 'suite', '--tool', `of${era}__asks-sampling`, '--json']
    expect(await app.operator(...rule)).toMatchObject({ code: 0 })
    expect(await ask()).toContain(`do not allow of${era}__asks-sampling`)
    const { entries } = JSON.parse((await app.operator('audit', 'list', '--json')).out)
    const asked = entries.filter((entry: { action: string; tool?: string }) => entry.action === 'server.asks')
    const test = ['permissions', 'test', '--client', 'suite', '--json', '--tool']
    const explained = async (name: string) => JSON.parse((await app.cli(...test, `of${era}__${name}`)).out)
    expect(await explained('asks-sampling')).toMatchObject({
      effect: 'deny',
      matched: expect.arrayContaining([expect.objectContaining({ effect: 'deny', decided: true })]),
    })
    expect(await explained('asks-elicitation')).toMatchObject({
      effect: 'allow',
      change: [`Add a rule that denies of${era}__asks-elicitation.`],
    })
    expect(asked[0]).toMatchObject({ tool: `of${era}__asks-sampling`, decision: 'deny', client: 'suite' })
    await capable.client.close()
  })
})
