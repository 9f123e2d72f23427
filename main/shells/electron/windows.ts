import { app, BrowserWindow, type BrowserWindowConstructorOptions, screen, type WebPreferences } from 'electron'
import { appOrigin } from './sender.ts'

/** Electron security checklist items 2, 3, 4, 6, 8, 9, 10, 11, said out loud although they are defaults. */
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

/** A page that crashes again within this time is not loaded again until it is opened. */
const crashLoopMs = 10_000

/**
 * The main window and the small always-on-top window for a question. Closing either only hides it: hiding, closing,
 * reloading or crashing a window answers nothing (DESIGN section 2).
 */
export class Windows {
  #main: BrowserWindow | undefined
  #question: BrowserWindow | undefined
  #quitting = false

  constructor(private readonly preload: string) {
    app.on('before-quit', () => {
      this.#quitting = true
    })
  }

  all(): BrowserWindow[] {
    return [this.#main, this.#question].filter(
      (window) => window !== undefined && !window.isDestroyed(),
    ) as BrowserWindow[]
  }

  isMain = (window: BrowserWindow): boolean => window === this.#main

  /** Whether the person is working in the main window. */
  isMainInFront(): boolean {
    const main = alive(this.#main)
    return main?.isVisible() === true && !main.isMinimized() && main.isFocused()
  }

  /** Opens or brings forward the main window. @param route a fragment such as `#/approvals`; without it the screen stays */
  async showMain(route?: string): Promise<void> {
    if (this.#quitting) return
    const existing = alive(this.#main)
    const window =
      existing ?? this.#create({ width: 1180, height: 780, minWidth: 720, minHeight: 520, title: 'Gatehouse' })
    this.#main = window
    await goTo(window, `${appOrigin}/${route ?? '#/'}`, existing !== undefined && route === undefined)
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  /** Shows the question without taking the keyboard from the app the person is typing in. */
  async showQuestion(): Promise<void> {
    if (this.#quitting) return
    const existing = alive(this.#question)
    if (existing) return existing.showInactive()
    const window = this.#create({
      width: 720,
      height: 780,
      minWidth: 420,
      minHeight: 420,
      title: 'Gatehouse asks',
      fullscreenable: false,
    })
    this.#question = window
    window.setAlwaysOnTop(true, 'floating')
    window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true })
    await goTo(window, `${appOrigin}/#/question`, false)
    window.showInactive()
  }

  hideQuestion(): void {
    alive(this.#question)?.hide()
  }

  #create(options: BrowserWindowConstructorOptions): BrowserWindow {
    const window = new BrowserWindow({
      show: false,
      autoHideMenuBar: true,
      ...options,
      ...fitting(options),
      webPreferences: safePreferences(this.preload),
    })
    window.on('close', (event) => {
      if (this.#quitting) return
      event.preventDefault()
      window.hide()
    })
    window.on('page-title-updated', (event) => event.preventDefault()) // both windows show the same page
    window.on('session-end', () => app.quit())
    this.#recoverFromCrashes(window)
    return window
  }

  #recoverFromCrashes(window: BrowserWindow): void {
    let lastCrashMs = Number.NEGATIVE_INFINITY
    window.webContents.on('render-process-gone', () => {
      if (this.#quitting || window.isDestroyed()) return
      const loops = performance.now() - lastCrashMs < crashLoopMs
      lastCrashMs = performance.now()
      if (loops) window.destroy()
      else window.webContents.reload()
    })
  }
}

/** No larger than the screen has room for. */
function fitting({ width = 800, height = 600 }: BrowserWindowConstructorOptions) {
  const room = screen.getPrimaryDisplay().workAreaSize
  return { width: Math.min(width, room.width), height: Math.min(height, room.height) }
}

const alive = (window: BrowserWindow | undefined) => (window && !window.isDestroyed() ? window : undefined)

/**
 * Loading the address a page already has would reload it and lose what the person typed. A load that a newer one takes over
 * rejects, and that is all right.
 */
async function goTo(window: BrowserWindow, url: string, stays: boolean): Promise<void> {
  if (stays || window.webContents.getURL() === url) return
  await window.loadURL(url).catch(() => {})
}
