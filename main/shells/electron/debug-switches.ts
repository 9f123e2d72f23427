/** Switches and variables that would let another program read or steer this one. */
const refusedSwitches = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'js-flags',
  'load-extension',
]
const refusedOptions = /--(inspect|inspect-brk|inspect-port|require|import|loader|experimental-loader)\b/

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
  const asNode = env.ELECTRON_RUN_AS_NODE ? ['ELECTRON_RUN_AS_NODE'] : []
  return [...bySwitch.map((name) => `--${name}`), ...byVariable, ...asNode]
}
