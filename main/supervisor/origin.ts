import type { ServerOrigin } from '../../shared/domain/server.ts'
import { inputInvalid } from '../../shared/errors.ts'
import { holdsPassword } from './packages/index-address.ts'
import { type PythonOptions, parsePackageCommand, pythonWords } from './packages/package-command.ts'

/**
 * How a typed command is run: a package command is installed once and run from there, everything else as it stands.
 * @throws input.invalid for a package command with a password in it
 */
export function originOf(command: string, args: readonly string[]): ServerOrigin {
  const found = parsePackageCommand(command, args)
  if (found === undefined) return { kind: 'command', command, args }
  const { runner, spec, bin, args: words, python } = found
  const options = python === undefined ? [] : pythonWords(python)
  if ([spec, ...options].some(holdsPassword))
    throw inputInvalid(
      'An address in the command holds a password, which would be kept and shown as it is. Take it out.',
    )
  const more = { ...(bin === undefined ? {} : { bin }), ...(options.length > 0 ? { options } : {}) }
  return { kind: 'package', runner, spec, ...more, args: words }
}

/** What steers the installation of a package of a Python index; undefined for one of an npm registry. */
export function pythonOf({
  runner,
  spec,
  options = [],
}: Extract<ServerOrigin, { kind: 'package' }>): PythonOptions | undefined {
  return runner === 'uvx' ? parsePackageCommand(runner, [...options, spec])?.python : undefined
}
