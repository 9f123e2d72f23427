/** What an `npx …` command line asks for. */
export interface NpxCommand {
  /** e.g. `@modelcontextprotocol/server-memory@2026.8.31`. */
  readonly spec: string
  /** The program of the package, when it was named apart (`npx -p PACKAGE PROGRAM`). */
  readonly bin?: string
  readonly args: readonly string[]
}

const harmless = ['-y', '--yes', '-q', '--quiet', '--no-install', '--prefer-online', '--prefer-offline', '--']

/** Is it a package command of Node's? `npm exec` is the same as `npx`. */
export function parseNpx(command: string, args: readonly string[]): NpxCommand | undefined {
  const name = command
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.(cmd|exe)$/i, '')
  if (name === 'npm' && (args[0] === 'exec' || args[0] === 'x')) return parseWords(args.slice(1))
  return name === 'npx' ? parseWords(args) : undefined
}

function parseWords(words: readonly string[]): NpxCommand | undefined {
  let named: string | undefined
  let at = 0
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '-p' || word === '--package') named = words[++at]
    else if (word.startsWith('--package=')) named = word.slice('--package='.length)
    else if (!harmless.includes(word)) break
  }
  const first = words[at]
  if (first === undefined || first.startsWith('-')) return undefined
  const args = words.slice(at + 1).filter((word, index) => !(index === 0 && word === '--' && named !== undefined))
  return named === undefined ? { spec: first, args } : { spec: named, bin: first, args }
}

/** A package of the registry: `name`, `@scope/name`, each with an optional `@version`, `@tag` or `@range`. */
export interface RegistrySpec {
  readonly name: string
  readonly version: string
}

/** @returns undefined for folders, archives, Git and web addresses: those don't come from the registry */
export function parseSpec(spec: string): RegistrySpec | undefined {
  const match = /^((?:@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*)(?:@([A-Za-z0-9^~<>=.*+| -]+))?$/.exec(spec)
  return match?.[1] ? { name: match[1], version: match[2] ?? 'latest' } : undefined
}
