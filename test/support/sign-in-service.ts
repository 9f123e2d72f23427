import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ProofOfPossession } from './proof-of-possession.ts'

type Document = Record<string, unknown>

/** What a hostile or broken service does otherwise. */
export interface Twist {
  readonly metadata?: (document: Document) => Document | string
  readonly resource?: (document: Document) => Document | string
  /** Of the redirect back: parameters added or, when undefined, left out. */
  readonly back?: Record<string, string | undefined>
  readonly token?: (answer: Document) => Document
  readonly expiresIn?: number
  readonly challenge?: string
}

interface Issued {
  /** Thumbprint of the key it is bound to. */
  readonly jkt?: string
  readonly scope: string
  readonly client: string
  readonly family: string
}

/**
 * A remote MCP server and its authorization server on loopback, as OAuth 2.1 wants them: PKCE checked, codes used once,
 * refresh tokens rotated (reuse ends the family), resource and issuer stated, revocation. `seen` is what reached it.
 */
export class SignInService {
  readonly seen: { readonly path: string; readonly form: Record<string, string>; readonly authorization?: string }[] =
    []
  twist: Twist = {}
  /** Of a sign-in without a person: whether the request proves enough. None is taken when undefined. */
  vouched: ((form: Record<string, string>, authorization: string | undefined) => boolean) | undefined
  /** Of an identity provider: what it gives for an ID token (RFC 8693). */
  exchanged: ((form: Record<string, string>) => Document) | undefined
  /** Tokens are bound to a key. */
  possession: ProofOfPossession | undefined
  base = ''
  readonly #server: Server
  readonly #codes = new Map<string, { challenge: string; redirect: string; resource: string } & Issued>()
  readonly #access = new Map<string, Issued>()
  readonly #refresh = new Map<string, Issued>()
  readonly #spent = new Map<string, Issued>()

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
    })
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  get mcpUrl(): string {
    return `${this.base}/mcp`
  }

  /** The tokens in use, to be looked for where they must not be. */
  get secrets(): string[] {
    return [...this.#access.keys(), ...this.#refresh.keys()]
  }

  /** Access tokens hold no more; refresh tokens still do. */
  forgetAccess = () => this.#access.clear()

  forgetEverything(): void {
    this.#access.clear()
    this.#refresh.clear()
  }

  at = (path: string) => this.seen.filter((one) => one.path === path)

  /** What the person's browser does when they agree: follows to the end. @returns where it ended and what it was told */
  static async browse(url: string): Promise<{ readonly url: string; readonly status: number; readonly text: string }> {
    let at = url
    for (let steps = 0; steps < 5; steps++) {
      const answer = await fetch(at, { redirect: 'manual' })
      const next = answer.headers.get('location')
      if (next === null) return { url: at, status: answer.status, text: await answer.text() }
      if (!next.startsWith('http')) return { url: next, status: 0, text: '' }
      at = new URL(next, at).href
    }
    throw new Error('the browser was led in circles')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const url = new URL(request.url ?? '/', this.base)
    const body = await textOf(request)
    const { authorization } = request.headers
    const json = request.headers['content-type'] === 'application/json'
    const form = json ? {} : Object.fromEntries(new URLSearchParams(body || url.search))
    this.seen.push({ path: url.pathname, form, ...(authorization ? { authorization } : {}) })
    switch (url.pathname) {
      case '/.well-known/oauth-protected-resource/mcp':
        return send(response, 200, twisted(this.#resource(), this.twist.resource))
      case '/.well-known/oauth-authorization-server':
        return send(response, 200, twisted(this.#metadata(), this.twist.metadata))
      case '/register':
        return send(response, 201, { ...JSON.parse(body), client_id: `client-${randomBytes(4).toString('hex')}` })
      case '/authorize':
        return this.#authorize(url.searchParams, response)
      case '/token':
        return this.#tokenAsked(request, form, response)
      case '/revoke':
        this.#revoke(form.token ?? '')
        return send(response, 200, {})
      case '/mcp':
        return this.#mcp(request, body, response)
      default:
        return send(response, 404, { error: 'nothing here' })
    }
  }

  #resource = (): Document => ({
    resource: this.mcpUrl,
    authorization_servers: [this.base],
    scopes_supported: ['files:read'],
  })

  #metadata = (): Document => ({
    issuer: this.base,
    authorization_endpoint: `${this.base}/authorize`,
    token_endpoint: `${this.base}/token`,
    registration_endpoint: `${this.base}/register`,
    revocation_endpoint: `${this.base}/revoke`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    authorization_response_iss_parameter_supported: true,
    ...(this.vouched && {
      grant_types_supported: ['client_credentials', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt', 'none'],
    }),
    ...(this.possession && { dpop_signing_alg_values_supported: ['ES256'] }),
  })

  #authorize(query: URLSearchParams, response: ServerResponse): unknown {
    const given = (name: string) => query.get(name) ?? ''
    if (given('code_challenge_method') !== 'S256') return send(response, 400, { error: 'invalid_request' })
    const code = randomBytes(16).toString('hex')
    const [challenge, redirect, resource] = [given('code_challenge'), given('redirect_uri'), given('resource')]
    this.#codes.set(code, {
      challenge,
      redirect,
      resource,
      scope: given('scope'),
      client: given('client_id'),
      family: code,
    })
    const back = new URL(redirect)
    const said = { code, state: given('state'), iss: this.base, ...this.twist.back }
    for (const [name, value] of Object.entries(said)) if (value !== undefined) back.searchParams.set(name, value)
    return response.writeHead(302, { location: back.href }).end()
  }

  async #tokenAsked(request: IncomingMessage, form: Record<string, string>, response: ServerResponse) {
    const bound = await this.possession?.thumbprint(request, `${this.base}/token`)
    if (this.possession?.nonce !== undefined) response.setHeader('dpop-nonce', this.possession.nonce)
    if (bound !== undefined && 'error' in bound) return send(response, 400, bound)
    const key = bound === undefined ? {} : { jkt: bound.jkt }
    if (form.grant_type === 'refresh_token' || form.grant_type === 'authorization_code')
      return this.#token(form, key, response)
    if (this.exchanged && form.grant_type?.endsWith('token-exchange')) return send(response, 200, this.exchanged(form))
    if (this.vouched?.(form, request.headers.authorization) !== true)
      return send(response, 400, { error: 'invalid_grant', error_description: JSON.stringify(form) })
    return this.#issue(
      { scope: form.scope ?? '', client: 'machine', family: randomBytes(4).toString('hex'), ...key },
      response,
    )
  }

  #token(form: Record<string, string>, key: Pick<Issued, 'jkt'>, response: ServerResponse): unknown {
    if (form.grant_type === 'refresh_token') return this.#rotate(form.refresh_token ?? '', key, response)
    const code = this.#codes.get(form.code ?? '')
    this.#codes.delete(form.code ?? '')
    const challenge = createHash('sha256')
      .update(form.code_verifier ?? '')
      .digest('base64url')
    const fits =
      code?.challenge === challenge && code.redirect === form.redirect_uri && code.resource === (form.resource ?? '')
    if (code === undefined || !fits) return send(response, 400, { error: 'invalid_grant' })
    return this.#issue({ ...code, ...key }, response)
  }

  #rotate(token: string, { jkt }: Pick<Issued, 'jkt'>, response: ServerResponse): unknown {
    const reused = this.#spent.get(token)
    if (reused) for (const kept of [this.#access, this.#refresh]) dropFamily(kept, reused.family)
    const held = this.#refresh.get(token)
    if (held === undefined || held.jkt !== jkt)
      return send(response, 400, { error: 'invalid_grant', error_description: `no ${token}` })
    this.#refresh.delete(token)
    this.#spent.set(token, held)
    return this.#issue(held, response)
  }

  #issue({ scope, client, family, jkt }: Issued, response: ServerResponse): unknown {
    const access = `access-${randomBytes(16).toString('hex')}`
    const refresh = `refresh-${randomBytes(16).toString('hex')}`
    const issued = { scope, client, family, ...(jkt === undefined ? {} : { jkt }) }
    this.#access.set(access, issued)
    this.#refresh.set(refresh, issued)
    const answer = {
      access_token: access,
      token_type: jkt === undefined ? 'Bearer' : 'DPoP',
      expires_in: this.twist.expiresIn ?? 3600,
      refresh_token: refresh,
      scope,
    }
    return send(response, 200, this.twist.token?.(answer) ?? answer)
  }

  #revoke(token: string): void {
    const held = this.#refresh.get(token) ?? this.#access.get(token)
    if (held) for (const kept of [this.#access, this.#refresh]) dropFamily(kept, held.family)
  }

  async #mcp(request: IncomingMessage, body: string, response: ServerResponse): Promise<unknown> {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ')
    const found = this.#access.get(token)
    const held = found?.jkt === undefined && scheme !== 'Bearer' ? undefined : found
    if (this.possession?.nonce !== undefined) response.setHeader('dpop-nonce', this.possession.nonce)
    if (held?.jkt !== undefined) {
      const proof = (await this.possession?.thumbprint(request, this.mcpUrl, token)) ?? {}
      const problem =
        'error' in proof ? proof.error : 'jkt' in proof && proof.jkt === held.jkt ? undefined : 'invalid_token'
      if (scheme !== 'DPoP' || problem !== undefined) {
        response.setHeader('www-authenticate', `DPoP algs="ES256", error="${problem ?? 'invalid_token'}"`)
        return send(response, 401, {})
      }
    }
    const metadata = `resource_metadata="${this.base}/.well-known/oauth-protected-resource/mcp"`
    if (held === undefined) {
      response.setHeader('www-authenticate', this.twist.challenge ?? `Bearer ${metadata}, scope="files:read"`)
      return send(response, 401, { error: 'invalid_token' })
    }
    if (request.method !== 'POST') return send(response, 405, {})
    const message = JSON.parse(body)
    if (message.id === undefined) return response.writeHead(202).end()
    if (message.params?.name === 'write' && !held.scope.split(' ').includes('files:write')) {
      response.setHeader('www-authenticate', `Bearer error="insufficient_scope", scope="files:write", ${metadata}`)
      return send(response, 403, { error: 'insufficient_scope' })
    }
    return send(response, 200, { jsonrpc: '2.0', id: message.id, ...replyTo(message) })
  }
}

function replyTo({ method, params }: { method: string; params?: { name?: string } }): Document {
  const schema = { type: 'object' }
  if (method === 'initialize')
    return {
      result: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'files', version: '1' },
      },
    }
  if (method === 'tools/list')
    return { result: { tools: ['read', 'write'].map((name) => ({ name, description: name, inputSchema: schema })) } }
  if (method === 'tools/call') return { result: { content: [{ type: 'text', text: `did ${params?.name}` }] } }
  return { error: { code: -32601, message: 'unknown' } }
}

const twisted = (document: Document, twist: ((document: Document) => Document | string) | undefined) =>
  twist === undefined ? document : twist(document)

function send(response: ServerResponse, status: number, body: Document | string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

function dropFamily(kept: Map<string, Issued>, family: string): void {
  for (const [token, held] of kept) if (held.family === family) kept.delete(token)
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request) text += piece
  return text
}
