import { createHash } from 'node:crypto'

const longest = 64
const hashChars = 8

/**
 * The name AI apps see for a server's tool or prompt: `SERVER__NAME`, at most 64 characters of `[A-Za-z0-9_-]`. What
 * does not fit keeps as much as it can and ends in a hash of the own name, so it never depends on what else is listed.
 */
export function stableName(server: string, ownName: string): string {
  const plain = `${server}__${ownName}`
  if (plain.length <= longest && /^[A-Za-z0-9_-]+$/.test(plain)) return plain
  return hashedName(server, ownName)
}

/** For a name that is taken already: always with the hash. */
export function hashedName(server: string, ownName: string): string {
  const hash = createHash('sha256').update(`${server}\n${ownName}`).digest('hex').slice(0, hashChars)
  const kept = `${server}__${ownName.replace(/[^A-Za-z0-9_-]/g, '_')}`.slice(0, longest - hashChars - 1)
  return `${kept}_${hash}`
}

const ownScheme = 'gatehouse-resource://'

/** The URI (or template) a later claimant's resource goes by: the server's own follows as it is. */
export const claimedUri = (server: string, uri: string) => `${ownScheme}${server}/${uri}`

/** @returns server and own URI of a `gatehouse-resource://` URI, or undefined */
export function ownUriOf(uri: string): { readonly server: string; readonly uri: string } | undefined {
  if (!uri.startsWith(ownScheme)) return undefined
  const slash = uri.indexOf('/', ownScheme.length)
  if (slash === -1) return undefined
  return { server: uri.slice(ownScheme.length, slash), uri: uri.slice(slash + 1) }
}
