import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { CallLane } from './call-lane.ts'
import type { GatewayParts } from './gateway.ts'
import { Listening, listensToResources } from './listening.ts'
import { type FaceContext, mcpFace } from './mcp-face.ts'

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
  connection.onceClosed(() => {
    lane.close()
    listening.close()
  })
  const transport = connection.asTransport(
    (message) => lane.takes(message) || takesListen(message, listening, transport),
  )
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
