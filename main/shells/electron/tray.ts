import { app, Menu, nativeImage, Tray } from 'electron'

export interface TrayActions {
  open(route?: string): void
  quit(): void
}

/** The icon that stays when every window is closed: how many questions wait, and the way back in. It never decides. */
export class GatehouseTray {
  readonly #tray: Tray
  #count = -1

  constructor(
    icon: string,
    private readonly actions: TrayActions,
  ) {
    this.#tray = new Tray(nativeImage.createFromPath(icon))
    this.#tray.on('click', () => actions.open())
    this.pending(0)
  }

  pending(count: number): void {
    if (count === this.#count) return
    this.#count = count
    const waiting = count === 1 ? '1 question waits' : `${count} questions wait`
    this.#tray.setToolTip(count === 0 ? 'Gatehouse' : `Gatehouse – ${waiting}`)
    this.#tray.setTitle(count === 0 ? '' : String(count))
    app.setBadgeCount(count)
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        {
          label: count === 0 ? 'No question waits' : waiting,
          enabled: count > 0,
          click: () => this.actions.open('#/approvals'),
        },
        { type: 'separator' },
        { label: 'Open Gatehouse', click: () => this.actions.open() },
        { label: 'Quit Gatehouse', click: () => this.actions.quit() },
      ]),
    )
  }

  remove(): void {
    this.#tray.destroy()
  }
}
