import type { Readable } from 'node:stream'
import { createParser } from 'eventsource-parser'
import { RemoteProblem } from './remote-problem.ts'

export interface StreamEvent {
  /** `message` when the server named none. */
  readonly type: string
  readonly data: string
  readonly id?: string
}

export interface StreamHandlers {
  event(event: StreamEvent): void
  /** The server says how long to wait before connecting again, in milliseconds. */
  retry?(ms: number): void
  /** Something was heard, were it a comment. */
  heard?(): void
}

/**
 * Reads Server-Sent Events until the stream ends.
 *
 * @param longestEvent UTF-16 units one event may have
 * @throws RemoteProblem for an event that is longer; whatever the stream fails with
 */
export async function readEvents(stream: Readable, longestEvent: number, handlers: StreamHandlers): Promise<void> {
  let tooLong = false
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: ({ event, data, id }) =>
      handlers.event({ type: event ?? 'message', data, ...(id === undefined ? {} : { id }) }),
    onRetry: (ms) => handlers.retry?.(ms),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') tooLong = true
    },
  })
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    handlers.heard?.()
    parser.feed(decoder.decode(chunk as Buffer, { stream: true }))
    if (tooLong) throw new RemoteProblem('it sent a message over 48 MB.')
  }
}
