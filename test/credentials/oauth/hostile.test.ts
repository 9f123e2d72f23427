import { createServer, request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SignInService, type Twist } from '../../support/sign-in-service.ts'
import { aSignIn } from './a-sign-in.ts'

let service: SignInService
beforeEach(async () => {
  service = await new SignInService().start()
})
afterEach(() => service.stop())

/** Signs in to a service that does this. @returns the sentence it ended with */
async function refusalOf(twist: Twist): Promise<string> {
  service.twist = twist
  const { signIn, state } = await aSignIn(service)
  const problem = await signIn().then(
    () => 'signed in',
    (error) => error.params.problem as string,
  )
  expect(state()?.state).toBe('none')
  return problem
}

const reached = () => service.seen.map(({ path }) => path)

describe('a service that answers for another', () => {
  it.each([
    ['a wrong issuer', { iss: 'https://evil.example' }],
    ['no issuer though it says it sends one', { iss: undefined }],
    ['an issuer that only looks alike', { iss: 'HTTP://127.0.0.1' }],
  ])('is found out by %s in its answer (mix-up), and gets no code', async (_, back) => {
    expect(await refusalOf({ back })).toMatch(/another service than the one that was asked/)
    expect(reached()).not.toContain('/token')
  })

  it('is found out by the issuer in its metadata', async () => {
    const problem = await refusalOf({ metadata: (said) => ({ ...said, issuer: 'https://evil.example' }) })
    expect(problem).toMatch(/says it is another/)
    expect(reached()).not.toContain('/register')
  })

  it('is found out by an error of another issuer, whose word does not count', async () => {
    expect(await refusalOf({ back: { code: undefined, error: 'access_denied', iss: 'https://evil.example' } })).toMatch(
      /another service/,
    )
  })
})

describe('metadata that would weaken a sign-in', () => {
  it.each<[string, Twist, RegExp]>([
    ['no PKCE', { metadata: ({ code_challenge_methods_supported: _, ...said }) => said }, /PKCE/],
    ['only plain PKCE', { metadata: (said) => ({ ...said, code_challenge_methods_supported: ['plain'] }) }, /PKCE/],
    ['no code flow', { metadata: (said) => ({ ...said, response_types_supported: ['token'] }) }, /no sign-in/],
    [
      'a page without encryption',
      { metadata: (said) => ({ ...said, authorization_endpoint: 'http://login.example/authorize' }) },
      /not protected by encryption/,
    ],
    [
      'a page that is a file',
      { metadata: (said) => ({ ...said, authorization_endpoint: 'file:///etc/passwd' }) },
      /not protected by encryption/,
    ],
    [
      'a page that is a script',
      { metadata: (said) => ({ ...said, authorization_endpoint: 'javascript:alert(1)' }) },
      /does not fit OAuth/,
    ],
    [
      'a token address without encryption',
      { metadata: (said) => ({ ...said, token_endpoint: 'http://tokens.example/token' }) },
      /not protected by encryption/,
    ],
    [
      'another server’s resource',
      { resource: (said) => ({ ...said, resource: 'https://bank.example/' }) },
      /another server/,
    ],
    ['no end', { metadata: () => `{"issuer":"${'x'.repeat(70_000)}"}` }, /far more than a sign-in needs/],
    ['no JSON', { resource: () => '<html>' }, /cannot be read/],
  ])('is refused before anything opens: %s', async (_, twist, sentence) => {
    expect(await refusalOf(twist)).toMatch(sentence)
    expect(reached()).not.toContain('/authorize')
    expect(reached()).not.toContain('/token')
  })
})

describe('a server of this computer', () => {
  let other: ReturnType<typeof createServer>
  let port: number
  const heard: string[] = []
  beforeEach(async () => {
    heard.length = 0
    other = createServer(({ method, url }, response) => {
      heard.push(`${method} ${url}`)
      response.writeHead(200).end('{}')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    port = (other.address() as { port: number }).port
  })
  afterEach(() => void other.close())
  const there = (path: string) => `http://127.0.0.1:${port}${path}`

  it.each(['token_endpoint', 'registration_endpoint', 'revocation_endpoint', 'authorization_endpoint'])(
    'cannot have Gatehouse send anything to another program by its %s',
    async (endpoint) => {
      const problem = await refusalOf({ metadata: (said) => ({ ...said, [endpoint]: there('/admin?delete=all') }) })
      expect(problem).toMatch(/another program of this computer/)
      expect(heard).toEqual([])
    },
  )

  it('cannot name another port as the place of its metadata', async () => {
    service.twist = { challenge: `Bearer resource_metadata="${there('/admin?delete=all')}"` }
    const { call, signIn } = await aSignIn(service)
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
    await expect(signIn()).rejects.toMatchObject({
      params: { problem: expect.stringContaining('another program of this computer') },
    })
    expect(heard).toEqual([])
  })

  it('can name a service at another port, which is asked for its metadata at most', async () => {
    const problem = await refusalOf({ resource: (said) => ({ ...said, authorization_servers: [there('/')] }) })
    expect(problem).not.toBe('signed in')
    expect(heard.length).toBeGreaterThan(0)
    for (const request of heard) expect(request).toMatch(/^GET \/\.well-known\//)
  })
})

describe('a service that leads astray', () => {
  it('is not followed to an address worse than the server’s own', async () => {
    const problem = await refusalOf({
      resource: (said) => ({ ...said, authorization_servers: ['http://169.254.169.254/latest'] }),
    })
    expect(problem).toMatch(/does not go to|not encrypted/)
  })

  it('is not followed to a file or another origin by a redirect', async () => {
    for (const location of ['file:///etc/passwd', 'http://127.0.0.1:1/elsewhere']) {
      const astray = createServer((_, response) => response.writeHead(302, { location }).end()).listen(0, '127.0.0.1')
      await new Promise((resolve) => astray.once('listening', resolve))
      const port = (astray.address() as { port: number }).port
      const problem = await refusalOf({
        resource: (said) => ({ ...said, authorization_servers: [`http://127.0.0.1:${port}`] }),
      })
      expect(problem).toMatch(/none at that address/)
      astray.close()
    }
  })

  it('that never answers is given up on', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const port = (silent.address() as { port: number }).port
    const problem = await refusalOf({
      resource: (said) => ({ ...said, authorization_servers: [`http://127.0.0.1:${port}`] }),
    })
    expect(problem).toMatch(/did not answer in time/)
    silent.closeAllConnections()
    silent.close()
  })
})

describe('tokens that fit no request', () => {
  it.each<[string, (answer: Record<string, unknown>) => Record<string, unknown>]>([
    ['of another type', (answer) => ({ ...answer, token_type: 'DPoP' })],
    ['with a line break', (answer) => ({ ...answer, access_token: 'a\r\nx-injected: 1' })],
    ['that are none', () => ({ hello: 'there' })],
  ])('are not kept: %s', async (_, token) => {
    expect(await refusalOf({ token })).toMatch(/token|does not fit OAuth/)
  })
})

describe('the listener', () => {
  const get = (url: URL, headers: Record<string, string> = {}, path = `${url.pathname}${url.search}`, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      request({ host: '127.0.0.1', port: url.port, path, method, headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })

  it('turns away what is not the answer, and still takes the answer', async () => {
    const { signIns, config, state } = await aSignIn(service)
    const { id, url } = await signIns.begin(config, {})
    const ended = signIns.wait(id)
    const given = new URL(url).searchParams
    const back = new URL(given.get('redirect_uri') ?? '')
    const forged = (query: string) => new URL(`?${query}`, back)
    expect(await get(forged('code=x&state=wrong'))).toBe(400)
    expect(await get(forged('code=x'))).toBe(400)
    expect(await get(forged(`code=x&code=y&state=${given.get('state')}`))).toBe(400)
    expect(await get(forged(`code=x&state=${'é'.repeat(43)}`))).toBe(400)
    expect(await get(forged(`code=x&state=${given.get('state')}`), { host: 'evil.example' })).toBe(404)
    expect(await get(back, {}, 'http://evil.example/callback')).toBe(404)
    expect(await get(back, {}, '//')).toBe(404)
    expect(await get(back, {}, undefined, 'POST')).toBe(404)
    await SignInService.browse(url)
    await ended
    expect(state()?.state).toBe('signed-in')
    await expect(get(back)).rejects.toThrow() // it listens no longer
  })
})

describe('secrets', () => {
  it('stand in no summary, no error and no event, and are known to those who redact', async () => {
    service.twist = { token: (answer) => answer }
    const { signIn, signIns, told, state, credentials, call, config } = await aSignIn(service)
    const begun = await signIn({ clientId: 'me', clientSecret: 'planted-client-secret' })
    const planted = [...service.secrets, 'planted-client-secret']
    expect(planted.length).toBe(3)
    expect([...credentials.knownValues()].sort()).toEqual([...planted].sort())
    const shown = JSON.stringify([told, state(), begun, credentials.list()])
    for (const secret of planted) expect(shown).not.toContain(secret)
    service.forgetEverything() // the service’s refusal repeats the refresh token
    const error = await call('read').catch((refusal: Error) => refusal)
    const said = JSON.stringify([error, (error as Error).stack, told]) + String((error as Error).cause)
    for (const secret of planted) expect(said).not.toContain(secret)
    expect(signIns.list([config])[0]?.state).toBe('sign-in')
  })
})
