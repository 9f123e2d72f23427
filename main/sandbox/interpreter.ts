import { accessSync, closeSync, constants, existsSync, openSync, readlinkSync, readSync, statSync } from 'node:fs'
import { basename, delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { isInside, realPath } from './places.ts'

/** How a command is really started, and what it has to read for that. */
export interface Program {
  /** Absolute path of the program. */
  readonly executable: string
  readonly args: readonly string[]
  /** Absolute folders and files: the interpreter's own tree, the script's package and its modules. */
  readonly readable: readonly string[]
  /** `node` when it is Node itself, so that Node's own permission model can be added. */
  readonly kind: 'node' | 'other'
}

const interpreters = /^(node|nodejs|bun|deno|python[\d.]*|pypy[\d.]*|ruby|perl|php|bash|sh|zsh|java|tsx)$/
/** Folders whose `bin` is shared by many: the file alone is readable, not everything beside it. */
const sharedPrefixes = (home: string) => [
  '/',
  '/usr',
  '/usr/local',
  '/opt',
  '/home',
  '/tmp',
  home,
  join(home, '.local'),
  join(home, '.config'),
]

/** Finds the program, follows a script's `#!` line to its interpreter, and lists what must be readable. */
export function findProgram(
  command: string,
  args: readonly string[],
  options: { readonly home: string; readonly path: string },
): Program | undefined {
  const found = which(command, options.path)
  if (!found) return undefined
  const hashbang = hashbangOf(found)
  if (!hashbang) return programOf(found, args, options.home)
  const [interpreter = '', ...flags] = hashbang
  const real = which(interpreter, options.path)
  if (!real) return undefined
  return programOf(real, [...flags, found, ...args], options.home)
}

function programOf(executable: string, args: readonly string[], home: string): Program {
  const name = basename(executable)
  const readable = treeOf(executable, home)
  if (interpreters.test(name) || interpreters.test(basename(realPath(executable)))) {
    const script = args.find((arg) => !arg.startsWith('-'))
    if (script && existsSync(resolve(script)) && isAbsolute(script)) readable.push(...packageOf(script, home))
  }
  const kind = /^(node|nodejs)$/.test(basename(realPath(executable))) ? 'node' : 'other'
  return { executable, args, readable: [...new Set(readable)], kind }
}

/** Every link on the way to a program, and the installation it belongs to (`…/bin/node` → `…`). */
function treeOf(executable: string, home: string): string[] {
  const readable: string[] = []
  let at = executable
  for (let hops = 0; hops < 10; hops++) {
    readable.push(at, ...prefixOf(at, home))
    let target: string
    try {
      target = readlinkSync(at)
    } catch {
      break
    }
    at = resolve(dirname(at), target)
  }
  const real = realPath(executable)
  return [...readable, real, ...prefixOf(real, home)]
}

function prefixOf(program: string, home: string): string[] {
  const folder = dirname(program)
  const prefix = ['bin', 'shims', 'sbin'].includes(basename(folder)) ? dirname(folder) : folder
  const broad = sharedPrefixes(home).includes(prefix) || isInside(home, prefix)
  return broad ? [] : [prefix]
}

/** The folder of the package a script belongs to, and the modules it can import. */
export function packageOf(script: string, home: string): string[] {
  const real = realPath(script)
  const parts = real.split(sep)
  const modules = parts.indexOf('node_modules')
  if (modules > 0) return [parts.slice(0, modules + 1).join(sep)]
  for (let folder = dirname(real); !isInside(home, folder); folder = dirname(folder)) {
    const isPackage = ['package.json', 'pyproject.toml', 'setup.py', 'Gemfile'].some((file) =>
      existsSync(join(folder, file)),
    )
    if (isPackage) return [folder]
    if (dirname(folder) === folder) break
  }
  return [real]
}

function which(command: string, path: string): string | undefined {
  if (command.includes('/') || isAbsolute(command)) return isExecutable(resolve(command)) ? resolve(command) : undefined
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, command))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** The words of a script's first line; `env` and its `-S` are followed. */
function hashbangOf(file: string): string[] | undefined {
  const head = Buffer.alloc(256)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, head, 0, head.length, 0)
  } catch {
    return undefined
  } finally {
    closeSync(handle)
  }
  const line = head.toString('latin1').split('\n', 1)[0] ?? ''
  if (!line.startsWith('#!')) return undefined
  const words = line.slice(2).trim().split(/\s+/)
  if (basename(words[0] ?? '') !== 'env') return words
  return words.slice(1).filter((word, at) => !(at === 0 && word === '-S'))
}
