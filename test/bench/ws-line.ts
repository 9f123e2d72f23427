import { WebSocket } from 'ws'
import type { Answer, Line } from './stdio-line.ts'

/** JSON-RPC over one WebSocket. */
export class WsLine implements Line {
  readonly #waiting = new Map<number | string, (answer: Answer) => void>()
  #socket: WebSocket | undefined
  #lastId = 0
  readonly name: string
  private readonly url: string

  constructor(name: string, url: string) {
    this.name = name
    this.url = url
  }

  async connect(): Promise<this> {
    const socket = new WebSocket(this.url, { perMessageDeflate: false })
    this.#socket = socket
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    socket.on('message', (data) => this.#read(String(data)))
    const clientInfo = { name: 'gatehouse-bench', version: '1' }
    const answer = await this.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    if (answer.error) throw new Error(`${this.name}: ${answer.error.message}`)
    socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))
    return this
  }

  request(method: string, params: object): Promise<Answer> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#socket?.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })
  }

  async close(): Promise<void> {
    this.#socket?.terminate()
  }

  #read(text: string): void {
    const message = JSON.parse(text) as Answer
    if (message.id === undefined || !(message.result || message.error)) return
    this.#waiting.get(message.id)?.(message)
    this.#waiting.delete(message.id)
  }
}
