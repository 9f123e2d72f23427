import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { RemoteLimits } from '../../../main/supervisor/remote/remote-http.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { aSupervisor, textOf } from '../../support/a-supervisor.ts'
import {
  type Behaviours,
  json,
  type RoughServer,
  result,
  roughServer,
  said,
  stream,
} from '../../support/remote-servers/rough-server.ts'

let gatehouse: ReturnType<typeof aSupervisor>
let server: RoughServer
afterEach(async () => {
  await gatehouse.end()
  await server.close()
})

const tool = (name: string, header: unknown) => ({
  name,
  inputSchema: { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': header }, other: {} } },
})

async function modernServer(
  more: Behaviours = {},
  tools: readonly object[] = [tool('do', 'Region')],
  limits: Partial<RemoteLimits> = {},
) {
  server = await roughServer({
    'server/discover': (response, heard) =>
      json(response, result(heard, { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } })),
    initialize: (response, { message }) =>
      json(response, { jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'not known' } }, 400),
    'tools/list': (response, heard) => json(response, result(heard, { tools })),
    'subscriptions/listen': (response) => void stream(response)(': listening\n\n'),
    ...more,
  })
  gatehouse = aSupervisor({ limits: { remote: { againMs: 20, ...limits } } })
  await gatehouse.addRemote('far', server.url)
}
const heardOf = (method: string) => server.heard.filter(({ message }) => message.method === method)

describe('a 2026-07-28 server over HTTP', () => {
  it('gets method, name and parameters as headers, from what is really sent', async () => {
    await modernServer()
    await gatehouse.call('far__do', { region: 'Iași', other: 'not told' })
    const { headers } = heardOf('tools/call')[0] ?? {}
    expect(headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'do',
      'mcp-param-region': '=?base64?SWHImWk=?=',
    })
    expect(Object.keys(headers ?? {}).filter((name) => name.startsWith('mcp-param-'))).toEqual(['mcp-param-region'])
    expect(headers).not.toHaveProperty('mcp-session-id')
  })

  it('is offered without the tools whose headers are not allowed', async () => {
    await modernServer({}, [tool('good', 'Region'), tool('bad', 'two words'), tool('worse', 'A\r\nB')])
    expect(gatehouse.catalog.entries('far' as ServerName).map(({ name }) => name)).toEqual(['far__good'])
  })

  it('knows a call as cancelled by its closed connection, and is told nothing else', async () => {
    let closed = () => {}
    const gone = new Promise<void>((resolve) => {
      closed = resolve
    })
    const client = new AbortController()
    await modernServer({
      'tools/call': (response) => {
        response.on('close', closed)
        client.abort()
      },
    })
    await expect(gatehouse.call('far__do', {}, { signal: client.signal })).rejects.toMatchObject({
      code: 'call.cancelled',
    })
    await gone
    expect(heardOf('notifications/cancelled')).toEqual([])
  })

  it('whose subscription is cut is asked again, and what it offers is looked at anew', async () => {
    let tools = [tool('do', 'Region')]
    let cut = () => {}
    await modernServer({
      'tools/list': (response, heard) => json(response, result(heard, { tools })),
      'subscriptions/listen': (response) => {
        stream(response)(': listening\n\n')
        cut = () => response.end()
      },
    })
    await gatehouse.call('far__do')
    const before = heardOf('subscriptions/listen').length
    tools = [tool('do', 'Region'), tool('new', 'Region')]
    cut()
    await expect.poll(() => gatehouse.catalog.counts('far' as ServerName).quarantined, { timeout: 3000 }).toBe(1)
    expect(heardOf('subscriptions/listen')).toHaveLength(before + 1)
  })

  it('whose subscription falls silent without an end is asked again; one with comments on it is left alone', async () => {
    let tools = [tool('do', 'Region')]
    let comments = false
    const beats: NodeJS.Timeout[] = []
    await modernServer(
      {
        'tools/list': (response, heard) => json(response, result(heard, { tools })),
        'subscriptions/listen': (response) => {
          const send = stream(response)
          send(': listening\n\n')
          if (comments) beats.push(setInterval(() => send(': alive\n\n'), 30))
        },
      },
      undefined,
      { idleStreamMs: 300 },
    )
    await gatehouse.call('far__do')
    tools = [tool('do', 'Region'), tool('new', 'Region')]
    comments = true
    await expect.poll(() => gatehouse.catalog.counts('far' as ServerName).quarantined, { timeout: 3000 }).toBe(1)
    await expect.poll(() => beats.length).toBeGreaterThan(0)
    const asked = heardOf('subscriptions/listen').length
    await delay(900) // three times the silence that would end it
    expect(heardOf('subscriptions/listen')).toHaveLength(asked)
    for (const beat of beats) clearInterval(beat)
  })

  it('is asked once more when it refuses the revision it names as supported', async () => {
    let asked = 0
    await modernServer({
      'server/discover': (response, heard) => {
        const error = { code: -32022, message: 'no', data: { supported: ['2026-07-28'], requested: '2026-07-28' } }
        if (++asked === 1) return json(response, { jsonrpc: '2.0', id: heard.message.id, error }, 400)
        json(response, result(heard, { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }))
      },
      'tools/call': (response, heard) => json(response, said(heard, 'modern')),
    })
    expect(textOf(await gatehouse.call('far__do'))).toBe('modern')
    expect(gatehouse.store.era('far' as ServerName)).toMatch('modern')
  })
})
