import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inputInvalid } from '../../../shared/errors.ts'
import { OAuthProblem } from './oauth-problem.ts'

/** What the authorization server answered, by way of the person's browser. Nothing of it is verified but the state. */
export interface AuthorizationAnswer {
  readonly code?: string
  readonly error?: string
  readonly iss?: string
}

const callbackPath = '/callback'

/**
 * Waits on loopback for one answer: the one that carries our state. Anything else is turned away and changes nothing.
 *
 * @see RFC 8252, section 7.3: a native app's redirect goes to a loopback address and a port of the moment
 */
export class LoopbackListener {
  readonly answer: Promise<AuthorizationAnswer>
  #settle!: { resolve(answer: AuthorizationAnswer): void; reject(problem: Error): void }
  #timer: NodeJS.Timeout | undefined

  private constructor(
    private readonly server: Server,
    private readonly state: string,
    private readonly title: string,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.answer.catch(() => {}) // whoever waits hears it too
    server.on('request', (request, response) => this.#take(request, response))
  }

  /**
   * @param port 0 for any
   * @param lifeMs how long it listens
   * @throws input.invalid when the port is taken
   */
  static async open(options: {
    readonly state: string
    readonly port: number
    readonly lifeMs: number
    /** Of the server, for the page the browser ends on. */
    readonly title: string
  }): Promise<LoopbackListener> {
    const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 10_000 })
    await new Promise<void>((resolve, reject) => {
      server.once('error', () => reject(inputInvalid(`Port ${options.port} is taken. Choose another, or none.`)))
      server.listen(options.port, '127.0.0.1', resolve)
    })
    const listener = new LoopbackListener(server, options.state, options.title)
    listener.#timer = setTimeout(
      () => listener.close(new OAuthProblem('it was not finished in time. Begin it again.')),
      options.lifeMs,
    )
    listener.#timer.unref()
    return listener
  }

  get redirectUrl(): string {
    return `http://127.0.0.1:${this.#port}${callbackPath}`
  }

  /** Ends the waiting with this reason, unless there is an answer. */
  close(reason: Error): void {
    clearTimeout(this.#timer)
    this.#settle.reject(reason)
    this.server.close()
    this.server.closeIdleConnections()
  }

  get #port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? 0
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('connection', 'close')
    const query = this.#queryOf(request)
    if (query === undefined || !this.#isOurs(query)) {
      say(response, query ? 400 : 404, 'This is not the answer to a sign-in that Gatehouse began. Nothing was changed.')
      return
    }
    say(response, 200, `Gatehouse now says whether it is signed in to “${this.title}”. You can close this page.`)
    const { code, error, iss } = Object.fromEntries(query)
    this.#settle.resolve({
      ...(code ? { code } : {}),
      ...(error ? { error } : {}),
      ...(iss === undefined ? {} : { iss }),
    })
    this.close(new OAuthProblem('it was answered.'))
  }

  #isOurs(query: URLSearchParams): boolean {
    const repeated = ['state', 'code', 'iss', 'error'].some((name) => query.getAll(name).length > 1)
    return !repeated && same(query.get('state') ?? '', this.state)
  }

  /** The query of a request that may be a redirect to us; another name for this host is DNS rebinding. */
  #queryOf({ method, url = '', headers }: IncomingMessage): URLSearchParams | undefined {
    if (method !== 'GET' || headers.host !== `127.0.0.1:${this.#port}`) return undefined
    if (!url.startsWith('/') || !URL.canParse(url, this.redirectUrl)) return undefined
    const asked = new URL(url, this.redirectUrl)
    return asked.host === headers.host && asked.pathname === callbackPath ? asked.searchParams : undefined
  }
}

function same(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function say(response: ServerResponse, status: number, sentence: string): void {
  const text = sentence.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gatehouse</title><body style="font:16px/1.5 system-ui;max-width:36rem;margin:20vh auto;padding:0 1rem"><h1 style="font-size:1.25rem">Gatehouse</h1><p>${text}</p>`,
  )
}
