import type { IncomingHttpHeaders } from 'node:http'

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** No DNS rebinding and no page of another site. @see MCP 2025-11-25, transports, “Security Warning” */
export function isFromHere({ host, origin }: IncomingHttpHeaders): boolean {
  return isLoopback(`http://${host}`) && (origin === undefined || isLoopback(origin))
}

const usual = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/

function isLoopback(url: string): boolean {
  if (usual.test(url)) return true // as nearly all are written, and found so in a tenth of the time
  return URL.canParse(url) && loopbackNames.includes(new URL(url).hostname)
}
