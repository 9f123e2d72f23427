import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

export interface Import {
  /** As written. */
  readonly from: string
  /** From the repository's root, when it is one of ours. */
  readonly file?: string
  /** Only types, so it is gone when the program runs. */
  readonly typeOnly: boolean
}
export interface SourceFile {
  /** From the repository's root, with `/`. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

/** Every TypeScript file below these top-level folders. */
export function sourceFiles(folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => read(join(entry.parentPath, entry.name))),
  )
}

function read(file: string): SourceFile {
  const text = readFileSync(file, 'utf8')
  const path = relative(root, file).replaceAll('\\', '/')
  return { path, text, imports: importsOf(text, path) }
}

const statement = /^\s*(?:import|export)\s+(type\s+)?((?:[\w*${}\s,]|\btype\b)*?)\s*from\s+['"]([^'"]+)['"]/gm
const bare = /^\s*import\s+['"]([^'"]+)['"]/gm
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)|\brequire\(\s*['"]([^'"]+)['"]\s*\)/g

export function importsOf(text: string, path: string): readonly Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  return [
    ...[...code.matchAll(statement)].map(([, type, names = '', from = '']) =>
      imported(from, path, type !== undefined || onlyTypes(names)),
    ),
    ...[...code.matchAll(bare)].map(([, from = '']) => imported(from, path, false)),
    ...[...code.matchAll(dynamic)].map(([whole, from, required]) =>
      imported(from ?? required ?? '', path, isTypeQuery(code, whole)),
    ),
  ]
}

/** `{ type A, type B }` */
function onlyTypes(names: string): boolean {
  const inside = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1]
  const each = inside
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return each !== undefined && each.length > 0 && each.every((name) => name.startsWith('type '))
}

/** `typeof import('x')` and `import('x').Name` stand in types only. */
function isTypeQuery(code: string, whole: string): boolean {
  const at = code.indexOf(whole)
  return (
    /typeof\s+$/.test(code.slice(Math.max(0, at - 10), at)) ||
    /^\.[A-Z]/.test(code.slice(at + whole.length, at + whole.length + 2))
  )
}

function imported(from: string, path: string, typeOnly: boolean): Import {
  if (!from.startsWith('.')) return { from, typeOnly }
  return { from, typeOnly, file: normalize(join(dirname(path), from)).replaceAll('\\', '/') }
}
