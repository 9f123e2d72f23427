import type { IncomingMessage } from 'node:http'
import { readEvents } from './event-stream.ts'
import { headerSafe } from './http-messages.ts'
import type { RemoteHttp } from './remote-http.ts'
import { pause } from './remote-link.ts'

/** Where a stream of events stands: from there it can be taken up again. */
export interface StreamPlace {
  lastId: string | undefined
  waitMs: number
  /** Something came on it since this was last set. */
  heard: boolean
}

export const longestWaitMs = 30_000

export const newPlace = (waitMs: number): StreamPlace => ({ lastId: undefined, waitMs, heard: false })

/** Reads events until the stream ends. @returns what it was cut by, if it was */
export async function readStream(
  stream: IncomingMessage,
  longest: number,
  place: StreamPlace,
  onMessage: (text: string) => void,
): Promise<unknown> {
  try {
    await readEvents(stream, longest, {
      event: ({ type, data, id }) => {
        place.heard = true
        if (id !== undefined && id !== '') place.lastId = id
        if (data !== '' && type === 'message') onMessage(data)
      },
      retry: (ms) => {
        place.waitMs = Math.min(Math.max(ms, 10), longestWaitMs)
      },
    })
    return undefined
  } catch (error) {
    return error
  } finally {
    stream.destroy()
  }
}

export interface StandingStreamParts {
  readonly http: RemoteHttp
  readonly signal: AbortSignal
  readonly headers: () => Readonly<Record<string, string>>
  readonly isForgotten: (status: number) => boolean
  readonly forgotten: () => void
  readonly onMessage: (text: string) => void
  /** The server answered, or could not be asked: whoever waits need not any longer. */
  readonly stands: () => void
}

/** The standing stream of a 2025 session: what the server says unasked. It need not exist, and may be cut at any time. */
export async function standingStream(parts: StandingStreamParts): Promise<void> {
  const { http, signal, stands } = parts
  const place = newPlace(http.limits.againMs)
  let waitMs = place.waitMs
  while (!signal.aborted) {
    try {
      place.heard = false
      const since = place.lastId === undefined ? {} : { 'last-event-id': headerSafe(place.lastId) }
      const headers = { ...parts.headers(), accept: 'text/event-stream', ...since }
      const answer = await http.open({ method: 'GET', headers, signal })
      const { statusCode = 0 } = answer
      stands()
      if (statusCode !== 200) answer.destroy()
      if (parts.isForgotten(statusCode)) return parts.forgotten()
      if (statusCode >= 400 && statusCode < 500) return
      if (statusCode === 200) await readWhileHeard(answer, http, place, parts.onMessage)
    } catch {
      stands() // tried again below
    }
    waitMs = place.heard ? place.waitMs : Math.min(waitMs * 2, longestWaitMs)
    await pause(waitMs, signal).catch(() => {})
  }
}

/** Until it ends, or nothing came on it for long. */
async function readWhileHeard(
  stream: IncomingMessage,
  { limits }: RemoteHttp,
  place: StreamPlace,
  onMessage: (text: string) => void,
): Promise<void> {
  endWhenSilent(stream, limits.idleStreamMs)
  await readStream(stream, limits.longestMessage, place, onMessage)
}

/** Ends a stream on which nothing came for so long, were it a comment: its other end may be gone without a word. */
export function endWhenSilent(stream: IncomingMessage, silentMs: number): void {
  const silence = setTimeout(() => stream.destroy(), silentMs).unref()
  stream.on('data', () => silence.refresh())
  stream.once('close', () => clearTimeout(silence))
}
