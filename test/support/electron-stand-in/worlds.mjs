/** Runs in the page's own world, before its scripts: turns what the preload exposes into functions that cross worlds. */
function pageWorld() {
  if (window !== window.top) return
  const callbacks = new Map()
  const promises = new Map()
  let last = 0
  let answer
  const send = (message) =>
    document.dispatchEvent(new CustomEvent('stand-in:to-preload', { detail: JSON.stringify(message) }))
  const outgoing = (value) => {
    if (typeof value !== 'function') return { value }
    callbacks.set(++last, value)
    return { callback: last }
  }
  const incoming = (result) => {
    if (result.error) throw new Error(result.error)
    if (result.callable) return () => callRemote({ callable: result.callable })
    if (result.promise) return new Promise((resolve, reject) => promises.set(result.promise, { resolve, reject }))
    return result.value
  }
  const callRemote = (target, args = []) => {
    answer = undefined
    send({ ...target, args: args.map(outgoing) })
    return incoming(answer ?? {})
  }
  document.addEventListener('stand-in:to-page', (event) => {
    const message = JSON.parse(event.detail)
    if (message.kind === 'answer') answer = message
    else if (message.kind === 'callback') callbacks.get(message.callback)?.(...message.args)
    else if (message.kind === 'settled') {
      const waiting = promises.get(message.promise)
      promises.delete(message.promise)
      if (message.error) waiting?.reject(new Error(message.error))
      else waiting?.resolve(message.value)
    } else if (message.kind === 'expose') {
      const api = {}
      for (const [name, member] of Object.entries(message.members)) {
        api[name] = member.function ? (...args) => callRemote({ key: message.key, name }, args) : member.value
      }
      Object.defineProperty(window, message.key, { value: Object.freeze(api), enumerable: true })
    }
  })
}

/**
 * Runs in the preload's isolated world: `require('electron')` with contextBridge and ipcRenderer. The preload itself runs in
 * the top frame only; in others the world stays empty but for `standInInvoke`, by which a test plays a taken-over renderer.
 */
function preloadWorld(preload) {
  const exposed = new Map()
  const callables = new Map()
  const invoked = new Map()
  const listeners = new Map()
  let last = 0
  const tell = (message) =>
    document.dispatchEvent(new CustomEvent('stand-in:to-page', { detail: JSON.stringify(message) }))
  const argument = (arg) =>
    arg.callback ? (...args) => tell({ kind: 'callback', callback: arg.callback, args }) : arg.value
  const describe = (value) => {
    if (typeof value === 'function') {
      callables.set(++last, value)
      return { callable: last }
    }
    if (typeof value?.then !== 'function') return { value }
    const promise = ++last
    value.then(
      (settled) => tell({ kind: 'settled', promise, value: settled }),
      (error) => tell({ kind: 'settled', promise, error: String(error?.message ?? error) }),
    )
    return { promise }
  }
  document.addEventListener('stand-in:to-preload', (event) => {
    const message = JSON.parse(event.detail)
    try {
      const target = message.callable ? callables.get(message.callable) : exposed.get(message.key)?.[message.name]
      tell({ kind: 'answer', ...describe(target(...message.args.map(argument))) })
    } catch (error) {
      tell({ kind: 'answer', error: String(error?.message ?? error) })
    }
  })
  globalThis.standInReply = (id, text) => {
    const waiting = invoked.get(id)
    invoked.delete(id)
    const { value, error } = JSON.parse(text)
    if (error) waiting?.reject(new Error(error))
    else waiting?.resolve(value)
  }
  globalThis.standInEmit = (channel, text) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...JSON.parse(text))
  }
  const electron = {
    contextBridge: {
      exposeInMainWorld: (key, api) => {
        exposed.set(key, api)
        const members = Object.entries(api).map(([name, value]) => [
          name,
          typeof value === 'function' ? { function: true } : { value },
        ])
        tell({ kind: 'expose', key, members: Object.fromEntries(members) })
      },
    },
    ipcRenderer: {
      invoke: (channel, ...args) =>
        new Promise((resolve, reject) => {
          invoked.set(++last, { resolve, reject })
          globalThis.standInSend(JSON.stringify({ id: last, channel, args }))
        }),
      on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    },
  }
  globalThis.standInInvoke = electron.ipcRenderer.invoke
  if (window !== window.top) return
  const need = (name) => {
    if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`)
    return electron
  }
  preload(need, { exports: {} })
}

export const pageScript = `(${pageWorld})()`
export const preloadScript = (source) =>
  `(${preloadWorld})(function (require, module) { const exports = module.exports; ${source}\n })`
