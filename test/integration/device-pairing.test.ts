import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

describe('an HTTP client that pairs by a code', () => {
  let app: GatehouseApp
  beforeAll(async () => {
    app = await GatehouseApp.start()
    await app.addRecorder('files', '--trust')
  })
  afterAll(() => app?.end())

  const post = async (path: string, params: Record<string, string>) => {
    const answer = await fetch(`${app.endpoint.httpUrl}${path}`, { method: 'POST', body: new URLSearchParams(params) })
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, string> }
  }
  const poll = (code: string) => post('/oauth/token', { grant_type: deviceGrant, device_code: code })
  const begun = async (name: string) => (await post('/oauth/device_authorization', { client_id: name })).body
  const initialize = (bearer: string) =>
    fetch(app.endpoint.mcpUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'web', version: '1' } },
      }),
    })

  it('is let in once the person said yes to the code it shows', async () => {
    const codes = await begun('phone')
    expect(codes).toMatchObject({ expires_in: 600, interval: 5, verification_uri: 'gatehouse://approvals' })
    expect(await poll(codes.device_code ?? '')).toMatchObject({ status: 400, body: { error: 'authorization_pending' } })
    expect(await poll(codes.device_code ?? '')).toMatchObject({ status: 400, body: { error: 'slow_down' } })
    const [asked] = await app.pending()
    const shown = await app.ask('approvals', 'show', String(asked?.id))
    expect(JSON.stringify(shown)).toContain(codes.user_code)
    expect(JSON.stringify(shown)).not.toContain(codes.device_code)
    await app.approve(String(asked?.id))
    const got = await poll(codes.device_code ?? '')
    expect(got).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 900 } })
    expect(got.headers.get('cache-control')).toBe('no-store')
    expect((await initialize(got.body.access_token ?? '')).status).toBe(200)
    expect(await poll(codes.device_code ?? '')).toMatchObject({ status: 400, body: { error: 'expired_token' } })
    const { clients } = (await app.ask('clients', 'list')) as { clients: { name: string; state: string }[] }
    expect(clients).toContainEqual(expect.objectContaining({ name: 'phone', state: 'paired' }))
    const next = await post('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: got.body.refresh_token ?? '',
    })
    expect(next.status).toBe(200)
  })

  it('is not let in when the person said no, nor asked about again at once', async () => {
    const codes = await begun('stranger')
    const [asked] = await app.pending()
    await app.ask('approvals', 'deny', String(asked?.id))
    expect(await poll(codes.device_code ?? '')).toMatchObject({ body: { error: 'access_denied' } })
    expect((await post('/oauth/device_authorization', { client_id: 'stranger' })).body).toMatchObject({
      error: 'access_denied',
    })
    expect(await app.pending()).toEqual([])
  })

  it('gets nothing by guessing, by approving itself, or from a page of another site', async () => {
    expect(await poll('guess')).toMatchObject({ status: 400, body: { error: 'expired_token' } })
    const refused = await fetch(`${app.endpoint.httpUrl}/oauth/device_authorization`, {
      method: 'POST',
      headers: { origin: 'https://example.com' },
      body: new URLSearchParams({ client_id: 'page' }),
    })
    expect(refused.status).toBe(403)
    await begun('selfish')
    const [asked] = await app.pending()
    const denied = await app.cli('approvals', 'approve', String(asked?.id))
    expect(denied.code).not.toBe(0)
    expect(await app.pending()).toHaveLength(1)
  })
})
