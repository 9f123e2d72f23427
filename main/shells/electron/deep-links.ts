const screens = new Set(['home', 'servers', 'permissions', 'approvals', 'sessions', 'audit'])

/**
 * The window route of a `gatehouse://SCREEN` or `gatehouse://approvals/ID` link. Links only open screens; whatever else
 * they carry is dropped, and an unknown one opens nothing.
 */
export function routeOfLink(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined
  const url = new URL(link)
  if (url.protocol !== 'gatehouse:' || !screens.has(url.host)) return undefined
  const id = url.pathname.replace(/^\/+/, '')
  if (url.host === 'approvals' && /^ap_[0-9a-f]{8,64}$/.test(id)) return `#/approvals/${id}`
  return url.host === 'home' ? '#/' : `#/${url.host}`
}

/** The link among a program's arguments, well made or not. */
export const linkIn = (argv: readonly string[]): string | undefined => argv.find((arg) => arg.startsWith('gatehouse:'))
