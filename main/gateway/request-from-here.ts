import type { IncomingHttpHeaders } from 'node:http'

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** No DNS rebinding and no page of another site. @see MCP 2025-11-25, transports, “Security Warning” */
export function isFromHere({ host, origin }: IncomingHttpHeaders): boolean {
  return isLoopback(`http://${host}`) && (origin === undefined || isLoopback(origin))
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && loopbackNames.includes(new URL(url).hostname)
}
