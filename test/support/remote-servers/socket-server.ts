import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export interface SocketServer {
  readonly url: string
  readonly upgrades: IncomingMessage['headers'][]
  readonly open: Set<WebSocket>
  close(): Promise<void>
}

/**
 * A 2025 server with one tool, `do`, over a WebSocket.
 * @param call answers `tools/call`
 * @param admit false refuses the upgrade with 401
 * @param refusalHeaders more lines of that refusal, each with its end
 */
export async function socketServer(
  call: (socket: WebSocket, id: number) => void,
  admit: (headers: IncomingMessage['headers'], request: IncomingMessage) => boolean | Promise<boolean> = () => true,
  tls?: ServerOptions,
  refusalHeaders = '',
): Promise<SocketServer> {
  const nothing = (_request: IncomingMessage, response: ServerResponse) => void response.writeHead(404).end()
  const http = tls ? createTlsServer(tls, nothing) : createServer(nothing)
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has('mcp') ? 'mcp' : false),
  })
  const upgrades: IncomingMessage['headers'][] = []
  http.on('upgrade', (request, socket, head) => {
    upgrades.push(request.headers)
    const refusal = `HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Bearer\r\n${refusalHeaders}content-length: 0\r\n\r\n`
    void Promise.resolve(admit(request.headers, request)).then((admitted) =>
      admitted ? sockets.handleUpgrade(request, socket, head, serve) : socket.end(refusal),
    )
  })
  const serve = (socket: WebSocket) => {
    socket.on('error', () => {})
    socket.on('message', (data) => {
      const { id, method } = JSON.parse(String(data)) as { id?: number; method: string }
      const answer = answers[method]
      if (method === 'tools/call') call(socket, id as number)
      else if (answer) socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: answer }))
      else if (id !== undefined)
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'not known' } }))
    })
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    url: `${tls ? 'wss' : 'ws'}://localhost:${(http.address() as AddressInfo).port}/mcp`,
    upgrades,
    open: sockets.clients,
    close: () => {
      for (const socket of sockets.clients) socket.terminate()
      http.closeAllConnections()
      return new Promise((resolve) => http.close(() => resolve()))
    },
  }
}

const answers: Readonly<Record<string, unknown>> = {
  initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } },
  'tools/list': { tools: [{ name: 'do', inputSchema: { type: 'object' } }] },
}
