import { linkToApp } from './app-link.ts'
import { type BridgeOptions, readOptions } from './options.ts'
import { Relay } from './relay.ts'
import { startApp } from './start-app.ts'

/**
 * What AI apps start: MCP on stdin and stdout, the app's local socket behind it. The bridge proves which client it is,
 * carries lines both ways, and tells the client clearly when the app is away. It decides nothing, opens no messages it
 * need not remember, and writes nothing but MCP to stdout.
 */
const startAgainMs = 30_000

function main(): void {
  const options = optionsOrExit()
  let startedAt = Number.NEGATIVE_INFINITY
  const log = (text: string) => process.stderr.write(`gatehouse-bridge: ${text}\n`)
  new Relay({
    input: process.stdin,
    output: process.stdout,
    link: (resume, onPairing) => linkToApp(options, resume, onPairing),
    startApp: () => {
      if (!options.start || performance.now() - startedAt < startAgainMs) return
      startedAt = performance.now()
      void startApp(import.meta.dirname, options.home).then((found) =>
        log(found ? 'Starting Gatehouse' : 'Gatehouse is not running; please start it'),
      )
    },
    log,
    exit: () => process.exit(0),
  }).run()
}

function optionsOrExit(): BridgeOptions {
  try {
    return readOptions(process.argv.slice(2), process.env)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(2)
  }
}

main()
