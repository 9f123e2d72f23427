import { type JSONRPCMessage, ProtocolError, type Transport } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { JsonObject } from '../../shared/domain/json.ts'
import { errorLine } from '../../shared/wire/framing.ts'
import { CallLane } from './call-lane.ts'
import type { GatewayParts } from './gateway.ts'
import { Listening, listensToResources } from './listening.ts'
import { type FaceContext, mcpFace } from './mcp-face.ts'
import { underTodaysNames } from './old-names.ts'
import { TaskListening, taskWishIn } from './tasks/task-listening.ts'

/** A connection that carries one message after another both ways: a bridge's socket or a WebSocket. */
export interface StandingConnection {
  /** One message's JSON text to the client; nothing happens when it is gone. */
  say(text: string): void
  /** @param takes sees each message first, and says whether it took it */
  asTransport(takes: (message: JSONRPCMessage) => boolean): Transport
  onceClosed(then: () => void): void
}

/** MCP, of every revision, from the first message on. */
export function serveStanding(connection: StandingConnection, context: FaceContext, parts: GatewayParts): void {
  const lane = new CallLane((text) => connection.say(text), parts.onError)
  const listening = new Listening(context, parts, (method, params) => lane.tell(method, params))
  const tasks =
    parts.tasks && new TaskListening(context.client, parts.tasks, (message) => connection.say(JSON.stringify(message)))
  const takesOld = (message: JSONRPCMessage): boolean => {
    const renamed = underTodaysNames(message)
    if (!renamed || !parts.takesOldNames?.(context.client)) return false
    if (!lane.takes(renamed)) transport.onmessage?.(renamed)
    return true
  }
  connection.onceClosed(() => {
    lane.close()
    listening.close()
    tasks?.close()
  })
  const transport = connection.asTransport(
    (message) =>
      takesOld(message) ||
      lane.takes(message) ||
      (tasks !== undefined && refusesTasks(message, tasks, connection)) ||
      takesListen(message, listening, transport),
  )
  if (tasks) acknowledgeTasks(transport, tasks)
  serveStdio(() => lane.attach(mcpFace(context, parts)), { transport, onerror: parts.onError })
}

/** A request to listen goes on to the SDK once the servers agreed; its end is heard on the way. */
function takesListen(message: JSONRPCMessage, listening: Listening, transport: Transport): boolean {
  if ('method' in message && message.method === 'notifications/cancelled') listening.end(message.params?.requestId)
  if (!listensToResources(message)) return false
  const goOn = (agreed: JSONRPCMessage) => transport.onmessage?.(agreed)
  void listening.begin(message.id, message as JSONRPCMessage).then(goOn)
  return true
}

/** A client that did not say it uses tasks is refused when it listens to them; any other goes on to the SDK. */
function refusesTasks(message: JSONRPCMessage, tasks: TaskListening, connection: StandingConnection): boolean {
  if ('method' in message && message.method === 'notifications/cancelled') tasks.end(message.params?.requestId)
  const wish = taskWishIn(message)
  if (!wish) return false
  try {
    tasks.agree(wish)
    return false
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    connection.say(errorLine(wish.id, error.code, error.message, error.data as JsonObject).trimEnd())
    return true
  }
}

function acknowledgeTasks(transport: Transport, tasks: TaskListening): void {
  const send = transport.send.bind(transport)
  transport.send = async (given, options) => {
    const { message, sent } = tasks.passing(given as unknown as JsonObject)
    await send(message as unknown as JSONRPCMessage, options)
    sent()
  }
}
