import type { ServerOrigin } from '../../shared/domain/server.ts'

const quiet = new Set(['-y', '--yes', '-q', '--quiet'])

/**
 * How a typed command is run: `npx PACKAGE …` is installed once and run from there, everything else as it stands. An
 * `npx` with options not understood here stays a plain command.
 */
export function originOf(command: string, args: readonly string[]): ServerOrigin {
  const name = command.split('/').at(-1)
  if (name !== 'npx') return { kind: 'command', command, args }
  let index = 0
  while (quiet.has(args[index] ?? '')) index++
  const spec = args[index]
  if (spec === undefined || spec.startsWith('-')) return { kind: 'command', command, args }
  return { kind: 'package', runner: 'npx', spec, args: args.slice(index + 1) }
}
