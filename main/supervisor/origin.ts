import type { ServerOrigin } from '../../shared/domain/server.ts'
import { parsePackageCommand, pythonWords } from './packages/package-command.ts'

/** How a typed command is run: a package command is installed once and run from there, everything else as it stands. */
export function originOf(command: string, args: readonly string[]): ServerOrigin {
  const found = parsePackageCommand(command, args)
  if (found === undefined) return { kind: 'command', command, args }
  const { runner, spec, bin, args: words, python } = found
  const options = python === undefined ? [] : pythonWords(python)
  const more = { ...(bin === undefined ? {} : { bin }), ...(options.length > 0 ? { options } : {}) }
  return { kind: 'package', runner, spec, ...more, args: words }
}
