import type { EventId, EventStore, JSONRPCMessage, StreamId } from '@modelcontextprotocol/server'

/** What one session keeps for a client whose stream broke off. */
const mostEvents = 500
const mostChars = 4 * 1024 * 1024

interface Event {
  readonly id: number
  readonly stream: StreamId
  readonly text: string
}

/**
 * The latest events of one session, in memory: a client whose stream broke off names the last one it saw and gets the
 * rest. What is too old is answered as unknown.
 * @see MCP 2025-11-25, transports, “Resumability and Redelivery”
 */
export class EventLog implements EventStore {
  readonly #events: Event[] = []
  #chars = 0
  #lastId = 0

  async storeEvent(stream: StreamId, message: JSONRPCMessage): Promise<EventId> {
    const event = { id: ++this.#lastId, stream, text: JSON.stringify(message) }
    this.#events.push(event)
    this.#chars += event.text.length
    while (this.#events.length > mostEvents || this.#chars > mostChars)
      this.#chars -= this.#events.shift()?.text.length ?? 0
    return String(event.id)
  }

  async getStreamIdForEventId(id: EventId): Promise<StreamId | undefined> {
    return this.#find(id)?.stream
  }

  async replayEventsAfter(
    id: EventId,
    { send }: { send: (id: EventId, message: JSONRPCMessage) => Promise<void> },
  ): Promise<StreamId> {
    const seen = this.#find(id)
    if (!seen) throw new Error('this event is not kept')
    for (const event of [...this.#events])
      if (event.stream === seen.stream && event.id > seen.id && event.text !== '{}')
        await send(String(event.id), JSON.parse(event.text) as JSONRPCMessage)
    return seen.stream
  }

  #find(id: EventId): Event | undefined {
    return /^\d{1,15}$/.test(id) ? this.#events.find((event) => event.id === Number(id)) : undefined
  }
}
