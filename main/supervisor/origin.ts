import type { ServerOrigin } from '../../shared/domain/server.ts'
import { parseNpx } from './packages/npx-command.ts'

/** How a typed command is run: a package command is installed once and run from there, everything else as it stands. */
export function originOf(command: string, args: readonly string[]): ServerOrigin {
  const npx = parseNpx(command, args)
  return npx === undefined
    ? { kind: 'command', command, args }
    : { kind: 'package', runner: 'npx', spec: npx.spec, args: npx.args }
}
