import { lstat, readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Minimatch } from 'minimatch'
import { type CheckedFiles, isMissing } from './checked-files.ts'
import { Refused } from './refused.ts'

/** A tree or a search stops here; an endless one would help nobody. */
const mostEntries = 50_000
/** What the braces of one pattern may stand for: it is read once, and compared with every entry. */
const mostAlternatives = 1_000
const deepest = 64

export async function listFolder(files: CheckedFiles, path: string): Promise<string> {
  const entries = await readdir(await files.existing(path, 'list'), { withFileTypes: true })
  return entries.map((entry) => `${entry.isDirectory() ? '[DIR]' : '[FILE]'} ${entry.name}`).join('\n')
}

export async function listFolderWithSizes(files: CheckedFiles, path: string, sortBy: 'name' | 'size'): Promise<string> {
  const folder = await files.existing(path, 'list')
  const entries = await Promise.all(
    (await readdir(folder, { withFileTypes: true })).map(async (entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory(),
      size: entry.isDirectory() ? 0 : await sizeOf(join(folder, entry.name)),
    })),
  )
  entries.sort((a, b) => (sortBy === 'size' ? b.size - a.size : a.name.localeCompare(b.name)))
  const lines = entries.map(
    ({ name, isFolder, size }) =>
      `${isFolder ? '[DIR]' : '[FILE]'} ${name.padEnd(30)} ${isFolder ? '' : readableSize(size).padStart(10)}`,
  )
  const fileCount = entries.filter((entry) => !entry.isFolder).length
  const total = entries.reduce((sum, entry) => sum + entry.size, 0)
  return [
    ...lines,
    '',
    `Total: ${fileCount} files, ${entries.length - fileCount} directories`,
    `Combined size: ${readableSize(total)}`,
  ].join('\n')
}

const sizeOf = async (path: string) => (await lstat(path).catch(() => undefined))?.size ?? 0

export function readableSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), units.length - 1)
  return power === 0 ? `${Math.max(bytes, 0)} B` : `${(bytes / 1024 ** power).toFixed(2)} ${units[power]}`
}

interface TreeNode {
  name: string
  type: 'file' | 'directory'
  children?: TreeNode[]
}

export async function folderTree(files: CheckedFiles, path: string, exclude: readonly string[]): Promise<string> {
  const top = await files.existing(path, 'list')
  const budget = { left: mostEntries }
  const isExcluded = fitsAny(
    exclude.flatMap((pattern) => (pattern.includes('*') ? [pattern] : [pattern, `**/${pattern}`, `**/${pattern}/**`])),
  )
  return JSON.stringify(await treeOf(files, top, top, isExcluded, budget, 0), null, 2)
}

async function treeOf(
  files: CheckedFiles,
  top: string,
  folder: string,
  isExcluded: Fits,
  budget: { left: number },
  depth: number,
): Promise<TreeNode[]> {
  if (depth > deepest) throw new Refused(`The tree is deeper than ${deepest} folders.`)
  const nodes: TreeNode[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (--budget.left < 0) throw new Refused(`The tree has more than ${mostEntries} entries; exclude some folders.`)
    const path = join(folder, entry.name)
    if (isExcluded(relative(top, path))) continue
    if (entry.isDirectory()) {
      const inside = files.roots.mayList(path) ? treeOf(files, top, path, isExcluded, budget, depth + 1) : []
      nodes.push({ name: entry.name, type: 'directory', children: await inside })
    } else nodes.push({ name: entry.name, type: 'file' })
  }
  return nodes
}

type Fits = (path: string) => boolean

/** @throws Refused for one whose braces stand for too much */
function fitsAny(patterns: readonly string[]): Fits {
  const read = patterns.map((pattern) => {
    const one = new Minimatch(pattern, { dot: true, braceExpandMax: mostAlternatives })
    if (one.globSet.length < mostAlternatives) return one
    throw new Refused(`The braces of a pattern stand for ${mostAlternatives} names or more; write a simpler one.`)
  })
  return (path) => read.some((pattern) => pattern.match(path))
}

/** Symlinked folders are not entered, so that a search stays where it began. */
export async function searchFiles(
  files: CheckedFiles,
  path: string,
  pattern: string,
  exclude: readonly string[],
): Promise<string> {
  const top = await files.existing(path, 'list')
  const [fits, isExcluded] = [fitsAny([pattern]), fitsAny(exclude)]
  const found: string[] = []
  let left = mostEntries
  const search = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (--left < 0) throw new Refused(`More than ${mostEntries} entries were searched; start in a smaller folder.`)
      const full = join(folder, entry.name)
      const name = relative(top, full)
      if (isExcluded(name)) continue
      if (fits(name)) found.push(full)
      if (entry.isDirectory() && depth < deepest && files.roots.mayList(full)) await search(full, depth + 1)
    }
  }
  await search(top, 0)
  return found.length > 0 ? found.join('\n') : 'No matches found'
}

export async function fileInfo(files: CheckedFiles, path: string): Promise<string> {
  const real = await files.existing(path, 'list')
  try {
    const info = await stat(real)
    return Object.entries({
      size: info.size,
      created: info.birthtime,
      modified: info.mtime,
      accessed: info.atime,
      isDirectory: info.isDirectory(),
      isFile: info.isFile(),
      permissions: info.mode.toString(8).slice(-3),
    })
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n')
  } catch (error) {
    if (isMissing(error)) throw new Refused(`ENOENT: no such file or directory: ${path}`)
    throw error
  }
}
