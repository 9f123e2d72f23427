import { statSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, extname, isAbsolute, join, relative, sep } from 'node:path'
import { type CodeFile, codeFile, filesUnder, type WalkLimits } from '../../shared/wire/cell-files.ts'

/** Where a server's code lies. */
export type CodePlace =
  /** Everything under it is the server's: an installed package, an unpacked bundle. */
  | { readonly kind: 'folder'; readonly folder: string; readonly own: string }
  /** A command the person named; its files are looked for. */
  | { readonly kind: 'command'; readonly executable: string; readonly args: readonly string[] }
  | { readonly kind: 'file'; readonly file: string }
  /** On another computer. */
  | { readonly kind: 'nowhere' }

/** An installed package. @param entry its program, relative to the folder */
export const placeOfPackage = (folder: string, entry = ''): CodePlace => ({
  kind: 'folder',
  folder,
  own: /^node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(entry)?.[0]?.replaceAll('\\', '/') ?? '',
})

/** The files a cell's checksum covers. */
export interface Code {
  readonly folder: string
  readonly files: readonly CodeFile[]
  /** `part`: there is more than can be checked each time. */
  readonly covered: 'all' | 'part' | 'none'
  /** The server's own part of it, relative: the rest are its dependencies. */
  readonly own: string
}

const nothing: Code = { folder: '', files: [], covered: 'none', own: '' }
const leaveOut = new Set(['.git', '__pycache__', '.cache'])
const whole: WalkLimits = { files: 20_000, bytes: 512 * 1024 ** 2, leaveOut }
const installed: WalkLimits = { files: 5_000, bytes: 128 * 1024 ** 2, leaveOut, wants: isCode }
const ownOnly: WalkLimits = {
  files: 300,
  bytes: 32 * 1024 ** 2,
  leaveOut: new Set([...leaveOut, 'node_modules', '.venv']),
  wants: isCode,
}
const interpreters =
  /^(?:node|nodejs|python[\d.]*|bun|deno|ruby|perl|php|tsx|ts-node|sh|bash|zsh|dash|env|java|uv|npx|docker|podman)(?:\.exe)?$/
const roots = ['package.json', 'pyproject.toml', 'setup.py', 'Cargo.toml', 'go.mod']
const codeKinds = new Set(
  '.js .mjs .cjs .ts .mts .cts .jsx .tsx .node .wasm .py .pyc .so .dll .dylib .rb .sh .pl .php .jar'.split(' '),
)

function isCode(path: string): boolean {
  return codeKinds.has(extname(path)) || basename(path) === 'package.json'
}

/** What runs when this server runs, as far as it can be told from what was configured. */
export async function codeAt(place: CodePlace): Promise<Code> {
  switch (place.kind) {
    case 'nowhere':
      return nothing
    case 'file':
      return single(place.file)
    case 'folder': {
      const files = await filesUnder(place.folder, whole)
      if (files) return { folder: place.folder, files, covered: 'all', own: place.own }
      const fewer = await filesUnder(join(place.folder, place.own), ownOnly)
      return { folder: join(place.folder, place.own), files: fewer ?? [], covered: fewer ? 'part' : 'none', own: '' }
    }
    case 'command': {
      const program = programOf(place.executable, place.args)
      return program === undefined ? nothing : around(await realpath(program).catch(() => program))
    }
  }
}

/** The file that is the server: a script given to an interpreter, or the program itself. */
function programOf(executable: string, args: readonly string[]): string | undefined {
  if (executable === '') return undefined
  if (!interpreters.test(basename(executable))) return isAbsolute(executable) ? executable : undefined
  return args.find((arg) => isAbsolute(arg) && isFile(arg))
}

/** The package around a script where that is of a size, else the folder it lies in, else the script alone. */
async function around(file: string): Promise<Code> {
  const root = packageRoot(file)
  if (root !== undefined) {
    const own = root.includes(`${sep}node_modules${sep}`) || (await filesUnder(root, ownOnly)) !== undefined
    const all = own ? await filesUnder(root, installed) : undefined
    if (all) return { folder: root, files: all, covered: 'all', own: '' }
  }
  if (!isCode(file)) return single(file)
  const folder = dirname(file)
  const near = isPrivateFolder(folder) ? undefined : await filesUnder(folder, ownOnly)
  return near ? { folder, files: near, covered: root === undefined ? 'all' : 'part', own: '' } : single(file, 'part')
}

async function single(file: string, covered: Code['covered'] = 'all'): Promise<Code> {
  if (!isFile(file)) return nothing
  return { folder: dirname(file), files: [await codeFile(dirname(file), basename(file))], covered, own: '' }
}

function packageRoot(file: string): string | undefined {
  let folder = dirname(file)
  for (let up = 0; up < 6 && !isPrivateFolder(folder); up++) {
    if (roots.some((name) => isFile(join(folder, name)))) return folder
    folder = dirname(folder)
  }
  return undefined
}

/** The home folder, what is above it, and folders of the system are nobody's package. */
function isPrivateFolder(folder: string): boolean {
  const inside = relative(folder, homedir())
  const holdsHome = inside === '' || !(inside.startsWith('..') || isAbsolute(inside))
  return holdsHome || /^(?:\/usr(?:\/local)?)?\/s?bin$|^\/tmp$|^\/$/.test(folder)
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Whether a file is the server's own, not of what it depends on. @param own as `Code` has it */
export function isOwn(path: string, own: string): boolean {
  const inside = own === '' ? path : path.startsWith(`${own}/`) ? path.slice(own.length + 1) : undefined
  return inside !== undefined && !/(?:^|\/)node_modules\//.test(inside)
}
