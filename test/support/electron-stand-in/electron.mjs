import { EventEmitter } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { chromiumFor, openPage, toApp, toShown } from './chromium.mjs'
import { serveControl } from './control.mjs'
import { settings } from './settings.mjs'

/** The `electron` module as far as the shell uses it. What has no picture here is kept as state for a test to read. */
const native = { badge: 0, loginItem: false, protocols: [], notifications: [], trays: [], sandboxed: false }
const handlers = new Map()
const schemes = new Map()
const privileged = []
const windows = []

class PreventableEvent {
  defaultPrevented = false
  preventDefault() {
    this.defaultPrevented = true
  }
}

/** Emits with an event a listener may prevent. @returns whether one did */
function emitPreventable(emitter, name, ...args) {
  const event = new PreventableEvent()
  emitter.emit(name, event, ...args)
  return event.defaultPrevented
}

class App extends EventEmitter {
  #ready = false
  #instance
  constructor() {
    super()
    this.commandLine = { appendSwitch() {}, hasSwitch: (name) => process.argv.includes(`--${name}`) }
  }
  async whenReady() {
    if (this.#ready) return
    await chromiumFor()
    this.#ready = true
    this.emit('ready')
  }
  isReady = () => this.#ready
  enableSandbox() {
    if (this.#ready) throw new Error('app.enableSandbox() can only be called before app is ready')
    native.sandboxed = true
  }
  requestSingleInstanceLock() {
    const path = join(settings.dir, 'instance.sock')
    if (existsSync(path)) {
      connect(path)
        .on('error', () => {})
        .end(JSON.stringify(process.argv))
      return false
    }
    this.#instance = createServer((socket) => {
      let text = ''
      socket.on('data', (data) => (text += data))
      socket.on('end', () =>
        this.emit('second-instance', new PreventableEvent(), JSON.parse(text || '[]'), process.cwd(), null),
      )
    }).listen(path)
    this.#instance.unref()
    process.on('exit', () => rmSync(path, { force: true }))
    return true
  }
  setAsDefaultProtocolClient = (scheme) => native.protocols.push(scheme) > 0
  setBadgeCount(count) {
    native.badge = count
    return true
  }
  setLoginItemSettings({ openAtLogin }) {
    native.loginItem = openAtLogin === true
  }
  getLoginItemSettings = () => ({ openAtLogin: native.loginItem })
  getVersion = () => '0.0.0-stand-in'
  quit() {
    if (emitPreventable(this, 'before-quit')) return
    if (windows.some((window) => !window.isDestroyed() && emitPreventable(window, 'close'))) return
    emitPreventable(this, 'will-quit')
    this.exit(0)
  }
  exit(code = 0) {
    void chromiumFor()
      .then(({ context }) => context.close())
      .finally(() => process.exit(code))
  }
}
export const app = new App()

class WebContents extends EventEmitter {
  mainFrame = { url: '', origin: '' }
  openHandler = () => ({ action: 'allow' })
  setWindowOpenHandler(handler) {
    this.openHandler = handler
  }
  send(channel, ...args) {
    this.emitToPreload?.(channel, args)
  }
  getURL = () => this.mainFrame.url
}

export class BrowserWindow extends EventEmitter {
  #opened
  #state = { visible: false, minimized: false, alwaysOnTop: false, destroyed: false, focused: false }
  constructor(options = {}) {
    super()
    this.options = options
    this.webContents = new WebContents()
    this.#state.visible = options.show !== false
    windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
    this.#opened = this.#open()
  }
  static getAllWindows = () => windows.filter((window) => !window.isDestroyed())
  get state() {
    return {
      title: this.options.title,
      url: this.webContents.getURL(),
      preferences: this.options.webPreferences,
      ...this.#state,
    }
  }
  async #open() {
    const { width = 800, height = 600, webPreferences = {} } = this.options
    const preloadSource = webPreferences.preload ? readFileSync(webPreferences.preload, 'utf8') : ''
    const hooks = {
      mayRequest: (url) => session.defaultSession.webRequest.allows(url),
      respond: (request) => schemes.get('app')?.(request) ?? new Response('', { status: 404 }),
      invoke: (channel, args, from) => this.#invoke(channel, args, from),
    }
    const opened = await openPage({ preloadSource, width, height }, hooks)
    this.webContents.emitToPreload = opened.emit
    this.#state.target = opened.target
    opened.page.on('crash', () => this.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }))
    opened.page.on('popup', (popup) => {
      if (this.webContents.openHandler({ url: popup.url() }).action === 'deny') void popup.close()
    })
    return opened.page
  }
  async #invoke(channel, args, { isMainFrame, url }) {
    const frame = { url, origin: URL.canParse(url) ? 'app://gatehouse' : '' }
    if (isMainFrame) this.webContents.mainFrame = frame
    const handler = handlers.get(channel)
    if (!handler) return { error: `No handler registered for '${channel}'` }
    try {
      return { value: await handler({ sender: this.webContents, senderFrame: frame }, ...args) }
    } catch (error) {
      return { error: String(error?.message ?? error) }
    }
  }
  async loadURL(url) {
    const page = await this.#opened
    await page.goto(toShown(url))
    this.webContents.mainFrame = { url: toApp(page.url()), origin: 'app://gatehouse' }
  }
  async reload() {
    await (await this.#opened).reload()
  }
  show() {
    Object.assign(this.#state, { visible: true, minimized: false })
  }
  showInactive() {
    this.#state.visible = true
  }
  hide() {
    this.#state.visible = false
  }
  focus() {
    this.#state.focused = true
  }
  minimize() {
    this.#state.minimized = true
  }
  restore() {
    this.#state.minimized = false
  }
  isVisible = () => this.#state.visible
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
    this.#state.destroyed = true
    void this.#opened.then((page) => page.close())
    this.emit('closed')
    if (BrowserWindow.getAllWindows().length === 0) app.emit('window-all-closed')
  }
}

export const ipcMain = {
  handle: (channel, handler) => {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  },
  removeHandler: (channel) => handlers.delete(channel),
}

export const protocol = {
  registerSchemesAsPrivileged: (list) => {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    privileged.push(...list)
  },
  handle: (scheme, handler) => {
    if (!app.isReady()) throw new Error('Session can only be received when app is ready')
    schemes.set(scheme, handler)
  },
}

class WebRequest {
  #before = (_details, answer) => answer({})
  onBeforeRequest(listener) {
    this.#before = listener
  }
  allows(url) {
    let cancelled = false
    this.#before({ url }, ({ cancel }) => {
      cancelled = cancel === true
    })
    return !cancelled
  }
}
class Session extends EventEmitter {
  webRequest = new WebRequest()
  denied = { request: false, check: false, device: false }
  setPermissionRequestHandler(handler) {
    handler({}, 'media', (granted) => {
      this.denied.request = granted === false
    })
  }
  setPermissionCheckHandler(handler) {
    this.denied.check = handler(null, 'media', '', {}) === false
  }
  setDevicePermissionHandler(handler) {
    this.denied.device = handler({}) === false
  }
  setSpellCheckerEnabled() {}
}
export const session = { defaultSession: new Session() }

export class Tray extends EventEmitter {
  constructor(image) {
    super()
    this.state = { image: image.path, empty: image.isEmpty(), tooltip: '', title: '', menu: [] }
    native.trays.push(this)
  }
  setToolTip(text) {
    this.state.tooltip = text
  }
  setTitle(text) {
    this.state.title = text
  }
  setContextMenu(menu) {
    this.state.menu = menu.items
  }
  destroy() {}
}
export const Menu = { buildFromTemplate: (items) => ({ items }), setApplicationMenu() {} }
export const nativeImage = {
  createFromPath: (path) => ({ path, isEmpty: () => !existsSync(path), setTemplateImage() {} }),
}

export class Notification extends EventEmitter {
  static isSupported = () => true
  constructor(options) {
    super()
    this.options = options
  }
  show() {
    native.notifications.push(this)
  }
  close() {
    native.notifications = native.notifications.filter((shown) => shown !== this)
  }
}

export const powerMonitor = new EventEmitter()
export const safeStorage = {
  isEncryptionAvailable: () => false,
  getSelectedStorageBackend: () => 'basic_text',
  encryptString: () => {
    throw new Error('safeStorage is not available here')
  },
  decryptString: () => {
    throw new Error('safeStorage is not available here')
  },
}

const windowTitled = (title) => windows.find((window) => window.options.title === title && !window.isDestroyed())
serveControl(
  () => ({
    ...native,
    privileged,
    refusals: session.defaultSession.denied,
    notifications: native.notifications.map(({ options }) => options),
    trays: native.trays.map(({ state }) => ({
      ...state,
      menu: state.menu.map(({ label, enabled }) => ({ label, enabled })),
    })),
    windows: windows.filter((window) => !window.isDestroyed()).map(({ state }) => state),
  }),
  {
    endpoint: async () => {
      const { profile } = await chromiumFor()
      return {
        endpoint: `http://127.0.0.1:${readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n')[0]}`,
      }
    },
    closeWindow: ({ title }) => windowTitled(title).close(),
    minimizeWindow: ({ title }) => windowTitled(title).minimize(),
    clickNotification: ({ title }) =>
      native.notifications.find(({ options }) => options.title === title).emit('click', {}),
    notificationAction: ({ title }) =>
      native.notifications.find(({ options }) => options.title === title).emit('action', { actionIndex: 0 }, 0),
    clickTray: () => native.trays[0].emit('click', {}),
    trayMenu: ({ label }) => native.trays[0].state.menu.find((item) => item.label === label).click(),
    openLink: ({ link }) => app.emit('open-url', new PreventableEvent(), link),
    sleep: () => powerMonitor.emit('suspend'),
    wake: () => powerMonitor.emit('resume'),
    quit: () => app.quit(),
    mayRequest: ({ url }) => ({ allowed: session.defaultSession.webRequest.allows(url) }),
  },
)
