import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { ImportPlan, imported } from '../../shared/contract/apps.ts'
import type { ServerDraft } from '../../shared/contract/servers.ts'
import type { EpochMs, WorkspaceName } from '../../shared/domain/ids.ts'
import { appFileChanged, GatehouseError, inputInvalid } from '../../shared/errors.ts'
import { type Language, sentence } from '../../shared/messages/messages.ts'
import type { FoundServer } from '../clients/apps/found-server.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { remoteConfigOf, remotePlanOf } from '../supervisor/remote/remote-plan.ts'
import { switchedOff } from './handlers/switched-off.ts'
import type { Hosting } from './hosting.ts'
import { type Proposal, proposals } from './import-proposal.ts'

export interface ImportParts {
  readonly hosting: Pick<Hosting, 'administration' | 'servers'>
  readonly credentials: Credentials
  readonly language: () => Language
}

interface Whose {
  readonly acceptPins: boolean
  /** The first one when left out. */
  readonly workspace?: WorkspaceName | undefined
}

/** Turns what AI apps start or call by themselves into servers of Gatehouse, by the plan any server is added by. */
export class AppImport {
  constructor(private readonly parts: ImportParts) {}

  /** What each would run, or where it is. Starts nothing, connects to nothing, changes nothing. */
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
    agreed: Whose & { readonly file: string; readonly preview: string },
  ): Promise<z.output<typeof imported>[]> {
    if (previewOf(found) !== agreed.preview) throw appFileChanged(agreed.file)
    const results: z.output<typeof imported>[] = []
    for (const proposal of this.#proposals(found)) {
      if (!names.includes(proposal.found.name)) continue
      const base = { name: proposal.found.name, as: proposal.name }
      try {
        await this.#add(proposal, agreed)
        results.push({ ...base, added: true })
      } catch (error) {
        results.push({ ...base, added: false, problem: this.#words(error) })
      }
    }
    return results
  }

  async #planned({ found, name, secrets, missing, notes, draft }: Proposal): Promise<ImportPlan> {
    const base = { name: found.name, as: name, secrets: [...secrets.keys()], missing: [...missing], notes: [...notes] }
    try {
      if (draft.kind === 'none') return { ...base, problem: draft.problem }
      if (draft.kind === 'url') return { ...base, remote: await remotePlanOf(draft.server) }
      return { ...base, plan: await this.parts.hosting.administration.plan(draft.server) }
    } catch (error) {
      return { ...base, problem: this.#words(error) }
    }
  }

  async #add({ draft, name, secrets }: Proposal, { acceptPins, workspace }: Whose): Promise<void> {
    const { hosting, credentials } = this.parts
    const keepSecrets = async () => {
      for (const [secret, value] of secrets) await credentials.set(name, secret, value)
    }
    try {
      if (draft.kind === 'none') throw inputInvalid(draft.problem)
      if (draft.kind === 'url') {
        const config = remoteConfigOf({ ...draft.server, workspace }, Date.now() as EpochMs)
        await hosting.administration.addRemote(config, acceptPins, keepSecrets)
        return
      }
      await keepSecrets()
      await this.#addCommand({ ...draft.server, workspace }, acceptPins)
    } catch (error) {
      if (hosting.servers.get(name) === undefined) await credentials.removeAll(name)
      throw error
    }
  }

  /** One whose program is missing is kept switched off, as when it is added by hand. */
  async #addCommand(server: ServerDraft, acceptPins: boolean): Promise<void> {
    const { administration, servers } = this.parts.hosting
    const { resolvedExecutable } = await administration.plan(server)
    if (resolvedExecutable !== '') {
      await administration.add({ ...server, acceptPins })
      return
    }
    servers.add(switchedOff(server))
    administration.announce(server.name)
  }

  #proposals(found: readonly FoundServer[]): Proposal[] {
    return proposals(
      found,
      this.parts.hosting.servers.list().map(({ name }) => name),
    )
  }

  #words(error: unknown): string {
    if (error instanceof GatehouseError) return sentence(error, 'person', this.parts.language())
    return error instanceof Error ? error.message : String(error)
  }
}

const previewOf = (found: readonly FoundServer[]): string =>
  createHash('sha256').update(JSON.stringify(found)).digest('hex')
