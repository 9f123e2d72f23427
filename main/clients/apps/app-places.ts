import { existsSync } from 'node:fs'
import { appAbsent, inputInvalid } from '../../../shared/errors.ts'
import { type Computer, folderOf, type KnownApp, knownApps } from './known-apps.ts'

/** Where the known apps are on this computer. Reads only. */
export class AppPlaces {
  constructor(
    private readonly computer: Computer,
    readonly exists: (path: string) => boolean = existsSync,
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
    const app = known(id)
    if (!this.isHere(app)) throw appAbsent(app.title, app.files(this.computer)[0] ?? '')
    return app
  }
}

/** @throws input.invalid naming the apps there are */
export function known(id: string): KnownApp {
  const app = knownApps.find((one) => one.id === id)
  if (!app) throw inputInvalid(`There is no app “${id}”. Known apps: ${knownApps.map((one) => one.id).join(', ')}.`)
  return app
}
