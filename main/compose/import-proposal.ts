import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { RemoteDraft } from '../../shared/contract/remote.ts'
import type { ServerDraft } from '../../shared/contract/servers.ts'
import { reservedServerNames, type ServerName } from '../../shared/domain/ids.ts'
import type { FoundServer } from '../clients/apps/found-server.ts'
import { isReference, looksSecret } from '../clients/apps/secret-looking.ts'

/** A found server as it would be added, and the values that go into the keychain. */
export interface Proposal {
  readonly found: FoundServer
  readonly name: ServerName
  readonly secrets: ReadonlyMap<string, string>
  /** Secrets only the app knows. */
  readonly missing: readonly string[]
  readonly notes: readonly string[]
  readonly draft:
    | { readonly kind: 'command'; readonly server: ServerDraft }
    | { readonly kind: 'url'; readonly server: RemoteDraft }
    | { readonly kind: 'none'; readonly problem: string }
}

/** What every found server would be here, each under a name of its own. */
export function proposals(found: readonly FoundServer[], namesTaken: Iterable<string>): Proposal[] {
  const taken = new Set(namesTaken)
  return found.map((server) => {
    const name = freeName(server.name, taken)
    taken.add(name)
    if (server.kind === 'command') return commandProposal(server, name)
    if (server.kind === 'url') return urlProposal(server, name)
    return without(server, name, 'It is a part of the app.')
  })
}

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/

function commandProposal(found: FoundServer, name: ServerName): Proposal {
  const odd = Object.keys(found.env).find((key) => !variable.test(key))
  if (odd !== undefined) return without(found, name, `“${odd}” cannot be the name of an environment value.`)
  const env: Record<string, string> = {}
  const secrets = new Map<string, string>()
  const missing: string[] = []
  for (const [key, value] of Object.entries(found.env)) {
    if (isReference(value)) missing.push(key)
    else if (looksSecret(key, value)) secrets.set(key, value)
    else env[key] = value
  }
  const folders = found.args.filter(isFolder)
  const server: ServerDraft = {
    name,
    command: found.command,
    args: [...found.args],
    env,
    secretNames: [...secrets.keys(), ...missing],
    allowedPaths: folders.map((path) => ({ path, access: 'read' })),
  }
  return { found, name, secrets, missing, notes: commandNotes(found, folders), draft: { kind: 'command', server } }
}

/** They belong to the connection, which Gatehouse makes. */
const connectionHeaders = /^(accept.*|content-.*|user-agent|connection|host|mcp-.*)$/i

/** Every header’s value becomes a secret: most are, and a file anybody may read is no place for the others either. */
function urlProposal(found: FoundServer, name: ServerName): Proposal {
  const headers: RemoteDraft['headers'] = []
  const secrets = new Map<string, string>()
  const missing: string[] = []
  for (const [header, whole] of Object.entries(found.headers)) {
    if (connectionHeaders.test(header)) continue
    const secret = header
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^(?=\d)/, '_')
    const [, scheme, value = whole] = /^(Bearer|Basic|Token)\s+(.+)$/i.exec(whole) ?? []
    headers.push({ name: header, secret, ...(scheme ? { scheme } : {}) })
    if (isReference(value)) missing.push(secret)
    else secrets.set(secret, value)
  }
  const server: RemoteDraft = { name, url: found.url, transport: 'detect', headers }
  return { found, name, secrets, missing, notes: urlNotes(found), draft: { kind: 'url', server } }
}

function without(found: FoundServer, name: ServerName, problem: string): Proposal {
  return { found, name, secrets: new Map(), missing: [], notes: [], draft: { kind: 'none', problem } }
}

function commandNotes(found: FoundServer, folders: readonly string[]): string[] {
  const notes: string[] = []
  if (!found.enabled) notes.push('It is switched off in the app.')
  if (found.folder) notes.push(`The app starts it in ${found.folder}; Gatehouse starts it in a folder of its own.`)
  if (folders.length > 0)
    notes.push('Folders among its arguments may be read; let it write under Servers if it has to.')
  if (found.args.some((arg) => looksSecret('', arg)))
    notes.push('An argument looks like a secret. Other programs can read arguments: better give it by --secret.')
  return notes
}

function urlNotes(found: FoundServer): string[] {
  const notes: string[] = []
  if (!found.enabled) notes.push('It is switched off in the app.')
  const query = found.url.split('?')[1] ?? ''
  if (new URLSearchParams(query).entries().some(([key, value]) => looksSecret(key, value)))
    notes.push('Its address looks as if it held a secret, which is kept as a part of the address.')
  return notes
}

function isFolder(arg: string): boolean {
  try {
    return isAbsolute(arg) && statSync(arg).isDirectory()
  } catch {
    return false
  }
}

/** `My Server!` → `my-server`, `my-server-2` when that is taken. */
function freeName(given: string, taken: ReadonlySet<string>): ServerName {
  const plain = given
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 24)
  const base = plain === '' || reservedServerNames.includes(plain) ? 'imported' : plain
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : `-${number}`
    const name = `${base.slice(0, 24 - ending.length)}${ending}`
    if (!taken.has(name)) return name as ServerName
  }
}
