import { url as inspectorUrl } from 'node:inspector'
import { appDebugged } from '../../shared/errors.ts'

/** Switches and variables that would let another program read or steer this one. */
const refusedSwitches = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'inspect',
  'inspect-brk',
  'inspect-wait',
  'inspect-port',
  'js-flags',
  'load-extension',
]
const refusedOptions =
  /(?:^|\s)(?:-r\b|--(?:inspect|inspect-brk|inspect-port|inspect-wait|require|import|loader|experimental-loader)\b)/

/**
 * Refuses to run with a debugger, or a way for one, and takes the way that a running Node has away: without a listener of
 * its own, SIGUSR1 would let any program of the user attach.
 *
 * @throws app.debugged naming what was found
 * @see https://nodejs.org/api/process.html#signal-events
 */
export function refuseDebuggers(): void {
  process.on('SIGUSR1', () => {})
  const found = debuggingSwitches([...process.argv, ...process.execArgv], process.env)
  if (inspectorUrl() !== undefined && found.length === 0) found.push('an attached debugger')
  if (found.length > 0) throw appDebugged(found.join(', '))
}

/**
 * The debugging switches this process was started with. Gatehouse does not start with any, whoever gave them: a program
 * that may attach a debugger may also answer questions (DESIGN section 5, "packaging").
 *
 * @returns the names found, to be said
 */
export function debuggingSwitches(argv: readonly string[], env: NodeJS.ProcessEnv): string[] {
  const bySwitch = refusedSwitches.filter((name) =>
    argv.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)),
  )
  const byVariable = refusedOptions.test(env.NODE_OPTIONS ?? '') ? ['NODE_OPTIONS'] : []
  const asNode = process.versions.electron && env.ELECTRON_RUN_AS_NODE ? ['ELECTRON_RUN_AS_NODE'] : []
  return [...bySwitch.map((name) => `--${name}`), ...byVariable, ...asNode]
}
