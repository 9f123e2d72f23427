import type { IncomingMessage, ServerResponse } from 'node:http'

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

/** Writes a web `Response`, streams included, at the pace the client reads. What comes within one turn leaves in one piece. */
export async function writeWebResponse(
  answer: Response,
  response: ServerResponse,
  extraHeaders: Readonly<Record<string, string>>,
): Promise<void> {
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...extraHeaders })
  if (!answer.body) {
    response.end()
    return
  }
  const reader = answer.body.getReader()
  response.once('close', () => void reader.cancel().catch(() => {}))
  setImmediate(() => response.flushHeaders())
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    holdForThisTurn(response)
    if (!response.write(value)) await drained(response)
  }
  response.end()
}

function holdForThisTurn({ socket }: ServerResponse): void {
  if (!socket || socket.writableCorked > 0) return
  socket.cork()
  setImmediate(() => socket.uncork())
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go)
      response.off('close', go)
      resolve()
    }
    response.once('drain', go)
    response.once('close', go)
  })
}
