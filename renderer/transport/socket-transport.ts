import { z } from 'zod'
import type { Answer, Confirmation, Connection, Transport } from './transport.ts'

const answerError = z.object({
  code: z.string(),
  params: z.record(z.string(), z.string()).default({}),
  sentence: z.string().default(''),
})
const serverMessage = z.union([
  z.object({ event: z.string(), payload: z.unknown().optional() }),
  z.object({ id: z.number(), ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ id: z.number(), ok: z.literal(false), error: answerError }),
])
const sessionAnswer = z.object({ authenticated: z.boolean(), locked: z.boolean().optional() })
const confirmRefusal = z.object({ error: answerError })

const firstRetryMs = 250
const longestRetryMs = 5_000

/** The browser shell: one WebSocket, reconnected with growing pauses for as long as the page lives. */
export function socketTransport(location: Location): Transport {
  const socket = new ReconnectingSocket(location)
  void socket.open()
  return {
    shell: 'browser',
    call: (channel, input) => socket.call(channel, input),
    on: (channel, listener) => socket.on(channel, listener),
    onConnection: (listener) => socket.onConnection(listener),
    confirm: async (passphrase) => {
      const confirmation = await confirmWith(location, passphrase)
      if (confirmation.confirmed) socket.openSoon()
      return confirmation
    },
  }
}

class ReconnectingSocket {
  readonly #location: Location
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>()
  readonly #watchers = new Set<(connection: Connection) => void>()
  #socket: WebSocket | undefined
  #connection: Connection = 'connecting'
  #lastId = 0
  #retryMs = firstRetryMs
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(location: Location) {
    this.#location = location
  }

  /** Asks who we are first: a page without a session must not knock on the socket again and again. */
  async open(): Promise<void> {
    const session = await this.#session()
    if (session === 'unreachable') return this.#retryLater()
    if (session !== 'authenticated') {
      this.#become(session)
      return this.#retryLater()
    }
    const scheme = this.#location.protocol === 'https:' ? 'wss' : 'ws'
    const protocols = ['gatehouse', windowKey()]
    const socket = new WebSocket(`${scheme}://${this.#location.host}/api/socket`, protocols)
    let opened = false
    this.#socket = socket
    socket.addEventListener('open', () => {
      opened = true
      this.#retryMs = firstRetryMs
      this.#become('connected')
    })
    socket.addEventListener('message', (message) => this.#received(message.data))
    socket.addEventListener('close', () => {
      if (!opened) this.#become('signed-out') // signed in, but not with this page's key
      this.#closed()
    })
  }

  /** Does not wait for the next retry: what stood in the way may be gone. */
  openSoon(): void {
    if (this.#socket) return
    clearTimeout(this.#retry)
    void this.open()
  }

  call(channel: string, input: unknown): Promise<Answer> {
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.resolve(disconnected)
    const id = ++this.#lastId
    this.#socket.send(JSON.stringify({ id, channel, input }))
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  on(channel: string, listener: (payload: unknown) => void): () => void {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  onConnection(watcher: (connection: Connection) => void): () => void {
    this.#watchers.add(watcher)
    watcher(this.#connection)
    return () => this.#watchers.delete(watcher)
  }

  async #session(): Promise<'authenticated' | 'signed-out' | 'locked' | 'unreachable'> {
    try {
      const response = await fetch(new URL('/api/session', this.#location.href), { cache: 'no-store' })
      const session = sessionAnswer.parse(await response.json())
      if (session.locked) return 'locked'
      return session.authenticated ? 'authenticated' : 'signed-out'
    } catch {
      return 'unreachable'
    }
  }

  #received(data: unknown): void {
    const parsed = serverMessage.safeParse(parseJson(data))
    if (!parsed.success) return
    const message = parsed.data
    if ('event' in message) {
      for (const listener of this.#listeners.get(message.event) ?? []) listener(message.payload)
      return
    }
    const resolve = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    resolve?.(message.ok ? { ok: true, value: message.value } : { ok: false, error: message.error })
  }

  #closed(): void {
    this.#socket = undefined
    for (const resolve of this.#waiting.values()) resolve(disconnected)
    this.#waiting.clear()
    this.#retryLater()
  }

  #retryLater(): void {
    if (this.#connection === 'connected' || this.#connection === 'connecting') this.#become('lost')
    this.#retry = setTimeout(() => void this.open(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs)
  }

  #become(connection: Connection): void {
    if (this.#connection === connection) return
    this.#connection = connection
    for (const watcher of this.#watchers) watcher(connection)
  }
}

/**
 * What the sign-in page left in this origin's storage. The cookie alone opens no socket: browsers send it to every port of
 * 127.0.0.1, so a page of another local program would receive it; storage is kept apart by port.
 */
const windowKey = (): string => localStorage.getItem('gatehouse.window') ?? 'none'

const disconnected: Answer = { ok: false, error: { code: 'window.disconnected', params: {}, sentence: '' } }

async function confirmWith(location: Location, passphrase: string): Promise<Confirmation> {
  try {
    const response = await fetch(new URL('/api/confirm', location.href), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ passphrase }),
    })
    if (response.ok) return { confirmed: true }
    const refusal = confirmRefusal.safeParse(await response.json())
    return { confirmed: false, sentence: refusal.success ? refusal.data.error.sentence : '' }
  } catch {
    return { confirmed: false, sentence: '' }
  }
}

function parseJson(data: unknown): unknown {
  try {
    return JSON.parse(String(data))
  } catch {
    return undefined
  }
}
