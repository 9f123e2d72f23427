import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { chromiumFor } from './chromium.mjs'
import { emitPreventable, PreventableEvent } from './events.mjs'
import { settings } from './settings.mjs'

/** What a desktop would show or keep, for a test to read. */
export const native = {
  badge: 0,
  loginItem: false,
  appUserModelId: '',
  protocols: [],
  notifications: [],
  trays: [],
  sandboxed: false,
  errorBoxes: [],
  opened: [],
}

class App extends EventEmitter {
  isPackaged = true
  /** Filled by windows.mjs. */
  windows = []
  #ready = false
  #paths = new Map([['userData', 'default']])
  #instance

  async whenReady() {
    if (this.#ready) return
    await Promise.all([chromiumFor(), settings.evaluated])
    this.#ready = true
    this.emit('ready')
  }
  isReady = () => this.#ready
  getPath = (name) => this.#paths.get(name)
  setPath(name, path) {
    if (!existsSync(path)) throw new Error(`Failed to set path '${path}'`)
    this.#paths.set(name, path)
  }
  enableSandbox() {
    if (this.#ready) throw new Error('app.enableSandbox() can only be called before app is ready')
    native.sandboxed = true
  }
  /** One instance a profile; another leaves its arguments for it, knocks, and learns that it is not the first. */
  requestSingleInstanceLock() {
    const profile = createHash('sha256').update(this.getPath('userData')).digest('hex').slice(0, 12)
    const path = join(settings.dir, `${profile}.sock`)
    if (existsSync(path)) {
      writeFileSync(join(settings.dir, `${profile}.${process.pid}.argv`), JSON.stringify(process.argv))
      connect(path).on('error', () => {})
      return false
    }
    this.#instance = createServer((socket) => {
      socket.on('error', () => {}).destroy()
      for (const file of readdirSync(settings.dir).filter((name) => name.endsWith('.argv'))) {
        const argv = JSON.parse(readFileSync(join(settings.dir, file), 'utf8'))
        rmSync(join(settings.dir, file))
        this.emit('second-instance', new PreventableEvent(), argv, process.cwd(), null)
      }
    }).listen(path)
    this.#instance.unref()
    process.on('exit', () => rmSync(path, { force: true }))
    return true
  }
  setAsDefaultProtocolClient = (scheme) => native.protocols.push(scheme) > 0
  setAppUserModelId(id) {
    native.appUserModelId = id
  }
  setBadgeCount(count) {
    native.badge = count
    return true
  }
  setLoginItemSettings({ openAtLogin }) {
    native.loginItem = openAtLogin === true
  }
  getLoginItemSettings = () => ({ openAtLogin: native.loginItem })
  quit() {
    if (emitPreventable(this, 'before-quit')) return
    const open = this.windows.filter((window) => !window.isDestroyed())
    if (open.some((window) => emitPreventable(window, 'close'))) return
    this.emit('will-quit', new PreventableEvent())
    this.exit(0)
  }
  exit(code = 0) {
    void chromiumFor()
      .then(({ context }) => context.close())
      .finally(() => process.exit(code))
  }
}
export const app = new App()
