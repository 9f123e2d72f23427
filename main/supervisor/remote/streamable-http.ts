import type { IncomingMessage } from 'node:http'
import type { Outgoing } from '../connection.ts'
import { modernRevision } from '../handshake.ts'
import {
  errorIn,
  headerSafe,
  isRefusal,
  missed,
  protocolIn,
  sessionIn,
  statusSentence,
  taskName,
} from './http-messages.ts'
import { bodyText, type RemoteHttp } from './remote-http.ts'
import { answeredId, deliver, type LinkEvents, pause, type RemoteLink } from './remote-link.ts'
import { problemOf, RemoteProblem, SessionForgotten } from './remote-problem.ts'
import { endWhenSilent, longestWaitMs, newPlace, readStream, standingStream } from './standing-stream.ts'

interface OpenRequest {
  readonly exchange: AbortController
  readonly method: string
  answered: boolean
}

/** So often in a row a stream that was cut is taken up again without anything new on it. */
const mostResumes = 5
/** A server may end its stream a little after its answer; then the connection is used again. */
const afterAnswerMs = 500
const goodbyeMs = 2_000
const standMs = 250
const longestRefusal = 1024 * 1024

/**
 * Streamable HTTP: one POST a message, answered by one document or by a stream of events. Up to 2025-11-25 with a session
 * and a standing stream for what the server says unasked; from 2026-07-28 without either, every request by itself.
 *
 * @see MCP 2025-11-25 and 2026-07-28, basic/transports, “Streamable HTTP”
 */
export class StreamableHttp implements RemoteLink {
  readonly #open = new Map<string | number, OpenRequest>()
  readonly #end = new AbortController()
  #session: string | undefined
  #protocol: string | undefined
  #modern = true
  #begun: Promise<void> | undefined

  constructor(
    private readonly http: RemoteHttp,
    private readonly events: LinkEvents,
  ) {}

  send(line: string, about: Outgoing): void {
    if (this.#end.signal.aborted) return
    if (about.method === 'initialize') this.#modern = false
    if (about.cancels !== undefined) this.#cancel(about.cancels)
    if (about.method === 'notifications/initialized') this.#begun = this.#begin(line, about)
    else if (about.id === undefined) void this.#tell(line, about)
    else void this.#request(line, about.id, about)
  }

  kill(problem: string): void {
    if (this.#end.signal.aborted) return
    this.#end.abort(new RemoteProblem(problem))
    this.http.close()
    this.events.ended(problem)
  }

  async stop(): Promise<void> {
    if (this.#end.signal.aborted) return
    const session = this.#session
    if (session !== undefined) await this.#goodbye()
    this.kill('it was stopped.')
  }

  async #goodbye(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(goodbyeMs)
      const answer = await this.http.open({ method: 'DELETE', headers: this.#standing(), signal })
      answer.destroy()
    } catch {
      // it may not allow it, or be gone
    }
  }

  /** 2026-07-28 knows a request as cancelled by its closed connection; older servers are told, too. */
  #cancel(id: string | number): void {
    const request = this.#open.get(id)
    this.#open.delete(id)
    request?.exchange.abort(new RemoteProblem('it was cancelled.'))
  }

  /**
   * Ends the greeting of a 2025 session and opens its standing stream. What follows waits for both, though not long for
   * the stream: a server need not have one.
   */
  async #begin(line: string, about: Outgoing): Promise<void> {
    await this.#tell(line, about)
    if (this.#end.signal.aborted) return
    await new Promise<void>((resolve) => {
      setTimeout(resolve, standMs).unref()
      void this.#listen(resolve)
    })
  }

  /** A notification, or an answer to the server. */
  async #tell(line: string, about: Outgoing): Promise<void> {
    if (this.#modern && about.cancels !== undefined) return
    try {
      await this.#begun
      const answer = await this.http.open({
        method: 'POST',
        headers: this.#posting(about, line),
        body: line,
        signal: this.#end.signal,
      })
      const { statusCode = 0 } = answer
      answer.resume()
      if (this.#isForgotten(statusCode)) return this.kill('it forgot the session.')
      if (statusCode >= 400) this.events.note(`(answered ${about.method ?? 'an answer'} with HTTP ${statusCode})\n`)
    } catch (error) {
      if (!this.#end.signal.aborted) this.events.note(`(${about.method ?? 'an answer'}: ${problemOf(error).message})\n`)
    }
  }

  async #request(line: string, id: string | number, about: Outgoing): Promise<void> {
    const request: OpenRequest = { exchange: new AbortController(), method: about.method ?? '', answered: false }
    this.#open.set(id, request)
    const signal = AbortSignal.any([this.#end.signal, request.exchange.signal])
    try {
      await this.#begun
      if (about.method === 'subscriptions/listen') await this.#listenOn(line, about, request, signal)
      else await this.#take(await this.#post(line, about, signal), id, request, signal)
      if (!request.answered) throw new RemoteProblem('its answer to the request does not answer it.')
    } catch (error) {
      if (!signal.aborted && !request.answered) this.#failed(id, problemOf(error))
    } finally {
      this.#open.delete(id)
    }
  }

  #post(body: string, about: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
    return this.http.open({ method: 'POST', headers: this.#posting(about, body), body, signal, patient: true })
  }

  /**
   * A 2026-07-28 server tells through the answer to this request, which may be cut at any time, or fall silent for good:
   * then it is asked again, and what it may have told meanwhile counts as told.
   */
  async #listenOn(line: string, about: Outgoing, request: OpenRequest, signal: AbortSignal): Promise<void> {
    let waitMs = this.http.limits.againMs
    for (let stood = false; ; ) {
      try {
        const answer = await this.#post(line, about, signal)
        if (answer.statusCode === 200) {
          if (stood) for (const message of missed(line)) this.events.message(message)
          stood = true
          waitMs = this.http.limits.againMs
          endWhenSilent(answer, this.http.limits.idleStreamMs)
        }
        await this.#take(answer, about.id as number, request, signal)
        if (request.answered) return
      } catch (error) {
        if (!stood || signal.aborted || isRefusal(error)) throw error
      }
      await pause(waitMs, signal)
      waitMs = Math.min(waitMs * 2, longestWaitMs)
    }
  }

  #failed(id: string | number, problem: RemoteProblem): void {
    this.events.failed(id, problem)
    if (problem instanceof SessionForgotten) this.kill(problem.message)
  }

  async #take(answer: IncomingMessage, id: string | number, request: OpenRequest, signal: AbortSignal): Promise<void> {
    const { statusCode = 0, headers } = answer
    if (this.#isForgotten(statusCode)) throw new SessionForgotten('it forgot the session.', statusCode)
    if (statusCode >= 400) return this.#refused(answer, id, request)
    if (request.method === 'initialize') this.#session = sessionIn(answer)
    const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (type === 'text/event-stream') return this.#readAnswer(answer, request, signal)
    const text = await bodyText(answer, this.http.limits.longestMessage, this.http.limits.bodyMs)
    if (type === 'application/json') this.#deliver(text)
    else
      throw new RemoteProblem(
        `it answered with ${type ? `“${type.slice(0, 80)}”` : 'nothing'} instead of MCP.`,
        statusCode,
      )
  }

  /** An error in MCP's own form passes as it came; `server/discover` is simply not known to an older server. */
  async #refused(answer: IncomingMessage, id: string | number, request: OpenRequest): Promise<void> {
    const { statusCode = 0 } = answer
    const text = await bodyText(answer, longestRefusal, this.http.limits.bodyMs).catch(() => '')
    const error = errorIn(text, id)
    const unknown = request.method === 'server/discover' && statusCode < 500 && statusCode !== 401 && statusCode !== 403
    if (error !== undefined) this.#message({ jsonrpc: '2.0', id, error })
    else if (unknown) this.#message({ jsonrpc: '2.0', id, error: { code: -32601, message: `HTTP ${statusCode}` } })
    else throw new RemoteProblem(statusSentence(statusCode), statusCode)
  }

  /** Reads the events that lead to an answer; where the server numbers them, a cut stream is taken up where it ended. */
  async #readAnswer(first: IncomingMessage, request: OpenRequest, signal: AbortSignal): Promise<void> {
    const place = newPlace(this.http.limits.againMs)
    let stream = first
    for (let tries = 0; ; tries++) {
      place.heard = false
      const cut = await readStream(stream, this.http.limits.longestMessage, place, (text) => {
        this.#deliver(text)
        if (request.answered) setTimeout(() => stream.destroy(), afterAnswerMs).unref()
      })
      if (request.answered || signal.aborted) return
      if (place.heard) tries = 0
      if (cut instanceof RemoteProblem) throw cut
      if (place.lastId === undefined || this.#modern || tries === mostResumes)
        throw new RemoteProblem('the connection broke off before the answer. Whether it was done is not known.')
      await pause(place.waitMs, signal)
      stream = await this.#resume(place.lastId, signal)
    }
  }

  async #resume(lastId: string, signal: AbortSignal): Promise<IncomingMessage> {
    const headers = { ...this.#standing(), accept: 'text/event-stream', 'last-event-id': headerSafe(lastId) }
    const answer = await this.http.open({ method: 'GET', headers, signal })
    const { statusCode = 0 } = answer
    if (statusCode === 200) return answer
    answer.destroy()
    throw new RemoteProblem(
      `the connection broke off and could not be taken up again (HTTP ${statusCode}).`,
      statusCode,
    )
  }

  /** @returns why it was cut, or undefined when it simply ended */
  #listen(stands: () => void): Promise<void> {
    return standingStream({
      http: this.http,
      signal: this.#end.signal,
      headers: () => this.#standing(),
      isForgotten: this.#isForgotten,
      forgotten: () => this.kill('it forgot the session.'),
      onMessage: (text) => this.#deliver(text),
      stands,
    })
  }

  #deliver(text: string): void {
    deliver(text, { message: (value) => this.#message(value), garbage: (garbage) => this.events.garbage(garbage) })
  }

  #message(message: unknown): void {
    const id = answeredId(message)
    const request = id === undefined ? undefined : this.#open.get(id)
    if (request !== undefined) {
      request.answered = true
      if (request.method === 'initialize') this.#protocol = protocolIn(message)
    }
    this.events.message(message)
  }

  #isForgotten = (status: number) => status === 404 && this.#session !== undefined

  #posting(about: Outgoing, line: string): Record<string, string> {
    return {
      ...this.#standing(),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(this.#modern && about.method !== undefined ? { 'mcp-method': about.method } : {}),
      ...(this.#modern ? { ...taskName(about, line), ...about.headers } : {}),
    }
  }

  #standing(): Record<string, string> {
    const protocol = this.#modern ? modernRevision : this.#protocol
    return {
      ...(protocol === undefined ? {} : { 'mcp-protocol-version': protocol }),
      ...(this.#session === undefined ? {} : { 'mcp-session-id': this.#session }),
    }
  }
}
