import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callSteps } from '../../shared/domain/metrics.ts'
import { packagedServer } from '../support/a-supervisor.ts'
import { GatehouseApp } from '../support/gatehouse-app.ts'

describe('a person’s scripts over HTTP', () => {
  let app: GatehouseApp
  let key: string
  beforeAll(async () => {
    app = await GatehouseApp.start({ env: { GATEHOUSE_APPROVALS__ANSWER_AFTER_SECONDS: '1' } })
    await app.addRecorder('free', '--trust')
    await app.addRecorder('asked')
    key = String((await app.ask('clients', 'token', 'script')).token)
  })
  afterAll(() => app?.end())

  async function ask(path: string, body?: unknown, bearer = key, more: Record<string, string> = {}) {
    const answer = await fetch(`${app.endpoint.httpUrl}/api/v1${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
      },
    })
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined
    return { status: answer.status, headers: answer.headers, text, json }
  }
  const namesIn = (list: { name: string }[]) => list.map(({ name }) => name)

  it('list servers and tools, and read health and figures', async () => {
    expect(namesIn((await ask('/servers')).json.servers)).toEqual(expect.arrayContaining(['free', 'asked']))
    expect(namesIn((await ask('/tools')).json.tools)).toContain('free__act')
    const { status, components } = (await ask('/health')).json
    expect([status, components]).toEqual(['healthy', expect.arrayContaining([{ name: 'audit', state: 'healthy' }])])
    const metrics = await ask('/metrics')
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(metrics.text).toMatch(/^gatehouse_server_running\{server="free"\} [01]$/m)
    expect(metrics.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('invoke a tool on the same road as everybody: judged, recorded, asked about', async () => {
    const done = await ask('/tools/free__act', { arguments: { note: 'from a script' } })
    expect(done).toMatchObject({ status: 200, json: { content: [{ text: 'done' }] } })
    expect(app.reached('free').at(-1)?.args).toMatchObject({ note: 'from a script' })
    const waiting = await ask('/tools/asked__act', { arguments: { note: 'x' } })
    expect(waiting).toMatchObject({ status: 202, json: { error: { code: 'approvals.waiting' } } })
    expect(app.reached('asked')).toEqual([])
    await app.approve(String(waiting.json.error.approval))
    expect(await ask('/tools/asked__act', { arguments: { note: 'x' } })).toMatchObject({ status: 200 })
    expect(app.reached('asked')).toHaveLength(1)
    const { entries } = (await app.ask('audit', 'list')) as { entries: { tool?: string; client?: string }[] }
    expect(entries).toContainEqual(expect.objectContaining({ tool: 'free__act', client: 'script' }))
  })

  it('read how many calls were made and how long they took, of themselves and of servers they see only', async () => {
    await ask('/tools/free__act', { arguments: { note: 'to be counted' } })
    const text = (await ask('/metrics')).text
    expect(text).toMatch(/^mcp_operations_total\{server="free",client="script",status="success"\} [1-9]/m)
    expect(text).toMatch(/^mcp_operation_duration_seconds_bucket\{server="free",client="script",le="10"\} [1-9]/m)
    expect(text).toMatch(/^mcp_tool_executions_total\{tool_name="free__act",status="success"\} [1-9]/m)
    expect(text).toMatch(/^mcp_memory_usage_bytes\{type="rss"\} \d+$/m)
    const { json } = await ask('/metrics?format=json')
    const { samples } = json.metrics.find(({ name }: { name: string }) => name === 'mcp_tool_executions_total')
    expect(samples).toContainEqual(expect.objectContaining({ labels: { tool_name: 'free__act', status: 'success' } }))
    const other = String((await app.ask('clients', 'token', 'another-script')).token)
    const seen = (await ask('/metrics', undefined, other)).text
    expect(seen).toContain('gatehouse_server_running{server="free"}')
    expect(seen).not.toContain('client="script"')
    const shown = await app.ask('metrics')
    expect(JSON.stringify(shown)).toContain('"client":"script"')
    const traced = (await app.ask('traces')) as { traces: { entry: string; steps: { step: string; ms: number }[] }[] }
    const trace = traced.traces.find(({ entry }) => entry === 'free__act')
    expect(trace?.steps.map(({ step }) => step)).toEqual([...callSteps])
    expect(trace?.steps.every(({ ms }) => ms >= 0)).toBe(true)
    expect(JSON.stringify(traced)).not.toContain('to be counted')
  })

  it('read resources, also one of a template, and get a prompt, of a real server', async () => {
    const everything = packagedServer('server-everything')
    const options = ['--yes', '--trust', '--sandbox', '0']
    await app.ask('servers', 'add', 'everything', ...options, '--', process.execPath, everything)
    const { resources } = (await ask('/resources')).json as { resources: { uri: string; name: string }[] }
    const document = resources.find(({ uri }) => uri.endsWith('/architecture.md'))
    expect(document).toBeDefined()
    const read = await ask('/resources/read', { uri: document?.uri })
    expect(read).toMatchObject({ status: 200, json: { contents: [{ uri: document?.uri }] } })
    expect(read.json.contents[0].text).toContain('# Everything Server')
    const templates = (await ask('/resource-templates')).json['resource-templates'] as { uriTemplate: string }[]
    expect(templates.map(({ uriTemplate }) => uriTemplate)).toContain('demo://resource/dynamic/text/{resourceId}')
    const uri = 'demo://resource/dynamic/text/7'
    const made = await ask('/resources/read', { uri })
    expect(made).toMatchObject({ status: 200, json: { contents: [{ uri, mimeType: 'text/plain' }] } })
    expect(made.json.contents[0].text).toMatch(/Resource 7/)
    expect(namesIn((await ask('/prompts')).json.prompts)).toContain('everything__args-prompt')
    const prompt = await ask('/prompts/everything__args-prompt', { arguments: { city: 'Cluj' } })
    expect(prompt).toMatchObject({ status: 200, json: { messages: [{ role: 'user' }] } })
    expect(prompt.text).toContain('Cluj')
    const { entries } = (await app.ask('audit', 'list', '--limit', '20')) as {
      entries: { action: string; client?: string }[]
    }
    expect(entries.filter(({ client }) => client === 'script').map(({ action }) => action)).toEqual(
      expect.arrayContaining(['resources/read', 'prompts/get']),
    )
  })

  it('propose a server, which is added as shown once the person agrees, and offers nothing before they looked', async () => {
    const args = [packagedServer('server-everything')]
    const draft = { name: 'proposed', command: process.execPath, args, sandbox: 0, env: { MODE: 'odd' } }
    const asked = async () => (await app.pending())[0]?.id
    const proposing = ask('/servers', draft)
    await expect.poll(asked, { timeout: 30_000 }).toBeDefined()
    const id = String(await asked())
    const shown = JSON.stringify(await app.ask('approvals', 'show', id))
    for (const words of ['servers add proposed', args[0] as string, 'Environment: MODE=odd', 'script'])
      expect(shown).toContain(words)
    expect(namesIn((await ask('/servers')).json.servers)).not.toContain('proposed')
    await app.approve(id)
    expect(await proposing).toMatchObject({ status: 201, json: { state: 'added', server: { name: 'proposed' } } })
    const { servers } = (await app.ask('servers', 'list')) as { servers: { name: string; quarantined: number }[] }
    expect(servers.find(({ name }) => name === 'proposed')?.quarantined).toBeGreaterThan(0)
    expect(namesIn((await ask('/tools')).json.tools).filter((name) => name.startsWith('proposed__'))).toEqual([])
    const refusing = ask('/servers', { ...draft, name: 'unwanted' })
    await expect.poll(asked, { timeout: 30_000 }).toBeDefined()
    await app.ask('approvals', 'deny', String(await asked()))
    expect(await refusing).toMatchObject({ status: 403, json: { error: { code: 'approvals.denied' } } })
  })

  it('learn what became of a proposal whose answer they did not wait for, of nobody else’s', async () => {
    const args = [packagedServer('server-everything')]
    const propose = (name: string) =>
      ask('/servers', { name, command: process.execPath, args, sandbox: 0 }, key, { prefer: 'wait=0' })
    const answered = async (name: string, decision: 'approve' | 'deny') => {
      const { status, headers, json } = await propose(name)
      expect([status, json.state]).toEqual([202, 'waiting'])
      const path = String(headers.get('location')).replace('/api/v1', '')
      expect(path).toBe(`/servers/proposals/${json.proposal}`)
      expect((await ask(path)).json).toEqual({ state: 'waiting', proposal: json.proposal })
      const polling = ask(path, undefined, key, { prefer: 'wait=30' })
      const [question] = await app.pending()
      await app.ask('approvals', decision, String(question?.id))
      return { path, told: (await polling).json }
    }
    const { path, told } = await answered('later', 'approve')
    expect(told).toMatchObject({ state: 'added', server: { name: 'later' } })
    expect((await ask(path)).json).toEqual(told)
    expect((await answered('never', 'deny')).told).toMatchObject({
      state: 'refused',
      error: { code: 'approvals.denied' },
    })
    await app.ask('clients', 'pair', 'nosy')
    const other = (await app.ask('clients', 'token', 'nosy')) as { token: string }
    expect(await ask(path, undefined, other.token)).toMatchObject({ status: 404 })
    expect(await ask('/servers/proposals/pr_none')).toMatchObject({ status: 404 })
  })

  it('propose nothing that gives more than the person reads, nor with a key that is confined', async () => {
    const draft = { name: 'more', command: process.execPath, args: [] }
    for (const more of [{ trusted: true }, { workspace: 'main' }, { acceptPins: true }, { name: 'Not A Name' }])
      expect(await ask('/servers', { ...draft, ...more })).toMatchObject({ status: 400 })
    expect(await ask('/servers', { name: 'far', url: 'https://a:b@far.example/' })).toMatchObject({ status: 400 })
    const signIn = { kind: 'workload', issuer: 'https://thief.example', token: { file: '/run/token' } }
    expect(await ask('/servers', { name: 'far', url: 'https://far.example/', signIn })).toMatchObject({ status: 400 })
    const confined = (await app.ask('clients', 'token', 'script', '--scope', 'servers:free')) as { token: string }
    expect(await ask('/servers', draft, confined.token)).toMatchObject({
      status: 403,
      json: { error: { code: 'client.key-scope' } },
    })
    expect(await app.pending()).toEqual([])
  })

  it('with a key that is confined do no more than it says; another secret of it does the same', async () => {
    const confined = ['clients', 'token', 'script', '--scope', 'servers:asked', '--limit', 'calls=1/hour']
    const { token } = (await app.ask(...confined)) as { token: string }
    expect(await ask('/tools/free__act', {}, token)).toMatchObject({
      status: 403,
      json: { error: { code: 'client.key-scope', message: expect.stringContaining('servers:asked') } },
    })
    expect((await ask('/tools/free__act', { arguments: { note: 'y' } })).status).toBe(200)
    const [, id = ''] = token.split('_')
    const rotated = (await app.ask('clients', 'token', 'script', '--rotate', id)) as { token: string }
    expect((await ask('/tools', undefined, token)).status).toBe(401)
    expect(await ask('/tools/free__act', {}, rotated.token)).toMatchObject({ status: 403 })
    const first = await ask('/tools/asked__act', { arguments: { note: 'limited' } }, rotated.token)
    await app.approve(String(first.json.error.approval))
    expect(await ask('/tools/asked__act', { arguments: { note: 'limited' } }, rotated.token)).toMatchObject({
      status: 200,
    })
    expect(await ask('/tools/asked__act', { arguments: { note: 'limited' } }, rotated.token)).toMatchObject({
      status: 429,
      json: { error: { code: 'limits.quota' } },
    })
    const { keys } = (await app.ask('clients', 'keys', 'script')) as { keys: { id: string; uses: number }[] }
    expect(keys.find((one) => one.id === id)).toMatchObject({ scopes: ['servers:asked'], uses: expect.any(Number) })
  })

  it('with a confined key see no more in lists than they may use, and nothing of a key is left once it is revoked', async () => {
    const { token } = (await app.ask(
      ...['clients', 'token', 'script', '--scope', 'tools:free__*', '--limit', 'calls=50/day'],
    )) as { token: string }
    const [, id = ''] = token.split('_')
    const { tools } = (await ask('/tools', undefined, token)).json
    expect(namesIn(tools)).toContain('free__act')
    expect(namesIn(tools).filter((name: string) => !/^(free|gatehouse)__/.test(name))).toEqual([])
    expect(namesIn((await ask('/servers', undefined, token)).json.servers)).toEqual(['free'])
    expect((await ask('/metrics', undefined, token)).text).not.toContain('asked')
    const told = (await ask('/tools/gatehouse__capabilities', {}, token)).json.content[0].text
    expect(told).toContain('free__act')
    expect(told).not.toContain('asked__act')
    const explained = await ask('/tools/gatehouse__explain_refusal', { arguments: { tool: 'asked__act' } }, token)
    expect(explained.text).not.toContain('asks the user first')
    expect((await ask('/resources', undefined, token)).json.resources).toEqual([])
    expect(namesIn((await ask('/tools')).json.tools)).toContain('asked__act')
    const limits = async () => JSON.stringify(await app.ask('limits', 'list'))
    expect(await limits()).toContain(id)
    await app.ask('clients', 'token', 'script', '--revoke', id)
    expect((await ask('/tools', undefined, token)).status).toBe(401)
    expect(await limits()).not.toContain(id)
    expect((await ask('/tools')).status).toBe(200)
  })

  it('are refused in words, with a status that fits', async () => {
    expect(await ask('/tools/free__nothing', {})).toMatchObject({
      status: 404,
      json: { error: { code: 'catalog.unknown' } },
    })
    expect(await ask('/tools/free__act', [])).toMatchObject({ status: 400 })
    expect(await ask('/resources/read', { uri: 5 })).toMatchObject({ status: 400 })
    expect((await ask('/tools', undefined, 'wrong')).status).toBe(401)
    await app.ask('permissions', 'deny', '--client', 'script', '--tool', 'free__crash')
    expect(await ask('/tools/free__crash', {})).toMatchObject({
      status: 403,
      json: { error: { code: 'policy.denied' } },
    })
  })

  it('that search for names are kept out for a while, which is an incident', async () => {
    const prying = String((await app.ask('clients', 'token', 'prying')).token)
    for (let n = 0; n < 60; n++) await ask(`/tools/guess__${n}`, {}, prying)
    const blocked = await ask('/tools/free__act', { arguments: { note: 'no' } }, prying)
    expect(blocked).toMatchObject({ status: 429, json: { error: { code: 'limits.rate' } } })
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(290)
    expect(app.reached('free').some(({ args }) => args?.note === 'no')).toBe(false)
    expect(await ask('/tools/free__act', { arguments: { note: 'other' } })).toMatchObject({ status: 200 })
    const { incidents } = (await app.ask('incidents', 'list')) as {
      incidents: { server: string; symptoms: unknown[] }[]
    }
    expect(incidents).toContainEqual(
      expect.objectContaining({
        server: 'gatehouse',
        severity: 'critical',
        symptoms: [expect.objectContaining({ kind: 'intrusion' })],
      }),
    )
    const { entries } = (await app.ask('audit', 'list')) as { entries: { action: string }[] }
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['intrusion.suspected', 'intrusion.blocked']),
    )
  })
})
