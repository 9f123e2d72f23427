import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Reader, Unread } from './unread.ts'

/** A Node request as the web's `Request`, without its body: that was read and parsed already. Aborts when the client leaves. */
export function webRequest(request: IncomingMessage, response: ServerResponse): Request {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one)
  const method = request.method ?? 'GET'
  return new Request(new URL(request.url ?? '/', 'http://127.0.0.1'), { method, headers, signal: gone.signal })
}

/**
 * Writes a web `Response`, streams included. What comes within one turn leaves in one piece. Who made a stream goes on at
 * its own pace, so what its client does not read waits here, where it is bounded, and nowhere else.
 */
export async function writeWebResponse(
  answer: Response,
  response: ServerResponse,
  { headers, client, unread }: { headers: Readonly<Record<string, string>>; client: string; unread: Unread },
): Promise<void> {
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...headers })
  if (!answer.body) {
    response.end()
    return
  }
  const source = answer.body.getReader()
  const reader = new ResponseReader(response, client)
  response.once('close', () => {
    unread.left(reader)
    void source.cancel().catch(() => {})
  })
  setImmediate(() => response.flushHeaders())
  for (;;) {
    const { done, value } = await source.read()
    if (done || response.destroyed || !unread.mayTell(reader, value.length)) break
    holdForThisTurn(response)
    response.write(value)
  }
  response.end()
}

class ResponseReader implements Reader {
  constructor(
    private readonly response: ServerResponse,
    readonly client: string,
  ) {}

  get unreadBytes(): number {
    return this.response.writableLength
  }

  cutOff(): void {
    this.response.destroy()
  }
}

function holdForThisTurn({ socket }: ServerResponse): void {
  if (!socket || socket.writableCorked > 0) return
  socket.cork()
  setImmediate(() => socket.uncork())
}
