import { randomUUID } from 'node:crypto'
import { ProtocolError } from '@modelcontextprotocol/server'
import type { Client } from '../../../shared/domain/call.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import type { TaskDesk } from './task-desk.ts'
import { TaskListening, taskWishIn } from './task-listening.ts'
import { objectOf } from './task-shapes.ts'

/**
 * `subscriptions/listen` over HTTP with tasks among what is listened to. The SDK ends a stream on which nothing it knows can
 * come: an address of our own, which is never told of and never shown, keeps it open.
 *
 * @param serve answers the request as the SDK does, given what it was made of that
 */
export async function listenWithTasks(
  body: object,
  { client, desk }: { readonly client: Client; readonly desk: TaskDesk | undefined },
  serve: (keptOpen: <T extends object>(body: T) => T) => Promise<Response>,
): Promise<Response> {
  const wish = taskWishIn(body)
  if (!wish || !desk) return serve((same) => same)
  const stream = new TaskStream(client, desk)
  try {
    if (stream.listening.agree(wish).length === 0) return serve((same) => same)
  } catch (error) {
    return Response.json(refusal(wish.id, error), { status: 400 })
  }
  return stream.joined(await serve((agreed) => stream.keptOpen(agreed)))
}

class TaskStream {
  readonly listening: TaskListening
  readonly #address = `gatehouse-tasks:${randomUUID()}`
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined

  constructor(client: Client, desk: TaskDesk) {
    this.listening = new TaskListening(client, desk, (message) => this.#write(message))
  }

  keptOpen<T extends object>(body: T): T {
    const { params } = body as { params?: JsonObject }
    const notifications = objectOf(params?.notifications)
    const { resourceSubscriptions } = notifications
    const others = Array.isArray(resourceSubscriptions) ? resourceSubscriptions : []
    const more = { ...notifications, resourceSubscriptions: [...others, this.#address] }
    return { ...body, params: { ...params, notifications: more } }
  }

  /** The SDK's stream with ours in it. It writes one event at a time, the acknowledgement first. */
  joined(answer: Response): Response {
    if (!answer.body || !answer.headers.get('content-type')?.startsWith('text/event-stream')) {
      this.listening.close()
      return answer
    }
    const reader = answer.body.getReader()
    const stream = new ReadableStream<Uint8Array>({
      start: async (controller) => {
        this.#controller = controller
        const first = await reader.read()
        if (first.value) this.#acknowledge(first.value)
        void this.#pass(reader, controller)
      },
      cancel: (reason) => {
        this.listening.close()
        return reader.cancel(reason)
      },
    })
    return new Response(stream, { status: answer.status, headers: answer.headers })
  }

  #acknowledge(event: Uint8Array): void {
    const [, data] = /^data: (.*)$/m.exec(new TextDecoder().decode(event)) ?? []
    const { message, sent } = this.listening.passing(this.#withoutAddress(JSON.parse(data ?? '{}') as JsonObject))
    this.#write(message)
    sent()
  }

  #withoutAddress(message: JsonObject): JsonObject {
    const params = objectOf(message.params)
    const { resourceSubscriptions, ...others } = objectOf(params.notifications)
    const shown = Array.isArray(resourceSubscriptions)
      ? resourceSubscriptions.filter((uri) => uri !== this.#address)
      : []
    const notifications = shown.length === 0 ? others : { ...others, resourceSubscriptions: shown }
    return { ...message, params: { ...params, notifications } }
  }

  async #pass(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) controller.enqueue(next.value)
      controller.close()
    } catch {
      // the client left
    } finally {
      this.listening.close()
    }
  }

  #write(message: JsonObject): void {
    this.#controller?.enqueue(new TextEncoder().encode(`event: message\ndata: ${JSON.stringify(message)}\n\n`))
  }
}

function refusal(id: unknown, error: unknown) {
  if (!(error instanceof ProtocolError)) throw error
  const { code, message, data } = error
  return { jsonrpc: '2.0', id, error: { code, message, data } }
}
