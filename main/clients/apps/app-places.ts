import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { appAbsent, inputInvalid } from '../../../shared/errors.ts'
import { appsOn, goneProject, type IsKept, projectsOfClaude } from './apps-on.ts'
import { isSameFolder } from './claude-projects.ts'
import { type Computer, folderOf, type KnownApp, projectFileOf } from './known-apps.ts'
import { ReadOnce } from './read-once.ts'

/** Where the known apps are on this computer. Reads only. */
export class AppPlaces {
  constructor(
    private readonly computer: Computer,
    private readonly kept: () => IsKept = () => () => false,
    readonly exists: (path: string) => boolean = existsSync,
    private readonly connected: () => readonly string[] = () => [],
  ) {}

  /** The first of its files whose folder is there (the app reads that one, also while it is missing); else the first. */
  fileOf({ files, traces }: KnownApp): string {
    const { computer, exists } = this
    const all = files(computer)
    const folders = traces(computer).filter((trace) => exists(trace))
    const file =
      all.find((one) => exists(folderOf(computer, one))) ??
      all.find((one) => folders.some((trace) => one.startsWith(trace))) ??
      all[0]
    if (file === undefined) throw new Error('an app has no file')
    return file
  }

  /** An older file it still uses while its file is missing. */
  olderOf({ older }: KnownApp): string | undefined {
    const file = older?.(this.computer)
    return file !== undefined && this.exists(file) ? file : undefined
  }

  isHere = (app: KnownApp): boolean =>
    [...app.files(this.computer), ...app.traces(this.computer)].some((place) => this.exists(place))

  /** @throws apps.absent; input.invalid for a name no app has */
  need(id: string): KnownApp {
    const app = this.known(id)
    if (app.gone || !this.isHere(app)) throw appAbsent(app.title, app.files(this.computer)[0] ?? '')
    return app
  }

  /** Read anew each time: a person makes and removes profiles of an app. Connected projects that are gone come last. */
  all = (once = new ReadOnce()): readonly KnownApp[] => {
    const here = appsOn(this.computer, this.kept(), once)
    const names = new Set(here.map(({ id }) => id))
    const lost = this.connected().filter((id) => !names.has(id))
    return [...here, ...lost.flatMap((id) => goneProject(id) ?? [])]
  }

  /** @throws input.invalid naming the apps there are */
  known(id: string): KnownApp {
    const all = this.all()
    const app = all.find((one) => one.id === id)
    if (!app) throw inputInvalid(`There is no app “${id}”. Known apps: ${all.map((one) => one.id).join(', ')}.`)
    return app
  }

  /**
   * Where an app looks for servers in the folder of a project: places in files that are there, the first one counts first.
   * @throws input.invalid for an app that reads nothing there, or a folder that is none
   */
  ofProject(id: string, folder: string): readonly { readonly app: KnownApp; readonly file: string }[] {
    const app = this.known(id)
    const shared = projectFileOf(app, this.computer, folder)
    if (shared === undefined) throw inputInvalid(`${app.title} keeps no servers in the folder of a project.`)
    if (!isAbsolute(folder)) throw inputInvalid('Name the folder in full, from the root of the disk.')
    const own = id === 'claude-code' ? projectsOfClaude(this.computer, () => true, new ReadOnce()) : []
    const ofFolder = own.filter((one) => isSameFolder(this.computer.platform, one.folder, folder))
    const places = ofFolder.map((one) => ({ app: one.app, file: this.fileOf(one.app) }))
    if (this.exists(shared)) places.push({ app, file: shared })
    if (places.length === 0) throw inputInvalid(`There is no ${shared}, so ${app.title} has no servers in that folder.`)
    return places
  }
}
