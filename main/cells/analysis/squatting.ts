import { skeletonText } from './skeleton-text.ts'

/** Packages people mean when they add a server; a name that is almost one of them is taken to be made for that. */
const wellKnown = `
@modelcontextprotocol/server-filesystem @modelcontextprotocol/server-memory @modelcontextprotocol/server-everything
@modelcontextprotocol/server-github @modelcontextprotocol/server-gitlab @modelcontextprotocol/server-postgres
@modelcontextprotocol/server-slack @modelcontextprotocol/server-puppeteer @modelcontextprotocol/server-brave-search
@modelcontextprotocol/server-google-maps @modelcontextprotocol/server-sequential-thinking @modelcontextprotocol/inspector
@playwright/mcp @upstash/context7-mcp @notionhq/notion-mcp-server @sentry/mcp-server @supabase/mcp-server-supabase
@stripe/mcp @cloudflare/mcp-server-cloudflare @azure/mcp @browserbasehq/mcp firecrawl-mcp tavily-mcp exa-mcp-server
figma-developer-mcp mcp-remote chrome-devtools-mcp mcp-server-git mcp-server-fetch mcp-server-time mcp-server-sqlite
`
  .trim()
  .split(/\s+/)

/**
 * The package this one could be mistaken for: one letter away, the same to the eye, or of another owner.
 * @param own packages the person already uses, which are known too
 */
export function mistakenFor(name: string, own: readonly string[] = []): string | undefined {
  const known = [...wellKnown, ...own]
  if (known.includes(name)) return undefined
  return known.find((other) => isAlmost(name, other))
}

function isAlmost(name: string, other: string): boolean {
  if (skeletonText(name) === skeletonText(other)) return true
  return other.length >= 8 && oneEditApart(name.toLowerCase(), other.toLowerCase())
}

/** One letter more, less, other, or two neighbours exchanged. */
function oneEditApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const left = a.slice(start, a.length - end)
  const right = b.slice(start, b.length - end)
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}
