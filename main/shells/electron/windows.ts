import { BrowserWindow, type BrowserWindowConstructorOptions, type WebPreferences } from 'electron'
import { appOrigin } from './app-protocol.ts'

/** Electron security checklist items 2, 3, 4, 6, 8, 9, 10, said out loud although they are defaults. */
export function safePreferences(preload: string): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    spellcheck: false,
    devTools: false,
    navigateOnDragDrop: false,
  }
}

/**
 * The main window and the small always-on-top window for a question. Closing either only hides it: hiding, closing,
 * reloading or crashing a window answers nothing (DESIGN section 2).
 */
export class Windows {
  #main: BrowserWindow | undefined
  #question: BrowserWindow | undefined
  #quitting = false

  constructor(private readonly preload: string) {}

  quitting(): void {
    this.#quitting = true
  }

  all(): BrowserWindow[] {
    return [this.#main, this.#question].filter(
      (window) => window !== undefined && !window.isDestroyed(),
    ) as BrowserWindow[]
  }

  isMainVisible(): boolean {
    return this.#main !== undefined && !this.#main.isDestroyed() && this.#main.isVisible() && !this.#main.isMinimized()
  }

  /** Opens or brings forward the main window. @param route a fragment such as `#/approvals` */
  async showMain(route = '#/'): Promise<void> {
    const existing = this.#main && !this.#main.isDestroyed() ? this.#main : undefined
    const window =
      existing ?? this.#create({ width: 1180, height: 780, minWidth: 720, minHeight: 520, title: 'Gatehouse' })
    this.#main = window
    if (!existing || route !== '#/') await window.loadURL(`${appOrigin}/${route}`)
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  /** Shows the question without taking the keyboard from the app the person is typing in. */
  async showQuestion(): Promise<void> {
    if (this.#question && !this.#question.isDestroyed()) return this.#question.showInactive()
    const window = this.#create({
      width: 620,
      height: 700,
      minWidth: 420,
      minHeight: 420,
      title: 'Gatehouse asks',
      fullscreenable: false,
    })
    this.#question = window
    window.setAlwaysOnTop(true, 'floating')
    window.setVisibleOnAllWorkspaces(true)
    await window.loadURL(`${appOrigin}/#/question`)
    window.showInactive()
  }

  hideQuestion(): void {
    if (this.#question && !this.#question.isDestroyed()) this.#question.hide()
  }

  #create(options: BrowserWindowConstructorOptions): BrowserWindow {
    const window = new BrowserWindow({
      show: false,
      autoHideMenuBar: true,
      ...options,
      webPreferences: safePreferences(this.preload),
    })
    window.on('close', (event) => {
      if (this.#quitting) return
      event.preventDefault()
      window.hide()
    })
    window.webContents.on('render-process-gone', () => {
      if (!this.#quitting && !window.isDestroyed()) window.reload()
    })
    return window
  }
}
