const screens = new Set([
  'home',
  'servers',
  'permissions',
  'filters',
  'approvals',
  'sessions',
  'memory',
  'audit',
  'health',
  'settings',
])

/** What a screen may open beside itself, by the only spelling it has. */
const parts: Readonly<Record<string, RegExp>> = {
  approvals: /^ap_[0-9a-f]{8,64}$/,
  servers: /^[a-z0-9-]{1,24}$/,
  memory: /^co_[1-9][0-9]{0,15}$/,
  sessions: /^se_[0-9a-f]{8,64}$/,
  audit: /^[1-9][0-9]{0,14}$/,
}

/**
 * The window route of a `gatehouse://SCREEN` link, or of one to a question, a server, a session, a concept of the memory or an entry of the log. Links
 * only open; whatever else they carry is dropped, and an unknown one opens nothing.
 */
export function routeOfLink(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined
  const url = new URL(link)
  if (url.protocol !== 'gatehouse:' || !screens.has(url.host)) return undefined
  const id = url.pathname.replace(/^\/+/, '')
  if (parts[url.host]?.test(id)) return `#/${url.host}/${id}`
  return url.host === 'home' ? '#/' : `#/${url.host}`
}

/** The link among a program's arguments, well made or not. */
export const linkIn = (argv: readonly string[]): string | undefined => argv.find((arg) => arg.startsWith('gatehouse:'))
