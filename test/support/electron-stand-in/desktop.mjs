import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { app, native } from './app.mjs'

export class Tray extends EventEmitter {
  constructor(image) {
    super()
    if (!app.isReady()) throw new Error('Cannot create Tray before app is ready')
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
}

export const Menu = {
  buildFromTemplate: (items) => ({ items }),
  setApplicationMenu(menu) {
    native.applicationMenu = menu
  },
}
export const nativeImage = { createFromPath: (path) => ({ path, isEmpty: () => !existsSync(path) }) }

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

export const dialog = {
  showErrorBox: (title, content) => process.stderr.write(`[${title}] ${content}\n`),
}

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

/** The person's browser: only the address is kept. */
export const shell = {
  openExternal: async (url) => {
    native.opened.push(url)
  },
}

export const screen = { getPrimaryDisplay: () => ({ workAreaSize: { width: 1280, height: 800 } }) }
