import type { Outgoing } from '../connection.ts'
import type { LinkEvents, RemoteLink } from '../remote/remote-link.ts'
import type { RemoteProblem } from '../remote/remote-problem.ts'
import type { OpenRemote } from '../start-server.ts'

/** What comes back over the network. */
export interface LineEvents {
  message(value: unknown): void
  garbage(text: string): void
  /** This request will not be answered by a message. */
  failed(id: string | number, problem: RemoteProblem): void
  ended(problem: string): void
}

/** One way to a server: a pipe, or the network. */
export interface ProbeLine {
  /** @param modern what is sent is of 2026-07-28 */
  send(line: string, about: Outgoing, modern: boolean): void
  stop(): Promise<void>
}

/** Two conversations with a remote server, one of each era: over HTTP neither takes what belongs to the other. */
export async function openRemoteLine(open: OpenRemote, events: LineEvents): Promise<ProbeLine> {
  const stopped = { yet: false }
  const earlier = await open(eventsOf(events, (problem) => stopped.yet || events.ended(problem)))
  let modern: Promise<RemoteLink> | undefined
  const later = () => {
    modern ??= open(eventsOf(events, () => {}))
    return modern
  }
  return {
    send: (line, about, isModern) => {
      if (!isModern) return earlier.send(line, about)
      later()
        .then((link) => link.send(line, about))
        .catch((problem) => about.id !== undefined && events.failed(about.id, problem as RemoteProblem))
    },
    stop: async () => {
      stopped.yet = true
      await Promise.allSettled([earlier.stop(), modern?.then((link) => link.stop())])
    },
  }
}

const eventsOf = ({ message, garbage, failed }: LineEvents, ended: (problem: string) => void): LinkEvents => ({
  message,
  garbage,
  failed,
  note: () => {},
  ended,
})
