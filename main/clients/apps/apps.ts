/**
 * The AI apps on this computer and their own configuration files: which are there, which servers each has, and the one
 * entry by which an app starts the bridge. Every change is shown first as a diff, is made only of exactly what was shown,
 * leaves a copy in `backups/`, and can be taken back.
 *
 * It refuses a file it cannot read in full or prove unchanged outside the entry, a link, and one that changed since it was
 * shown; and it starts nothing: what a found server would do is for `servers/` to plan and the person to agree to.
 */
import { createHash } from 'node:crypto'
import type { WorkspaceName } from '../../../shared/domain/ids.ts'
import { appAbsent, appFileChanged, GatehouseError, inputInvalid } from '../../../shared/errors.ts'
import { AppPlaces } from './app-places.ts'
import { AppText, type Joining, withoutMark } from './app-text.ts'
import { claudeFile, type IsKept } from './apps-on.ts'
import { type ConfigFile, encoded, hashOf, readConfigFile, replaceConfigFile } from './config-file.ts'
import type { ConnectionStore } from './connection-store.ts'
import { Copies } from './copies.ts'
import type { FoundServer } from './found-server.ts'
import type { Computer, KnownApp } from './known-apps.ts'
import { ReadOnce } from './read-once.ts'
import { shownDiff } from './shown-diff.ts'

export interface AppsParts {
  readonly computer: Computer
  readonly store: ConnectionStore
  /** The launcher in `bin/` of the data folder: it outlives updates. */
  readonly bridgeCommand: string
  /** `backups/` in the data folder. */
  readonly backups: string
  readonly clients: {
    /** @returns whether it was not paired before. @throws client.suspended */
    pair(name: string, workspace?: WorkspaceName): Promise<boolean>
    /** Where a paired one is. */
    workspaceOf(name: string): WorkspaceName | undefined
    revoke(name: string): Promise<void>
  }
  readonly exists?: (path: string) => boolean
  readonly now?: () => number
}

export interface DetectedApp {
  readonly id: string
  readonly title: string
  readonly found: boolean
  readonly file: string
  readonly fileExists: boolean
  /** What it reads in the folder of a project. */
  readonly projectFile?: string
  /** Its file has the entry of this Gatehouse. */
  readonly connected: boolean
  /** Where it is paired. */
  readonly workspace?: WorkspaceName
  /** Its other servers. */
  readonly servers: readonly FoundServer[]
  /** Why its file cannot be used. */
  readonly problem?: GatehouseError
}

/** A change as the person sees it before it is made. */
export interface ShownChange {
  readonly app: string
  readonly title: string
  readonly file: string
  readonly diff: string
  /** Stands for exactly this change of exactly this file. */
  readonly preview: string
  readonly creates: boolean
}

interface Change {
  readonly app: KnownApp
  readonly before: ConfigFile
  /** Undefined: the file goes. */
  readonly after: Uint8Array | undefined
  readonly text: string
}

export class AiApps {
  #turn: Promise<unknown> = Promise.resolve()
  readonly #places: AppPlaces
  readonly #text: AppText
  readonly #copies: Copies

  constructor(private readonly parts: AppsParts) {
    this.#text = new AppText(parts.bridgeCommand)
    this.#copies = new Copies(parts.backups)
    this.#places = new AppPlaces(parts.computer, this.#isKept, parts.exists, this.#connected)
  }

  /** All known apps, those that are here first. Reads only. */
  async detect(): Promise<DetectedApp[]> {
    const once = new ReadOnce()
    await once.file(claudeFile(this.parts.computer)).catch(() => undefined) // its problem is told with the app
    const all = await Promise.all(this.#places.all(once).map((app) => this.#look(app, once)))
    return all.sort((a, b) => Number(b.found) - Number(a.found))
  }

  /**
   * The servers in an app’s file but Gatehouse’s own entry.
   * @param folder of a project: those the app has there instead, by the person's own choice or in a file that is shared
   *   with others
   * @throws apps.absent, apps.unparsable, apps.unsafe; input.invalid when the app has nothing in that folder
   */
  async servers(id: string, folder?: string): Promise<FoundServer[]> {
    if (folder !== undefined) return this.#inProject(id, folder)
    const app = this.#places.need(id)
    return this.#text.othersIn(app, await readConfigFile(this.#places.fileOf(app)))
  }

  /**
   * @throws apps.absent, apps.unparsable, apps.unsafe; input.invalid when there is nothing to change, or when the app is
   *   paired in another workspace than the wanted one
   */
  previewConnect = async (id: string, joining: Joining = {}): Promise<ShownChange> =>
    this.#shown(await this.#connectChange(id, joining))

  /**
   * Pairs the app and writes the entry. The person has just agreed to what was shown.
   * @throws apps.changed when that is not what would be done now; client.suspended; whatever previewConnect throws
   */
  connect(id: string, preview: string, joining: Joining = {}): Promise<ShownChange> {
    return this.#inTurn(async () => {
      const change = await this.#agreed(await this.#connectChange(id, joining), preview)
      const paired = await this.parts.clients.pair(id, joining.workspace)
      try {
        const backup = await this.#copies.keep(id, change.before, this.#now())
        await replaceConfigFile(change.before, change.after)
        this.#remember(change, backup, paired, joining.replacing ?? [])
      } catch (error) {
        if (paired) await this.parts.clients.revoke(id)
        throw error
      }
      return this.#shown(change)
    })
  }

  /** @throws input.invalid when the app is not connected; apps.unparsable, apps.unsafe */
  previewDisconnect = async (id: string): Promise<ShownChange> => this.#shown(await this.#disconnectChange(id))

  /**
   * Puts the file back as it was, byte for byte, when it is as Gatehouse left it; else takes out just the entry, if it is still
   * there. A pairing that came with the connection ends.
   * @throws apps.changed; whatever previewDisconnect throws
   */
  disconnect(id: string, preview: string): Promise<ShownChange> {
    return this.#inTurn(async () => this.#takeBack(await this.#agreed(await this.#disconnectChange(id), preview)))
  }

  /** For uninstalling: takes back every connection, as far as the files allow. */
  async disconnectAll(): Promise<{ readonly restored: ShownChange[]; readonly failed: [string, GatehouseError][] }> {
    const restored: ShownChange[] = []
    const failed: [string, GatehouseError][] = []
    const stored = new Map(this.parts.store.all().map(({ app, file }) => [app, file]))
    for (const { id, title, connected } of await this.detect()) {
      if (!stored.delete(id) && !connected) continue
      try {
        restored.push(await this.#inTurn(async () => this.#takeBack(await this.#disconnectChange(id))))
      } catch (error) {
        if (!(error instanceof GatehouseError)) throw error
        if (error.code !== 'input.invalid') failed.push([title, error])
      }
    }
    for (const [app, file] of stored) failed.push([app, appAbsent(app, file)])
    return { restored, failed }
  }

  async #look(app: KnownApp, once: ReadOnce): Promise<DetectedApp> {
    const file = this.#places.fileOf(app)
    const project = app.projectFile && { projectFile: app.projectFile.join('/') }
    const workspace = this.parts.clients.workspaceOf(app.id)
    const paired = workspace === undefined ? {} : { workspace }
    const base = { id: app.id, title: app.title, file, found: this.#places.isHere(app), ...project, ...paired }
    const fileExists = this.#places.exists(file)
    try {
      const now = await once.file(file)
      const connected = this.#text.ownEntries(app, now, once.parse).length > 0 || app.gone === true
      return { ...base, fileExists, connected, servers: this.#text.othersIn(app, now, once.parse) }
    } catch (error) {
      if (!(error instanceof GatehouseError)) throw error
      return { ...base, fileExists, connected: false, servers: [], problem: error }
    }
  }

  #connected = () => this.parts.store.all().map(({ app }) => app)
  /** What can be disconnected stays known. */
  #isKept = (): IsKept => {
    const stored = new Set(this.#connected())
    return (app, servers) => stored.has(app) || this.#text.isOwnAmong(servers)
  }

  async #inProject(id: string, folder: string): Promise<FoundServer[]> {
    const found = new Map<string, FoundServer>()
    for (const { app, file } of this.#places.ofProject(id, folder))
      for (const server of this.#text.othersIn(app, await readConfigFile(file)))
        if (!found.has(server.name)) found.set(server.name, server)
    return [...found.values()]
  }

  async #connectChange(id: string, joining: Joining): Promise<Change> {
    const app = this.#places.need(id)
    this.#notElsewhere(app, joining.workspace)
    const before = await readConfigFile(this.#places.fileOf(app))
    const older = this.#places.olderOf(app)
    if (before.bytes === undefined && older !== undefined)
      throw inputInvalid(
        `${app.title} still uses ${older}. Let it move to ${before.path} first, or paste the snippet there.`,
      )
    const text = this.#text.connected(app, before, joining)
    return { app, before, text, after: encoded(before, text) }
  }

  /** Where it is paired. */
  workspaceOf = (id: string): WorkspaceName | undefined => this.parts.clients.workspaceOf(id)

  /** What an app was allowed in one workspace never follows it into another. */
  #notElsewhere({ id, title }: KnownApp, wanted: WorkspaceName | undefined): void {
    const present = this.parts.clients.workspaceOf(id)
    if (wanted === undefined || present === undefined || present === wanted) return
    throw inputInvalid(
      `${title} is paired in the workspace “${present}”. Choose that one, or revoke ${id} under Sessions first.`,
    )
  }

  async #disconnectChange(id: string): Promise<Change> {
    const app = this.#places.known(id)
    const connection = this.parts.store.get(id)
    const before = await readConfigFile(connection?.file ?? this.#places.fileOf(app))
    const original = connection && (await this.#copies.original(connection))
    if (connection && original !== undefined && hashOf(before.bytes) === connection.afterHash) {
      if (original === 'none') return { app, before, text: '', after: undefined }
      return { app, before, text: original.toString(), after: original }
    }
    const isThere = this.#text.ownEntries(app, before).length > 0
    if (!isThere && connection) return { app, before, text: before.text, after: before.bytes }
    if (!isThere) throw inputInvalid(`${app.title} is not connected.`)
    const old = original instanceof Buffer ? original.toString() : undefined
    const text = this.#text.disconnected(app, before, old, connection?.replaced ?? [])
    return { app, before, text, after: encoded(before, text) }
  }

  async #takeBack(change: Change): Promise<ShownChange> {
    const connection = this.parts.store.get(change.app.id)
    if (hashOf(change.before.bytes) !== hashOf(change.after)) {
      await this.#copies.keep(change.app.id, change.before, this.#now())
      await replaceConfigFile(change.before, change.after)
    }
    this.parts.store.remove(change.app.id)
    if (connection?.paired) await this.parts.clients.revoke(change.app.id)
    return this.#shown(change)
  }

  #remember(change: Change, backup: string, paired: boolean, replaced: readonly string[]): void {
    const { app, before } = change
    const beforeHash = hashOf(before.bytes)
    const earlier = this.parts.store.get(app.id)
    const isNext = earlier?.file === before.path && earlier.afterHash === beforeHash
    this.parts.store.save({
      app: app.id,
      file: before.path,
      backup: isNext ? earlier.backup : backup,
      beforeHash: isNext ? earlier.beforeHash : beforeHash,
      afterHash: hashOf(change.after),
      replaced: isNext ? [...earlier.replaced, ...replaced] : replaced,
      paired: paired || (earlier?.paired ?? false),
      connectedAt: this.#now(),
    })
  }

  async #agreed(change: Change, preview: string): Promise<Change> {
    if (previewOf(change) !== preview) throw appFileChanged(change.before.path)
    return change
  }

  #shown(change: Change): ShownChange {
    const { app, before, text } = change
    const servers = [before.text, withoutMark(text)].flatMap((one) => this.#text.serversAnywhere(app, one))
    return {
      app: app.id,
      title: app.title,
      file: before.path,
      diff: shownDiff(before.path, before.text, withoutMark(text), servers),
      preview: previewOf(change),
      creates: before.bytes === undefined,
    }
  }

  #now = (): number => (this.parts.now ?? Date.now)()

  /** One change after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work, work)
    this.#turn = next.catch(() => undefined)
    return next
  }
}

const previewOf = ({ before, after }: Change): string =>
  createHash('sha256')
    .update(JSON.stringify([before.path, hashOf(before.bytes), hashOf(after)]))
    .digest('hex')
