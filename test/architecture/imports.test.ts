import { describe, expect, it } from 'vitest'
import { importsOf, type SourceFile, sourceFiles } from './source-files.ts'

const files = sourceFiles(['main', 'preload', 'renderer', 'shared'])

/** STYLE: what may import what. Rows lean on rows above, never sideways. */
const foundations = ['config', 'telemetry', 'store', 'events']
const areas =
  'permissions approvals alerts audit clients sessions catalog credentials cells sandbox filters flow limits anomalies memory workflows workspaces tasks operator health privacy backup updates'.split(
    ' ',
  )
const outer = ['gateway', 'supervisor']

/** The folder a file belongs to: `shared`, `main/permissions`, `renderer`, `main` for files directly in it. */
function folderOf(path: string): string {
  const [top = '', second, third] = path.split('/')
  return top === 'main' && third !== undefined ? `main/${second}` : top
}

function mayImport(from: string, to: string): boolean {
  if (from === to || to === 'shared') return true
  if (!from.startsWith('main')) return false
  if (from === 'main') return to.startsWith('main')
  const folder = from.slice('main/'.length)
  const target = to.slice('main/'.length)
  if (['shells', 'compose', 'start'].includes(folder)) return to.startsWith('main')
  if (areas.includes(folder)) return foundations.includes(target)
  if (folder === 'kernel') return [...foundations, ...areas].includes(target)
  if (outer.includes(folder)) return [...foundations, ...areas, 'kernel'].includes(target)
  return false
}

const breaches = (of: readonly SourceFile[]) =>
  of.flatMap(({ path, imports }) =>
    imports
      .filter(({ file }) => file !== undefined && !mayImport(folderOf(path), folderOf(file)))
      .map(({ file }) => `${path} imports ${file}`),
  )

describe('imports', () => {
  it('follow the table: each folder leans on rows above it, never sideways', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(breaches(files)).toEqual([])
  })

  it('of other areas in the kernel are types only', () => {
    const values = files
      .filter(({ path }) => path.startsWith('main/kernel/'))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ file, typeOnly }) => file !== undefined && !typeOnly && !/^(shared|main\/kernel)\//.test(file))
          .map(({ file }) => `${path} imports ${file}`),
      )
    expect(values).toEqual([])
  })

  it('of electron stand only in its shell and in preload', () => {
    const elsewhere = files
      .filter(({ path }) => !/^(main\/shells\/electron|preload)\//.test(path))
      .filter(({ imports }) => imports.some(({ from }) => /^electron($|\/)/.test(from)))
      .map(({ path }) => path)
    expect(elsewhere).toEqual([])
  })

  it('of the database driver stand only in store', () => {
    const elsewhere = files
      .filter(({ path }) => !path.startsWith('main/store/'))
      .filter(({ imports }) => imports.some(({ from, typeOnly }) => from === 'better-sqlite3' && !typeOnly))
      .map(({ path }) => path)
    expect(elsewhere).toEqual([])
  })

  it('of Node’s own modules do not stand in renderer or shared, which run anywhere (but shared/wire, which joins two programs on Node)', () => {
    const bound = files
      .filter(({ path }) => /^(shared\/(?!wire\/)|renderer\/)/.test(path))
      .filter(({ imports }) => imports.some(({ from, typeOnly }) => from.startsWith('node:') && !typeOnly))
      .map(({ path }) => path)
    expect(bound).toEqual([])
  })

  it('of relative files name their extension', () => {
    const without = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => from.startsWith('.') && !/\.\w+(\?[\w&]+)?$/.test(from))
        .map(({ from }) => `${path}: ${from}`),
    )
    expect(without).toEqual([])
  })
})

describe('this test', () => {
  const file = (path: string, text: string): SourceFile => ({ path, text, imports: importsOf(text, path) })

  it('sees a sideways import, however it is written', () => {
    for (const text of [
      "import { Filters } from '../filters/filters.ts'",
      "import type { Filters } from '../filters/filters.ts'",
      "import {\n  a,\n  type B,\n} from '../filters/filters.ts'",
      "export * from '../filters/filters.ts'",
      "import '../filters/filters.ts'",
      "const filters = await import('../filters/filters.ts')",
      "import * as f from '../filters/filters.ts'",
    ])
      expect([text, breaches([file('main/limits/x.ts', text)])]).toEqual([
        text,
        ['main/limits/x.ts imports main/filters/filters.ts'],
      ])
  })

  it('sees through comments and tells types from values', () => {
    expect(importsOf("// import { a } from './a.ts'\n/* import b from './b.ts' */", 'x.ts')).toEqual([])
    const kinds = (text: string) => importsOf(text, 'main/x.ts').map(({ typeOnly }) => typeOnly)
    expect(kinds("import { type A, type B } from './a.ts'")).toEqual([true])
    expect(kinds("import { type A, b } from './a.ts'")).toEqual([false])
    expect(kinds("type T = typeof import('./a.ts')")).toEqual([true])
  })

  it('lets no area reach up into kernel, gateway or compose', () => {
    for (const target of ['../kernel/ports.ts', '../gateway/gateway.ts', '../compose.ts', '../../renderer/client.ts'])
      expect(breaches([file('main/limits/x.ts', `import { a } from '${target}'`)]).length).toBe(1)
  })
})
