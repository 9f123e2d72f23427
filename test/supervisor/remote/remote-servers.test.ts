import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { aSupervisor, textOf } from '../../support/a-supervisor.ts'
import { everythingOver, fixtureOverHttp, type RemoteServer } from '../../support/remote-servers/remote-servers.ts'

let gatehouse: ReturnType<typeof aSupervisor>
afterEach(() => gatehouse.end())

describe('the published everything server', () => {
  const over: Record<string, RemoteServer> = {}
  beforeAll(async () => {
    const [http, sse] = await Promise.all([everythingOver('streamableHttp'), everythingOver('sse')])
    Object.assign(over, { http, sse })
  })
  afterAll(async () => {
    for (const server of Object.values(over)) await server.stop()
  })

  it.each(['http', 'sse'])('is found out, listed and called over %s, with progress', async (transport) => {
    gatehouse = aSupervisor()
    const added = await gatehouse.addRemote('far', over[transport]?.url ?? '')
    expect(added).toMatchObject({ origin: 'remote', confinement: 'remote: nothing runs here', state: 'idle', pids: [] })
    expect(added.tools).toBeGreaterThan(5)
    expect(textOf(await gatehouse.call('far__echo', { message: 'hi' }))).toBe('Echo: hi')
    const heard: number[] = []
    const peer = { progress: ({ progress }: { progress: number }) => void heard.push(progress) }
    const args = { duration: 0.2, steps: 2 }
    await gatehouse.call('far__trigger-long-running-operation', args, { peer, meta: { progressToken: 1 } })
    expect(heard).toEqual([1, 2])
    expect(gatehouse.store.era('far' as ServerName)).toBe('legacy')
  })

  it.each(['http', 'sse'])('asks the client whose call runs over %s', async (transport) => {
    gatehouse = aSupervisor()
    await gatehouse.addRemote('far', over[transport]?.url ?? '')
    const peer = {
      capabilities: { sampling: {} },
      request: async () => ({ role: 'assistant', content: { type: 'text', text: 'sampled' }, model: 'm' }),
    }
    const reply = await gatehouse.call('far__trigger-sampling-request', { prompt: 'p', maxTokens: 5 }, { peer })
    expect(JSON.stringify(reply)).toContain('sampled')
  })
})

describe('a server of the 2.x SDK', () => {
  let server: RemoteServer
  beforeAll(async () => {
    server = await fixtureOverHttp()
  })
  afterAll(() => server.stop())

  it('is spoken to in the 2026-07-28 way over HTTP', async () => {
    gatehouse = aSupervisor()
    await gatehouse.addRemote('far', server.url)
    expect(gatehouse.store.era('far' as ServerName)).toBe('modern')
    expect(textOf(await gatehouse.call('far__test_simple_text'))).toContain('simple text')
  })
})

describe('a remote server', () => {
  it('has no sandbox, folders, hosts or environment to set', async () => {
    const server = await fixtureOverHttp()
    gatehouse = aSupervisor()
    await gatehouse.addRemote('far', server.url)
    for (const change of [{ sandbox: 2 as const }, { allowedPaths: [] }, { allowedHosts: ['a.example'] }, { env: {} }])
      await expect(gatehouse.administration.set('far' as ServerName, change)).rejects.toMatchObject({
        code: 'input.invalid',
      })
    await server.stop()
  })
})
