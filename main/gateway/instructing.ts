import type { McpServer } from '@modelcontextprotocol/server'

/**
 * What `initialize` and `server/discover` tell the model about the servers. The SDK takes one text when a connection
 * begins; a connection outlives what the person accepted, so it is read anew each time.
 */
export function instructing(server: McpServer['server'], read: () => string | undefined): void {
  Object.defineProperty(server, '_instructions', { get: read, configurable: true })
}
