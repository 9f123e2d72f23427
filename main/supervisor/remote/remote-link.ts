import type { Outgoing } from '../connection.ts'
import type { RemoteProblem } from './remote-problem.ts'

/** A conversation with one remote server, however it is carried. */
export interface RemoteLink {
  /** @param about what HTTP has to know of the message, see `Outgoing` */
  send(line: string, about: Outgoing): void
  /** Ends it with a reason of ours, at once. */
  kill(problem: string): void
  /** Says goodbye where there is a way to, and closes every connection. */
  stop(): Promise<void>
}

export interface LinkEvents {
  /** One message as parsed JSON, whatever it is. */
  message(value: unknown): void
  /** What came is not JSON. */
  garbage(text: string): void
  /** This request will not be answered. */
  failed(id: string | number, problem: RemoteProblem): void
  /** For the server's log. */
  note(text: string): void
  /** Once. `problem` is a sentence's end for the person. */
  ended(problem: string): void
}

/** Hands on a text as messages. @returns them */
export function deliver(text: string, events: Pick<LinkEvents, 'message' | 'garbage'>): readonly unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    events.garbage(text)
    return []
  }
  const messages = Array.isArray(value) ? value : [value]
  for (const message of messages) events.message(message)
  return messages
}

/** The id of the request a message answers, or undefined when it is no answer. */
export function answeredId(message: unknown): string | number | undefined {
  if (typeof message !== 'object' || message === null || 'method' in message) return undefined
  const { id } = message as { id?: unknown }
  return typeof id === 'number' || typeof id === 'string' ? id : undefined
}

/** Waits, or rejects with the signal's reason. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
