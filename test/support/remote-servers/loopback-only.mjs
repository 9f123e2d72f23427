// Preloaded into a server under test: it listens on 127.0.0.1, on a free port, and says on which.
import { Server } from 'node:net'

const listen = Server.prototype.listen
Server.prototype.listen = function (...args) {
  const ready = args.find((arg) => typeof arg === 'function')
  return listen.call(this, 0, '127.0.0.1', () => {
    process.stderr.write(`listening on ${this.address().port}\n`)
    ready?.call(this)
  })
}
