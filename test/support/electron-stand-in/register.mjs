import { registerHooks } from 'node:module'
import './settings.mjs'

const standIn = new URL('./electron.mjs', import.meta.url).href
registerHooks({
  resolve: (name, context, next) => (name === 'electron' ? { url: standIn, shortCircuit: true } : next(name, context)),
})
