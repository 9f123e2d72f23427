import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { aSupervisor, textOf } from '../../support/a-supervisor.ts'
import { anAuthority } from '../../support/remote-servers/certificates.ts'
import { json, type RoughServer, roughServer, said } from '../../support/remote-servers/rough-server.ts'

let gatehouse: ReturnType<typeof aSupervisor>
let server: RoughServer
afterEach(async () => {
  await gatehouse.end()
  await server.close()
})

describe('TLS', () => {
  const authority = anAuthority()
  const stranger = anAuthority()
  const good = authority.issue('localhost')
  afterAll(() => {
    authority.remove()
    stranger.remove()
  })
  const problemWith = async (tls: object | undefined, identity: Parameters<typeof roughServer>[1]) => {
    server = await roughServer({}, identity)
    gatehouse = aSupervisor({ secrets: { TLS_CLIENT_KEY: good.key } })
    return gatehouse.addRemote('far', server.url, tls ? { tls } : {}).then(
      () => 'added',
      (error) => String(error.params?.problem),
    )
  }

  it('accepts what the person’s authority signed, and the pinned key, in TLS 1.3', async () => {
    let protocol: string | null | undefined
    server = await roughServer(
      {
        'tools/call': (response, heard) => {
          protocol = (response.socket as unknown as { getProtocol(): string | null }).getProtocol()
          json(response, said(heard, 'safe'))
        },
      },
      good,
    )
    gatehouse = aSupervisor()
    await gatehouse.addRemote('far', server.url, { tls: { authorities: authority.cert, pin: `sha256/${good.pin}` } })
    expect(textOf(await gatehouse.call('far__do'))).toBe('safe')
    expect(protocol).toBe('TLSv1.3')
  })

  it.each([
    ['signed by nobody known', undefined, () => good, 'signed by nobody you trust'],
    ['signed by somebody else', { authorities: stranger.cert }, () => good, 'signed by nobody you trust'],
    [
      'for another name',
      { authorities: authority.cert },
      () => authority.issue('elsewhere.example'),
      'for another name',
    ],
    [
      'that has run out',
      { authorities: authority.cert },
      () => authority.issue('localhost', ['-days', '-1']),
      'has expired',
    ],
    [
      'with another key than the pinned one',
      { authorities: authority.cert, pin: stranger.issue('localhost').pin },
      () => good,
      'not the pinned one',
    ],
  ])('refuses a certificate %s', async (_name, tls, identity, words) => {
    expect(await problemWith(tls, identity())).toContain(words)
    expect(server.heard).toEqual([])
  })

  it('refuses a certificate though the environment switches the check off', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      expect(await problemWith(undefined, good)).toContain('signed by nobody you trust')
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    }
  })

  it.each([
    ['TLSv1.2', undefined, 'allow it for this server in its settings, or with: gatehouse servers set NAME --tls12'],
    ['TLSv1.2', true, 'added'],
    ['TLSv1.1', true, 'it does not speak TLS 1.3'],
  ] as const)('with a server that speaks %s, 1.2 allowed: %s, ends as “%s”', async (version, tls12, words) => {
    const old = { ...good, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }
    const tls = { authorities: authority.cert, ...(tls12 ? { tls12 } : {}) }
    expect(await problemWith(tls, old)).toContain(words)
    if (words !== 'added') expect(server.heard).toEqual([])
  })

  it('shows the person’s certificate to a server that asks for one', async () => {
    const asking = { ...good, requestCert: true, rejectUnauthorized: true, ca: authority.cert }
    const client = { certificate: good.cert, keySecret: 'TLS_CLIENT_KEY' }
    expect(await problemWith({ authorities: authority.cert, client }, asking)).toBe('added')
    await gatehouse.end()
    await server.close()
    expect(await problemWith({ authorities: authority.cert }, asking)).toContain('client certificate')
  })
})

describe('a certificate that runs out', () => {
  const authority = anAuthority()
  afterAll(() => authority.remove())

  it('of a server in use is trouble on record, with the reason, and heals with a new one', async () => {
    const trouble: string[] = []
    const good = authority.issue('localhost')
    server = await roughServer({}, good)
    gatehouse = aSupervisor({ onTrouble: (_, kind, detail) => trouble.push(`${kind}: ${detail}`) })
    await gatehouse.addRemote('far', server.url, { tls: { authorities: authority.cert } })
    server.show(authority.issue('localhost', ['-days', '-1']))
    await gatehouse.supervisor.restart('far' as ServerName)
    await expect(gatehouse.call('far__do')).rejects.toMatchObject({
      params: { problem: expect.stringContaining('its TLS certificate has expired') },
    })
    expect(trouble).toEqual([expect.stringContaining('start-failed: its TLS certificate has expired')])
    server.show(good)
    await gatehouse.supervisor.restart('far' as ServerName)
    expect(textOf(await gatehouse.call('far__do'))).toBe('done')
  })

  it('of the person is named before it is shown', async () => {
    const good = authority.issue('localhost')
    const late = authority.issue('me', ['-days', '-1'])
    server = await roughServer({}, { ...good, requestCert: true, rejectUnauthorized: true, ca: authority.cert })
    gatehouse = aSupervisor({ secrets: { TLS_CLIENT_KEY: late.key } })
    const client = { certificate: late.cert, keySecret: 'TLS_CLIENT_KEY' }
    await expect(
      gatehouse.addRemote('far', server.url, { tls: { authorities: authority.cert, client } }),
    ).rejects.toMatchObject({
      params: { problem: expect.stringContaining('client certificate you set for it is out of date') },
    })
    expect(server.heard).toEqual([])
  })
})

describe('a secret in a header', () => {
  const planted = 'hunter2-very-secret'
  const headers = [{ name: 'Authorization', scheme: 'Bearer', secret: 'TOKEN' }]

  beforeAll(() => expect(planted).toHaveLength(19))

  it('goes along with every request, over a client’s and a server’s own headers', async () => {
    server = await roughServer()
    gatehouse = aSupervisor({ secrets: { TOKEN: planted } })
    await gatehouse.addRemote('far', server.url, { headers })
    await gatehouse.call('far__do')
    expect(server.heard.length).toBeGreaterThan(4)
    expect(new Set(server.heard.map((one) => one.headers.authorization))).toEqual(new Set([`Bearer ${planted}`]))
  })

  it('is in no configuration, listing, log or error, were it sent back in every one', async () => {
    server = await roughServer({
      'tools/list': (response, { headers, message }) =>
        json(response, {
          jsonrpc: '2.0',
          id: message.id,
          result: {
            tools: [{ name: 'do', description: `you sent ${headers.authorization}`, inputSchema: { type: 'object' } }],
          },
        }),
      'tools/call': (response, { headers }) => {
        response.statusMessage = String(headers.authorization)
        response.writeHead(500, { 'x-echo': String(headers.authorization) }).end(`bad token ${headers.authorization}`)
      },
    })
    gatehouse = aSupervisor({ secrets: { TOKEN: planted } })
    await gatehouse.addRemote('far', server.url, { headers })
    const error = await gatehouse.call('far__do').catch((caught) => caught)
    const rows = gatehouse.db.prepare('SELECT * FROM server').all()
    const told = { error, cause: String(error.cause?.stack), stack: error.stack, params: error.params, rows }
    const seen = { list: gatehouse.administration.list(), logs: gatehouse.supervisor.logs('far' as never, 100) }
    expect(error).toMatchObject({ code: 'server.failed', params: { problem: 'it has trouble of its own (HTTP 500).' } })
    expect(JSON.stringify({ told, seen, entries: gatehouse.catalog.entries('far' as never) })).not.toContain(planted)
  })

  it('that no header can carry is named, not shown', async () => {
    server = await roughServer()
    gatehouse = aSupervisor({ secrets: { TOKEN: `${planted}\nx-other: 1` } })
    const error = await gatehouse.addRemote('far', server.url, { headers }).catch((caught) => caught)
    expect(error.params.problem).toContain('no header can carry')
    expect(JSON.stringify(error.params)).not.toContain(planted)
    expect(server.heard).toEqual([])
  })

  it('is not sent where a server redirects to', async () => {
    const thief = await roughServer()
    server = await roughServer({
      'tools/call': (response) => void response.writeHead(307, { location: thief.url }).end(),
    })
    gatehouse = aSupervisor({ secrets: { TOKEN: planted } })
    await gatehouse.addRemote('far', server.url, { headers })
    await expect(gatehouse.call('far__do')).rejects.toMatchObject({ code: 'server.failed' })
    expect(thief.heard).toEqual([])
    await thief.close()
  })
})

describe('a way to prove a right', () => {
  it('is asked before every request and again when one is refused; its refusal is the error', async () => {
    const challenges: unknown[] = []
    let token = 'none'
    server = await roughServer({
      'tools/call': (response, heard) =>
        heard.headers.authorization === 'Bearer second'
          ? json(response, said(heard, 'allowed'))
          : void response.writeHead(401, { 'www-authenticate': 'Bearer scope="files:read"' }).end(),
    })
    gatehouse = aSupervisor({
      authorize: {
        proof: async ({ challenge }) => {
          if (challenge) {
            challenges.push(challenge)
            token = 'second'
          }
          return { authorization: `Bearer ${token}` }
        },
        heard: () => {},
      },
    })
    await gatehouse.addRemote('far', server.url)
    expect(textOf(await gatehouse.call('far__do'))).toBe('allowed')
    expect(challenges).toMatchObject([{ status: 401, url: server.url, wwwAuthenticate: 'Bearer scope="files:read"' }])
  })
})
