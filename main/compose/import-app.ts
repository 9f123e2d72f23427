import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { z } from 'zod'
import type { ImportPlan, imported } from '../../shared/contract/apps.ts'
import type { ServerDraft } from '../../shared/contract/servers.ts'
import { reservedServerNames, type ServerName } from '../../shared/domain/ids.ts'
import { appFileChanged, GatehouseError } from '../../shared/errors.ts'
import { type Language, sentence } from '../../shared/messages/messages.ts'
import type { FoundServer } from '../clients/apps/found-server.ts'
import { isReference, looksSecret } from '../clients/apps/secret-looking.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { switchedOff } from './handlers/switched-off.ts'
import type { Hosting } from './hosting.ts'

/** A found server as it would be added, and the values that go into the keychain. */
interface Proposal {
  readonly found: FoundServer
  readonly draft: ServerDraft
  readonly secrets: ReadonlyMap<string, string>
  readonly missing: readonly string[]
  readonly notes: readonly string[]
}

export interface ImportParts {
  readonly hosting: Pick<Hosting, 'administration' | 'servers'>
  readonly credentials: Credentials
  readonly language: () => Language
}

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Turns what AI apps start by themselves into servers of Gatehouse, by the plan any server is added by. */
export class AppImport {
  constructor(private readonly parts: ImportParts) {}

  /** What each would run. Starts nothing, changes nothing. */
  async plan(found: readonly FoundServer[]): Promise<{ servers: ImportPlan[]; preview: string }> {
    const servers: ImportPlan[] = []
    for (const proposal of this.#proposals(found)) servers.push(await this.#planned(proposal))
    return { servers, preview: previewOf(found) }
  }

  /**
   * Adds the named ones, each by itself: one that fails does not stop the next.
   * @throws apps.changed when the app’s file no longer says what was shown
   */
  async add(
    found: readonly FoundServer[],
    names: readonly string[],
    agreed: { readonly file: string; readonly preview: string; readonly acceptPins: boolean },
  ): Promise<z.output<typeof imported>[]> {
    if (previewOf(found) !== agreed.preview) throw appFileChanged(agreed.file)
    const results: z.output<typeof imported>[] = []
    for (const proposal of this.#proposals(found)) {
      if (!names.includes(proposal.found.name)) continue
      const base = { name: proposal.found.name, as: proposal.draft.name }
      try {
        await this.#add(proposal, agreed.acceptPins)
        results.push({ ...base, added: true })
      } catch (error) {
        results.push({ ...base, added: false, problem: this.#words(error) })
      }
    }
    return results
  }

  async #planned({ found, draft, secrets, missing, notes }: Proposal): Promise<ImportPlan> {
    const base = { name: found.name, as: draft.name, secrets: [...secrets.keys()], missing: [...missing] }
    const problem = whyNot(found)
    if (problem) return { ...base, notes: [...notes], problem }
    try {
      return { ...base, notes: [...notes], plan: await this.parts.hosting.administration.plan(draft) }
    } catch (error) {
      return { ...base, notes: [...notes], problem: this.#words(error) }
    }
  }

  /** A program that is missing is kept switched off, as when it is added by hand. */
  async #add(proposal: Proposal, acceptPins: boolean): Promise<void> {
    const { hosting, credentials } = this.parts
    const { found, draft, secrets } = proposal
    const problem = whyNot(found)
    if (problem) throw new Error(problem)
    const { resolvedExecutable } = await hosting.administration.plan(draft)
    try {
      for (const [name, value] of secrets) await credentials.set(draft.name, name, value)
      if (resolvedExecutable !== '') await hosting.administration.add({ ...draft, acceptPins })
      else {
        hosting.servers.add(switchedOff(draft))
        hosting.administration.announce(draft.name)
      }
    } catch (error) {
      if (hosting.servers.get(draft.name) === undefined) await credentials.removeAll(draft.name)
      throw error
    }
  }

  #proposals(found: readonly FoundServer[]): Proposal[] {
    const taken = new Set<string>(this.parts.hosting.servers.list().map(({ name }) => name))
    return found.map((server) => {
      const name = freeName(server.name, taken)
      taken.add(name)
      return proposalOf(server, name)
    })
  }

  #words(error: unknown): string {
    if (error instanceof GatehouseError) return sentence(error, 'person', this.parts.language())
    return error instanceof Error ? error.message : String(error)
  }
}

function proposalOf(found: FoundServer, name: ServerName): Proposal {
  const env: Record<string, string> = {}
  const secrets = new Map<string, string>()
  const missing: string[] = []
  for (const [key, value] of Object.entries(found.env)) {
    if (isReference(value)) missing.push(key)
    else if (looksSecret(key, value)) secrets.set(key, value)
    else env[key] = value
  }
  const folders = found.args.filter(isFolder)
  const draft: ServerDraft = {
    name,
    command: found.command,
    args: [...found.args],
    env,
    secretNames: [...secrets.keys(), ...missing],
    allowedPaths: folders.map((path) => ({ path, access: 'read' })),
  }
  return { found, draft, secrets, missing, notes: notesOn(found, folders) }
}

function notesOn(found: FoundServer, folders: readonly string[]): string[] {
  const notes: string[] = []
  if (!found.enabled) notes.push('It is switched off in the app.')
  if (found.folder) notes.push(`The app starts it in ${found.folder}; Gatehouse starts it in a folder of its own.`)
  if (folders.length > 0)
    notes.push('Folders among its arguments may be read; let it write under Servers if it has to.')
  if (found.args.some((arg) => looksSecret('', arg)))
    notes.push('An argument looks like a secret. Other programs can read arguments: better give it by --secret.')
  return notes
}

function whyNot(found: FoundServer): string | undefined {
  if (found.kind === 'url') return 'Servers at an address cannot be imported yet.'
  if (found.kind === 'other') return 'It is a part of the app.'
  const odd = Object.keys(found.env).find((name) => !variable.test(name))
  return odd === undefined ? undefined : `“${odd}” cannot be the name of an environment value.`
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

const previewOf = (found: readonly FoundServer[]): string =>
  createHash('sha256').update(JSON.stringify(found)).digest('hex')
