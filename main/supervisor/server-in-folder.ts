import { readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser'
import { z } from 'zod'
import { inputInvalid } from '../../shared/errors.ts'

/** How the server that a folder holds is run. */
export interface FolderCommand {
  readonly command: string
  readonly args: readonly string[]
}

/** Of a project file. */
const mostBytes = 1_048_576

const packageFile = z.object({
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  main: z.string().optional(),
})
const pythonFile = z.object({ project: z.object({ scripts: z.record(z.string(), z.string()).optional() }).optional() })

/**
 * The command of the server in a folder, by what its project file says: the program of a `package.json`, or the first script
 * of a `pyproject.toml` in the project’s own environment. Reads only; what it comes to is shown before anything runs.
 *
 * @returns undefined when it is the path of no folder
 * @throws input.invalid when the folder names no program, or one that is not there
 */
export function serverInFolder(folder: string): FolderCommand | undefined {
  if (!isAbsolute(folder) || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined
  const root = realpathSync(folder)
  const found = nodeProgram(root) ?? pythonScript(root)
  if (found) return found
  throw inputInvalid(
    `“${folder}” holds neither a package.json that names a program nor a pyproject.toml with a script. Write the command instead.`,
  )
}

function nodeProgram(root: string): FolderCommand | undefined {
  const text = textOf(join(root, 'package.json'))
  if (text === undefined) return undefined
  const { bin, main } = parsed('package.json', () => packageFile.parse(JSON.parse(text)))
  const named = (typeof bin === 'string' ? bin : Object.values(bin ?? {})[0]) ?? main
  if (named === undefined) return undefined
  return { command: 'node', args: [there(root, 'package.json', named, asNodeFinds(join(root, named)))] }
}

function pythonScript(root: string): FolderCommand | undefined {
  const text = textOf(join(root, 'pyproject.toml'))
  if (text === undefined) return undefined
  const { project } = parsed('pyproject.toml', () => pythonFile.parse(getStaticTOMLValue(parseTOML(text))))
  const [script] = Object.keys(project?.scripts ?? {})
  if (script === undefined) return undefined
  const place = process.platform === 'win32' ? join('.venv', 'Scripts', `${script}.exe`) : join('.venv', 'bin', script)
  return { command: there(root, 'pyproject.toml', place, [join(root, place)]), args: [] }
}

/** Without its ending, or as a folder, it is a program too. @see https://nodejs.org/api/modules.html#all-together */
const asNodeFinds = (place: string) => [place, `${place}.js`, join(place, 'index.js')]

/**
 * @param places where it may be; the first one that is there counts
 * @throws input.invalid when it is not there or not inside
 */
function there(root: string, file: string, named: string, places: readonly string[]): string {
  const outside = () => inputInvalid(`The ${file} in “${root}” names “${named}”, which is not in that folder.`)
  if (!isInside(root, join(root, named))) throw outside()
  const place = places.find((one) => statSync(one, { throwIfNoEntry: false })?.isFile())
  if (place === undefined)
    throw inputInvalid(`The ${file} in “${root}” names “${named}”, which is not there. Install and build it first.`)
  if (!isInside(root, realpathSync(place))) throw outside()
  return place
}

function isInside(root: string, place: string): boolean {
  const way = relative(root, place)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function textOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFile() && stats.size <= mostBytes ? readFileSync(file, 'utf8') : undefined
}

function parsed<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch {
    throw inputInvalid(`The ${file} in that folder could not be understood. Write the command instead.`)
  }
}
