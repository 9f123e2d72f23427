import type { IncomingMessage } from 'node:http'
import { requestForeign } from '../../../shared/errors.ts'

/** Paths of the MCP endpoint, which AI apps may also reach as "localhost". */
const isMcp = (url: string) => /^\/mcp(?:[/?]|$)/.test(url)

/**
 * Refuses requests that were made for another host or by another site: DNS rebinding and cross-site requests. The window
 * has exactly one name, 127.0.0.1, and its cookie belongs to it.
 * @throws browser.foreign
 */
export function checkOrigin(request: IncomingMessage, port: number): void {
  const url = request.url ?? '/'
  const hosts = isMcp(url) ? [`127.0.0.1:${port}`, `localhost:${port}`] : [`127.0.0.1:${port}`]
  const { host, origin } = request.headers
  if (host === undefined || !hosts.includes(host)) throw requestForeign()
  if (origin !== undefined && !hosts.some((known) => origin === `http://${known}`)) throw requestForeign()
  if (!isMcp(url) && changesSomething(request) && comesFromElsewhere(request)) throw requestForeign()
}

const changesSomething = (request: IncomingMessage) => request.method !== 'GET' && request.method !== 'HEAD'

/** Browsers say where a request comes from; same-site would include other ports of this machine. */
function comesFromElsewhere(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin'
}
