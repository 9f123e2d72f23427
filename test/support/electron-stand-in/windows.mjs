import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { app } from './app.mjs'
import { openPage, toApp, toShown } from './chromium.mjs'
import { emitPreventable, PreventableEvent } from './events.mjs'
import { respond, session } from './session.mjs'

const handlers = new Map()
export const ipcMain = {
  handle: (channel, handler) => {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  },
  removeHandler: (channel) => handlers.delete(channel),
}

/** What the page tried and what the app let it do, newest last. */
export const attempts = []

class WebContents extends EventEmitter {
  opened
  mainFrame = { url: '', origin: '' }
  #openHandler = () => ({ action: 'allow' })
  setWindowOpenHandler(handler) {
    this.#openHandler = handler
  }
  send(channel, ...args) {
    this.opened?.emit(channel, args)
  }
  getURL = () => toApp(this.opened?.page.url() ?? '')
  reload() {
    this.emit('stand-in:reload')
  }

  /** A navigation the page itself began. @returns whether the app lets it */
  mayNavigate(url, isMainFrame) {
    const event = new PreventableEvent({ url, isMainFrame })
    const frameStopped = emitPreventable(this, 'will-frame-navigate', event)
    const stopped = frameStopped || (isMainFrame && emitPreventable(this, 'will-navigate', event, url))
    attempts.push({ kind: 'navigate', url, allowed: !stopped })
    return !stopped
  }
  mayOpen(url) {
    const allowed = this.#openHandler({ url }).action !== 'deny'
    attempts.push({ kind: 'open', url, allowed })
    return allowed
  }
  mayDownload(url) {
    const allowed = !emitPreventable(session.defaultSession, 'will-download', new PreventableEvent(), {}, this)
    attempts.push({ kind: 'download', url, allowed })
    return allowed
  }
  mayAttachWebview() {
    return !emitPreventable(this, 'will-attach-webview', new PreventableEvent(), {}, {})
  }

  async invoke(channel, args, frame) {
    const handler = handlers.get(channel)
    if (!handler) return { error: `No handler registered for '${channel}'` }
    const { isMain, ...place } = frame
    if (isMain) Object.assign(this.mainFrame, place)
    try {
      return { value: await handler({ sender: this, senderFrame: isMain ? this.mainFrame : place }, ...args) }
    } catch (error) {
      return { error: String(error?.message ?? error) }
    }
  }
}

export class BrowserWindow extends EventEmitter {
  #opened
  #state = { visible: false, focused: false, minimized: false, alwaysOnTop: false, destroyed: false, target: '' }
  constructor(options = {}) {
    super()
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    this.options = options
    this.webContents = new WebContents()
    this.#state.visible = options.show !== false
    app.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
    this.webContents.on('stand-in:reload', () => void this.#reload())
    this.#opened = this.#open()
  }
  static getAllWindows = () => app.windows.filter((window) => !window.isDestroyed())

  get state() {
    const { title, webPreferences } = this.options
    return { title, url: this.webContents.getURL(), preferences: webPreferences, ...this.#state }
  }
  get page() {
    return this.#opened.then(({ page }) => page)
  }

  async #open() {
    const { width = 800, height = 600, webPreferences = {} } = this.options
    const { webContents } = this
    const hooks = {
      mayRequest: (url) => session.defaultSession.webRequest.allows(url),
      mayNavigate: (url, isMainFrame) => webContents.mayNavigate(url, isMainFrame),
      mayOpen: (url) => webContents.mayOpen(url),
      mayDownload: (url) => webContents.mayDownload(url),
      respond,
      invoke: (channel, args, frame) => webContents.invoke(channel, args, frame),
      titled: (title) => {
        if (!emitPreventable(this, 'page-title-updated', new PreventableEvent(), title)) this.options.title = title
      },
      gone: () => webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 }),
    }
    const preloadSource = webPreferences.preload ? readFileSync(webPreferences.preload, 'utf8') : ''
    const opened = await openPage({ preloadSource, width, height }, hooks)
    webContents.opened = opened
    this.#state.target = opened.target
    return opened
  }
  async loadURL(url) {
    const opened = await this.#opened
    await opened.load(toShown(url))
  }
  /** A crashed page cannot be brought back by Playwright, so it gets a successor with the same address. */
  async #reload() {
    const { page, crashed, load } = await this.#opened
    const url = page.url()
    if (!crashed()) return load(url)
    this.#opened = this.#open()
    await page.close().catch(() => {})
    await (await this.#opened).load(url)
  }
  show() {
    Object.assign(this.#state, { visible: true, minimized: false })
    this.focus()
  }
  showInactive() {
    this.#state.visible = true
  }
  hide() {
    Object.assign(this.#state, { visible: false, focused: false })
  }
  focus() {
    if (this.#state.focused) return
    for (const window of BrowserWindow.getAllWindows()) window.blur()
    this.#state.focused = true
    app.emit('browser-window-focus', {}, this)
  }
  blur() {
    this.#state.focused = false
  }
  minimize() {
    Object.assign(this.#state, { minimized: true, focused: false })
  }
  restore() {
    this.#state.minimized = false
  }
  isVisible = () => this.#state.visible
  isFocused = () => this.#state.focused
  isMinimized = () => this.#state.minimized
  isDestroyed = () => this.#state.destroyed
  setAlwaysOnTop(flag) {
    this.#state.alwaysOnTop = flag
  }
  setVisibleOnAllWorkspaces() {}
  /** What the person does by the window's close button. */
  close() {
    if (!emitPreventable(this, 'close')) this.destroy()
  }
  destroy() {
    Object.assign(this.#state, { destroyed: true, visible: false, focused: false })
    void this.page.then((page) => page.close()).catch(() => {})
    this.emit('closed')
    if (BrowserWindow.getAllWindows().length === 0) app.emit('window-all-closed')
  }
}
