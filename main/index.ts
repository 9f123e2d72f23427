import { GatehouseError } from '../shared/errors.ts'
import { sentence } from '../shared/messages/messages.ts'
import { refuseDebuggers } from './shells/debug-switches.ts'
import { outliveFullDisk } from './start/full-disk.ts'
import { startInBrowser } from './start/in-browser.ts'
import { startInElectron } from './start/in-electron.ts'
import { startOptions } from './start/options.ts'

/** The app's entry: chooses a shell and starts it, or says in one sentence why it cannot. */
try {
  refuseDebuggers()
  outliveFullDisk(fail)
  const options = startOptions(process.argv.slice(1), process.env, process.versions.electron !== undefined)
  if (options.shell === 'electron') await startInElectron(options, process.env, fail)
  else await startInBrowser(options, process.env)
} catch (error) {
  fail(error)
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof GatehouseError ? sentence(error, 'person') : described(error)}\n`)
  process.exit(1)
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
