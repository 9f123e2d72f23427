import { join } from 'node:path'
import { app, Menu, nativeImage, Tray } from 'electron'
import type { ShellWords } from './words.ts'

export interface TrayActions {
  open(route?: string): void
  quit(): void
}

/** The icon that stays when every window is closed: how many questions wait, and the way back in. It never decides. */
export class GatehouseTray {
  readonly #tray: Tray
  #shown = ''

  constructor(
    iconFolder: string,
    private readonly words: () => ShellWords,
    private readonly actions: TrayActions,
  ) {
    // macOS colours an image whose name ends in “Template” itself, for light and dark bars
    const icon = process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'
    this.#tray = new Tray(nativeImage.createFromPath(join(iconFolder, icon)))
    this.#tray.on('click', () => actions.open())
    this.pending(0)
  }

  pending(count: number): void {
    const words = this.words()
    const waiting = count === 0 ? words.nothingWaits : words.waiting(count)
    if (waiting === this.#shown) return
    this.#shown = waiting
    this.#tray.setToolTip(count === 0 ? 'Gatehouse' : `Gatehouse – ${waiting}`)
    this.#tray.setTitle(count === 0 ? '' : String(count))
    app.setBadgeCount(count)
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: waiting, enabled: count > 0, click: () => this.actions.open('#/approvals') },
        { type: 'separator' },
        { label: words.open, click: () => this.actions.open() },
        { label: words.quit, click: () => this.actions.quit() },
      ]),
    )
  }
}
