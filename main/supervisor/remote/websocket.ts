import { WebSocket } from 'ws'
import type { Challenge } from '../../../shared/domain/remote.ts'
import type { Outgoing } from '../connection.ts'
import type { RemoteHttp } from './remote-http.ts'
import { refusal } from './remote-http.ts'
import { deliver, type LinkEvents, type RemoteLink } from './remote-link.ts'
import { problemOf, RemoteProblem } from './remote-problem.ts'

const authenticationRequired = -32001
const closeMs = 1_000
const mostChallenges = 3

/**
 * MCP over a WebSocket: one text frame a message. Two silent intervals in a row, and the connection counts as dead.
 *
 * @see spec/platform.md section M
 */
export class WebSocketLink implements RemoteLink {
  #socket: WebSocket | undefined
  #beat: NodeJS.Timeout | undefined
  #silent = 0
  #ended = false
  #refused: RemoteProblem | undefined

  constructor(
    private readonly http: RemoteHttp,
    private readonly events: LinkEvents,
  ) {}

  /** @throws RemoteProblem */
  async open(): Promise<void> {
    let proof = await this.http.proof('GET', this.http.url)
    for (let challenges = 0; ; challenges++) {
      const answer = await this.#opened(proof)
      if (answer === undefined) break
      if (challenges === mostChallenges || !this.http.mayProve) throw refusal(answer.status)
      proof = await this.http.proof('GET', this.http.url, answer)
    }
    this.#beat = setInterval(() => this.#feelPulse(), this.http.limits.quietMs)
  }

  send(line: string, _about: Outgoing): void {
    this.#socket?.send(line, (error) => {
      if (error) this.kill(problemOf(error).message)
    })
  }

  kill(problem: string): void {
    if (this.#ended) return
    this.#ended = true
    clearInterval(this.#beat)
    this.#socket?.terminate()
    this.http.close()
    this.events.ended(this.#refused?.message ?? problem)
  }

  async stop(): Promise<void> {
    const socket = this.#socket
    if (!this.#ended && socket !== undefined && socket.readyState === WebSocket.OPEN) {
      clearInterval(this.#beat)
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.close(1000)
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, closeMs).unref())])
    }
    this.kill('it was stopped.')
  }

  /** @returns the challenge it was refused with, or undefined when it stands */
  #opened(proof: Readonly<Record<string, string>>) {
    const { limits, url } = this.http
    return new Promise<Challenge | undefined>((resolve, reject) => {
      const socket = new WebSocket(url, 'mcp', {
        ...this.http.connection,
        headers: proof,
        maxPayload: limits.longestMessage,
        handshakeTimeout: limits.connectMs,
        followRedirects: false,
        perMessageDeflate: false,
      })
      this.#socket = socket
      socket.once('open', () => resolve(undefined))
      socket.once('unexpected-response', (_request, { statusCode = 0, headers }) => {
        socket.terminate()
        this.http.heard(headers)
        const wwwAuthenticate = headers['www-authenticate']
        if (statusCode === 401 || (statusCode === 403 && wwwAuthenticate !== undefined))
          resolve({
            status: statusCode,
            url: url.href,
            proof,
            ...(wwwAuthenticate === undefined ? {} : { wwwAuthenticate }),
          })
        else reject(new RemoteProblem(`there is no MCP server at this address (HTTP ${statusCode}).`, statusCode))
      })
      socket.on('error', (error) => {
        const problem = socketProblem(error)
        reject(problem)
        if (this.#beat !== undefined) this.kill(problem.message)
      })
      this.#listenTo(socket)
    })
  }

  #listenTo(socket: WebSocket): void {
    const heard = () => {
      this.#silent = 0
    }
    socket.on('pong', heard)
    socket.on('ping', heard)
    socket.on('message', (data, binary) => {
      heard()
      if (binary) return this.kill('it sent bytes where a message belongs.')
      this.#take(data.toString())
    })
    socket.on('close', (code) => {
      if (this.#beat !== undefined)
        this.kill(code === 1009 ? 'it sent a message over 48 MB.' : 'it closed the connection.')
    })
  }

  #take(text: string): void {
    for (const message of deliver(text, this.events)) {
      const { error, id } = (message ?? {}) as { error?: { code?: unknown }; id?: unknown }
      if (error?.code === authenticationRequired && (id === null || id === undefined)) this.#refused = refusal(401)
    }
  }

  #feelPulse(): void {
    if (this.#silent >= 2) this.kill('it stopped answering.')
    this.#silent++
    this.#socket?.ping()
  }
}

function socketProblem(error: Error & { code?: string }): RemoteProblem {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return new RemoteProblem('it sent a message over 48 MB.')
  if (error.code?.startsWith('WS_ERR')) return new RemoteProblem('it does not keep to the WebSocket protocol.')
  if (error.message === 'Opening handshake has timed out') return new RemoteProblem('no connection stood in time.')
  return problemOf(error)
}
