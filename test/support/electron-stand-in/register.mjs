import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { settings } from './settings.mjs'

const standIn = new URL('./electron.mjs', import.meta.url).href
const entry = pathToFileURL(process.argv[1] ?? '').href

/**
 * `import 'electron'` means the stand-in. A line at the end of the entry module says when it has been evaluated, because
 * Electron is not ready before that: an entry that waits for `ready` hangs here as it does there.
 */
registerHooks({
  resolve: (name, context, next) => (name === 'electron' ? { url: standIn, shortCircuit: true } : next(name, context)),
  load: (url, context, next) => {
    const loaded = next(url, context)
    if (url !== entry) return loaded
    return { ...loaded, source: `${Buffer.from(loaded.source)}\n;globalThis[Symbol.for('stand-in:evaluated')]()\n` }
  },
})
settings.evaluated = new Promise((resolve) => {
  globalThis[Symbol.for('stand-in:evaluated')] = resolve
})
