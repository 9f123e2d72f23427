import { Agent, request } from 'node:http'
import type { Answer, Line } from './stdio-line.ts'

/** Streamable HTTP, one session, connections kept open. */
export class HttpLine implements Line {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })
  readonly name: string
  #session: string | undefined
  #lastId = 0
  private readonly url: string
  private readonly token: string | undefined

  constructor(name: string, url: string, token?: string) {
    this.name = name
    this.url = url
    this.token = token
  }

  async connect(): Promise<this> {
    const clientInfo = { name: 'gatehouse-bench', version: '1' }
    const answer = await this.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    if (answer.error) throw new Error(`${this.name}: ${answer.error.message}`)
    await this.#post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    return this
  }

  request(method: string, params: object): Promise<Answer> {
    return this.#post({ jsonrpc: '2.0', id: ++this.#lastId, method, params })
  }

  async close(): Promise<void> {
    this.#agent.destroy()
  }

  #post(message: object): Promise<Answer> {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
    }
    if (this.#session) Object.assign(headers, { 'mcp-session-id': this.#session, 'mcp-protocol-version': '2025-11-25' })
    return new Promise((resolve, reject) => {
      const sent = request(this.url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        this.#session ??= response.headers['mcp-session-id'] as string | undefined
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('end', () => {
          if (response.statusCode === 200 || text === '') resolve(parsed(text, response.headers['content-type'] ?? ''))
          else reject(new Error(`${this.name}: ${response.statusCode} ${text.slice(0, 200)}`))
        })
      })
      sent.on('error', reject)
      sent.end(JSON.stringify(message))
    })
  }
}

function parsed(text: string, type: string): Answer {
  if (text === '') return {}
  if (!type.includes('event-stream')) return JSON.parse(text) as Answer
  const messages = text.split('\n').filter((line) => line.startsWith('data: ') && line.length > 6)
  return (
    messages.map((line) => JSON.parse(line.slice(6)) as Answer).find((message) => message.result || message.error) ?? {}
  )
}
