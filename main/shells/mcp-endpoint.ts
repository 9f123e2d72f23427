import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import { portInUse } from '../../shared/errors.ts'
import { endpointHeaders } from '../gateway/http-headers.ts'
import { clientErrorHandler } from './client-error.ts'
import { noSchemas } from './no-schemas.ts'

const usualArrivalMs = 60_000
/** Not for `localhost`: browsers would hold it against every other server there. @see RFC 6797, 8.1 */
const strictTransport = { 'strict-transport-security': 'max-age=31536000' }

export interface McpEndpoint {
  readonly httpUrl: string
  close(): Promise<void>
}

/**
 * The MCP endpoint alone, on loopback, for shells whose window is not in a browser. Host, Origin and keys are checked by
 * the routes themselves.
 *
 * @throws browser.port when the port is taken
 */
export async function startMcpEndpoint(parts: {
  readonly port: number
  readonly registerMcp: (http: FastifyInstance) => void
  /** Milliseconds a request may take to arrive, however slowly it drips. */
  readonly arrivesWithinMs?: number
  /** Over TLS, asking callers for a certificate; what it opens is decided by the routes. PEM. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
}): Promise<McpEndpoint> {
  const arrivesWithinMs = parts.arrivesWithinMs ?? usualArrivalMs
  const receiving = { headersTimeout: arrivesWithinMs, connectionsCheckingInterval: arrivesWithinMs / 2 }
  const options = {
    logger: false,
    forceCloseConnections: true,
    requestTimeout: arrivesWithinMs,
    clientErrorHandler,
    schemaController: noSchemas,
  }
  const { tls } = parts
  const http = tls
    ? // a certificate is known by its fingerprint, whoever signed it
      (fastify({
        ...options,
        https: { ...receiving, ...tls, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false },
      }) as unknown as FastifyInstance)
    : fastify({ ...options, http: receiving })
  http.addHook('onRequest', async ({ hostname }, reply) => {
    reply.headers(endpointHeaders)
    if (tls && hostname !== 'localhost') reply.headers(strictTransport)
  })
  http.setNotFoundHandler((_, reply) => reply.status(404).type('text/plain').send('Not found'))
  await http.register(async (scope) => parts.registerMcp(scope))
  http.server.on('upgrade', ({ url }, socket) => void (url?.startsWith('/mcp') || socket.destroy()))
  try {
    await http.listen({ host: '127.0.0.1', port: parts.port })
  } catch (error) {
    await http.close()
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portInUse(parts.port) : error
  }
  const { port } = http.server.address() as AddressInfo
  return { httpUrl: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, close: () => http.close() }
}
