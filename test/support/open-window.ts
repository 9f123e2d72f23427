import { once } from 'node:events'
import { WebSocket } from 'ws'

interface Question {
  readonly id: string
  readonly subject: Readonly<Record<string, unknown>>
}
export interface OpenWindow {
  /** What a browser keeps of being signed in. */
  readonly cookie: string
  readonly windowKey: string
  ask(channel: string, input?: unknown): Promise<Record<string, unknown>>
  /** The payload of the next event of this name. */
  event(name: string): Promise<Question>
  confirm(passphrase: string): Promise<void>
  close(): void
}

/** Signs in by the app's link as the window does, and opens its socket. */
export async function openWindow({ loginUrl }: { readonly loginUrl: string }): Promise<OpenWindow> {
  const link = new URL(loginUrl)
  const post = (path: string, body: object, cookie = '') =>
    fetch(new URL(path, loginUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    })
  const login = await post('/api/login', { token: link.hash.slice(1) })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const { windowKey } = (await login.json()) as { windowKey: string }
  const socket = new WebSocket(`ws://${link.host}/api/socket`, ['gatehouse', windowKey], {
    headers: { cookie },
    origin: link.origin,
  })
  await once(socket, 'open')
  const next = (fits: (message: Record<string, unknown>) => boolean) =>
    new Promise<Record<string, unknown>>((resolve) => {
      const listen = (data: Buffer) => {
        const message = JSON.parse(String(data))
        if (!fits(message)) return
        socket.off('message', listen)
        resolve(message)
      }
      socket.on('message', listen)
    })
  let lastId = 0
  return {
    cookie,
    windowKey,
    ask: (channel, input) => {
      const id = ++lastId
      const answer = next((message) => message.id === id)
      socket.send(JSON.stringify({ id, channel, input }))
      return answer
    },
    event: async (name) => (await next((message) => message.event === name)).payload as Question,
    confirm: async (passphrase) => {
      const response = await post('/api/confirm', { passphrase }, cookie)
      if (!response.ok) throw new Error(await response.text())
    },
    close: () => socket.close(),
  }
}
