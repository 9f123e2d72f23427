import { readFileSync } from 'node:fs'
import { httpsIncomplete } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import type { Gatehouse } from '../compose.ts'
import { type McpEndpoint, startMcpEndpoint } from '../shells/mcp-endpoint.ts'

/**
 * The MCP endpoint over TLS, beside the one without, where the person named a certificate for it: there a program may show
 * a certificate of its own instead of a key. What is wrong with it is told; the rest of the app does not depend on it.
 */
export async function startHttps({ base, doors }: Gatehouse): Promise<McpEndpoint | undefined> {
  const { port, certificate, key } = base.config.https
  if (certificate === undefined && key === undefined) return undefined
  if (certificate === undefined || key === undefined) {
    const names = ['https.certificate', 'https.key'] as const
    const [given, missing] = key === undefined ? names : ([names[1], names[0]] as const)
    base.notice('problem', sentence(httpsIncomplete(given, missing), 'person', base.settings.current.language))
    return undefined
  }
  try {
    const tls = { cert: readFileSync(certificate), key: readFileSync(key) }
    return await startMcpEndpoint({ port, registerMcp: doors.registerMcp, tls })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    base.notice(
      'problem',
      `The HTTPS endpoint was not opened (${why}). Correct https.* in the settings and start again.`,
    )
    return undefined
  }
}
