import type { PackageRunner } from '../../../shared/domain/server.ts'

/** What a package command asks for: `npx …`, `pnpm dlx …`, `uvx …`. */
export interface PackageCommand {
  readonly runner: PackageRunner
  /** e.g. `@modelcontextprotocol/server-memory@2026.8.31`, `mcp-server-git==1.2`. */
  readonly spec: string
  /** The program of the package, when it was named apart (`npx -p PACKAGE PROGRAM`, `uvx --from PACKAGE PROGRAM`). */
  readonly bin?: string
  readonly args: readonly string[]
  readonly python?: PythonOptions
}

/** What only `uvx` has. */
export interface PythonOptions {
  /** Further packages to be installed beside it. */
  readonly with: readonly string[]
  /** e.g. `3.12`: which of the computer's interpreters. */
  readonly version?: string
  /** The index to take everything from, instead of the person's own. */
  readonly index?: string
}

/** The options of a runner that stand before the package. */
interface Grammar {
  /** Name the package, with its value after it or after `=`. */
  readonly naming: readonly string[]
  readonly harmless: readonly string[]
}

const npm: Grammar = {
  naming: ['-p', '--package'],
  harmless: ['-y', '--yes', '-q', '--quiet', '--silent', '--no-install', '--prefer-online', '--prefer-offline', '--'],
}
const bun: Grammar = { ...npm, harmless: [...npm.harmless, '--bun', '--verbose'] }

const uv: Grammar = { naming: ['--from'], harmless: ['-q', '--quiet', '--isolated', '--no-config', '--'] }

interface Way {
  readonly words: readonly string[]
  readonly runner: PackageRunner
  readonly grammar: Grammar
}

/** Every way to start one, by its words; the first that fits. */
const ways: readonly Way[] = [
  { words: ['npx'], runner: 'npx', grammar: npm },
  { words: ['npm', 'exec'], runner: 'npx', grammar: npm },
  { words: ['npm', 'x'], runner: 'npx', grammar: npm },
  { words: ['pnpx'], runner: 'pnpm dlx', grammar: npm },
  { words: ['pnpm', 'dlx'], runner: 'pnpm dlx', grammar: npm },
  { words: ['yarn', 'dlx'], runner: 'yarn dlx', grammar: npm },
  { words: ['bunx'], runner: 'bunx', grammar: bun },
  { words: ['bun', 'x'], runner: 'bunx', grammar: bun },
  { words: ['uvx'], runner: 'uvx', grammar: uv },
  { words: ['uv', 'tool', 'run'], runner: 'uvx', grammar: uv },
]

/** @returns undefined when it is none, or has an option that isn't understood: it is then run as it stands */
export function parsePackageCommand(command: string, args: readonly string[]): PackageCommand | undefined {
  const name = command
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.(cmd|exe)$/i, '')
  const words = [name, ...args]
  const way = ways.find((one) => one.words.every((word, at) => words[at] === word))
  if (way === undefined) return undefined
  const rest = words.slice(way.words.length).map((word) => word ?? '')
  const read = way.runner === 'uvx' ? readPython(rest, way.grammar) : readOptions(rest, way.grammar)
  return read && { runner: way.runner, ...read }
}

type Read = Omit<PackageCommand, 'runner'>

function readOptions(words: readonly string[], { naming, harmless }: Grammar): Read | undefined {
  let named: string | undefined
  let at = 0
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    const joined = naming.find((option) => option.startsWith('--') && word.startsWith(`${option}=`))
    if (naming.includes(word)) named = words[++at]
    else if (joined) named = word.slice(joined.length + 1)
    else if (!harmless.includes(word)) break
  }
  const first = words[at]
  if (first === undefined || first.startsWith('-')) return undefined
  const args = words.slice(at + 1).filter((word, index) => !(index === 0 && word === '--' && named !== undefined))
  return named === undefined ? { spec: first, args } : { spec: named, bin: first, args }
}

const extra = ['--with', '-w']
const version = ['--python', '-p']
const index = ['--index-url', '-i', '--default-index']

/** `uvx`'s own options are taken out first; what is left reads like the others. */
function readPython(words: readonly string[], grammar: Grammar): Read | undefined {
  const left: string[] = []
  const more: string[] = []
  let python: string | undefined
  let from: string | undefined
  let at = 0
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    const [option = '', joined] = word.startsWith('--') ? splitAt(word) : [word]
    const known = [...extra, ...version, ...index].includes(option)
    if (!known && !word.startsWith('-')) break
    const value = known ? (joined ?? words[++at]) : undefined
    if (extra.includes(option)) more.push(...(value ?? '').split(','))
    else if (version.includes(option)) python = value
    else if (index.includes(option)) from = value
    else left.push(word)
    if (grammar.naming.includes(word)) left.push(words[++at] ?? '')
  }
  const read = readOptions([...left, ...words.slice(at)], grammar)
  if (read === undefined) return undefined
  const options = { with: more, ...(python ? { version: python } : {}), ...(from ? { index: from } : {}) }
  return { ...read, python: options }
}

/** The same options, as words to be shown. */
export const pythonWords = ({ with: more, version, index }: PythonOptions): string[] => [
  ...more.flatMap((one) => ['--with', one]),
  ...(version === undefined ? [] : ['--python', version]),
  ...(index === undefined ? [] : ['--index-url', index]),
]

function splitAt(word: string): [string, string?] {
  const place = word.indexOf('=')
  return place < 0 ? [word] : [word.slice(0, place), word.slice(place + 1)]
}

/** A package of an npm registry: `name`, `@scope/name`, each with an optional `@version`, `@tag` or `@range`. */
export interface RegistrySpec {
  readonly name: string
  readonly version: string
}

/** @returns undefined for folders, archives, Git and web addresses: those don't come from the registry */
export function parseSpec(spec: string): RegistrySpec | undefined {
  const match = /^((?:@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*)(?:@([A-Za-z0-9^~<>=.*+| -]+))?$/.exec(spec)
  return match?.[1] ? { name: match[1], version: match[2] ?? 'latest' } : undefined
}
