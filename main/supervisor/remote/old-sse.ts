import type { IncomingMessage } from 'node:http'
import type { Outgoing } from '../connection.ts'
import { readEvents } from './event-stream.ts'
import { bodyText, type RemoteHttp, sameOrigin } from './remote-http.ts'
import { answeredId, deliver, type LinkEvents, type RemoteLink } from './remote-link.ts'
import { problemOf, RemoteProblem } from './remote-problem.ts'

const pingPrefix = 'gatehouse-ping-'

/**
 * The transport of 2024-11-05: one standing stream of events brings everything, messages are posted to the address its
 * first event names. When the stream ends, the session ends.
 *
 * @see MCP 2024-11-05, basic/transports, “HTTP with SSE”
 */
export class OldSse implements RemoteLink {
  readonly #end = new AbortController()
  #endpoint: URL | undefined
  #pulse: NodeJS.Timeout | undefined
  #pings = 0
  #asked = false
  #heardMs = performance.now()

  constructor(
    private readonly http: RemoteHttp,
    private readonly events: LinkEvents,
  ) {}

  /** @throws RemoteProblem when there is no such stream */
  async open(): Promise<void> {
    const { signal } = this.#end
    const stream = await this.http.open({ method: 'GET', headers: { accept: 'text/event-stream' }, signal })
    const type = stream.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (stream.statusCode !== 200 || type !== 'text/event-stream') {
      stream.destroy()
      throw new RemoteProblem(`there is no MCP server at this address (HTTP ${stream.statusCode}).`, stream.statusCode)
    }
    await this.#begun(stream)
    this.#pulse = setInterval(() => this.#feelPulse(), this.http.limits.quietMs)
  }

  send(line: string, about: Outgoing): void {
    if (this.#end.signal.aborted) return
    if (about.method === 'server/discover') this.#isOlder(about)
    else void this.#post(line, about)
  }

  kill(problem: string): void {
    if (this.#end.signal.aborted) return
    clearInterval(this.#pulse)
    this.#end.abort(new RemoteProblem(problem))
    this.http.close()
    this.events.ended(problem)
  }

  async stop(): Promise<void> {
    this.kill('it was stopped.')
  }

  /** No server that speaks this way knows 2026-07-28; some never answer what they do not know. */
  #isOlder({ id }: Outgoing): void {
    const answer = { jsonrpc: '2.0', id, error: { code: -32601, message: 'HTTP+SSE is older than this.' } }
    queueMicrotask(() => this.events.message(answer))
  }

  /** Until the first event, which says where to post. */
  #begun(stream: IncomingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const { headMs } = this.http.limits
      const late = setTimeout(() => stream.destroy(new RemoteProblem('it did not say where to send messages.')), headMs)
      const begun = () => {
        clearTimeout(late)
        resolve()
      }
      this.#read(stream, begun).then((problem) => {
        clearTimeout(late)
        if (this.#endpoint === undefined) reject(problem)
        else this.kill(problem.message)
      })
    })
  }

  async #read(stream: IncomingMessage, begun: () => void): Promise<RemoteProblem> {
    try {
      await readEvents(stream, this.http.limits.longestMessage, {
        heard: () => {
          this.#heardMs = performance.now()
          this.#asked = false
        },
        event: ({ type, data }) => {
          if (type === 'endpoint') {
            this.#endpoint ??= endpointIn(data, this.http.url)
            begun()
          } else if (type === 'message') this.#deliver(data)
        },
      })
      return new RemoteProblem('it closed the connection.')
    } catch (error) {
      return problemOf(error)
    } finally {
      stream.destroy()
    }
  }

  #deliver(data: string): void {
    deliver(data, {
      message: (value) => {
        if (!String(answeredId(value)).startsWith(pingPrefix)) this.events.message(value)
      },
      garbage: (text) => this.events.garbage(text),
    })
  }

  async #post(body: string, { id, method }: Outgoing): Promise<void> {
    try {
      const url = this.#endpoint as URL
      const headers = { 'content-type': 'application/json' }
      const answer = await this.http.open({ method: 'POST', url, headers, body, signal: this.#end.signal })
      const { statusCode = 0 } = answer
      if (statusCode < 300) answer.resume()
      else await bodyText(answer, 64 * 1024, this.http.limits.bodyMs).catch(() => '')
      if (statusCode >= 300) throw new RemoteProblem(`it refused the request (HTTP ${statusCode}).`, statusCode)
    } catch (error) {
      if (this.#end.signal.aborted) return
      if (id !== undefined) this.events.failed(id, problemOf(error))
      else this.events.note(`(${method ?? 'an answer'}: ${problemOf(error).message})\n`)
    }
  }

  /** A stream that is quiet may be half open: the server is asked for a sign of life, and has one interval to give it. */
  #feelPulse(): void {
    if (performance.now() - this.#heardMs < this.http.limits.quietMs) this.#asked = false
    else if (this.#asked) this.kill('it stopped answering.')
    else {
      this.#asked = true
      const ping = JSON.stringify({ jsonrpc: '2.0', id: `${pingPrefix}${++this.#pings}`, method: 'ping' })
      void this.#post(ping, { method: 'ping' })
    }
  }
}

/** @throws RemoteProblem when it is of another origin */
function endpointIn(data: string, home: URL): URL {
  if (!URL.canParse(data, home)) throw new RemoteProblem('it did not say where to send messages.')
  return sameOrigin(new URL(data, home), home)
}
