import { EventEmitter } from 'node:events'
import { app } from './app.mjs'

const schemes = new Map()
export const privileged = []

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
export const respond = (request) => schemes.get('app')?.(request) ?? new Response('', { status: 404 })

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
  /** Electron's own defaults: what no handler refuses is granted. */
  #request = (_contents, _permission, answer) => answer(true)
  #check = () => true
  #device = () => false
  setPermissionRequestHandler(handler) {
    this.#request = handler
  }
  setPermissionCheckHandler(handler) {
    this.#check = handler
  }
  setDevicePermissionHandler(handler) {
    this.#device = handler
  }
  setSpellCheckerEnabled() {}
  /** What a page's request for this permission comes to. */
  async permission(name) {
    const requested = await new Promise((resolve) => this.#request({}, name, resolve))
    return { requested, checked: this.#check(null, name, '', {}), device: this.#device({ deviceType: name }) }
  }
}
const defaultSession = new Session()
export const session = {
  get defaultSession() {
    if (!app.isReady()) throw new Error('Session can only be received when app is ready')
    return defaultSession
  },
}
