import { readFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { byWeight, type Finding } from '../../../shared/domain/finding.ts'
import type { CodeFile } from '../../../shared/wire/cell-files.ts'
import { type Code, isOwn } from '../code.ts'
import { type CodeLimits, type CodeReader, readAll, withinLimits } from './read-files.ts'

export interface Limits {
  readonly own: CodeLimits & { readonly graveOnly: boolean }
  readonly dependencies: CodeLimits & { readonly graveOnly: boolean }
}

const megabyte = 1024 ** 2
const defaults: Limits = {
  own: { graveOnly: false, files: 600, bytesEach: 2 * megabyte, bytes: 16 * megabyte, ms: 20_000 },
  dependencies: { graveOnly: true, files: 10_000, bytesEach: 4 * megabyte, bytes: 128 * megabyte, ms: 20_000 },
}
const readable = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx'])
const mostFindings = 100

/**
 * Looks into a cell's own JavaScript and TypeScript, into what it wants to run while it is installed, and into what it
 * depends on; in a process of its own, so that nothing else waits for it or falls with it. Of its dependencies only what is
 * grave is told, once for each package: the rest is what they are for everyone.
 *
 * @returns undefined when there is no code it can read
 */
export async function analyseCode(
  code: Code,
  reader: CodeReader,
  limits: Limits = defaults,
): Promise<Finding[] | undefined> {
  const files = code.files.filter(({ isLink }) => !isLink)
  const own = files.filter(({ path }) => isOwn(path, code.own))
  const native = own.filter(({ path }) => path.endsWith('.node'))
  const programs = own.filter(isProgram)
  if (programs.length + native.length === 0) return undefined
  const others = files.filter(({ path }) => !isOwn(path, code.own))
  return byWeight([
    ...(await found(code, programs, reader, limits.own)),
    ...(await scriptsOf(code, code.own)),
    ...native.map(({ path }): Finding => ({ place: path, rule: 'native-code', severity: 'low', detail: path })),
    ...oneEach(await found(code, others.filter(isProgram), reader, limits.dependencies)),
    ...(await scriptsOfAll(code, others)),
  ]).slice(0, mostFindings)
}

const isProgram = ({ path }: CodeFile) => readable.has(extname(path)) && !/\.d\.[mc]?ts$/.test(path)

async function found(
  { folder, own }: Code,
  files: readonly CodeFile[],
  reader: CodeReader,
  { graveOnly, ...limits }: Limits['own'],
): Promise<Finding[]> {
  if (files.length === 0) return []
  const paths = withinLimits(files, limits)
  const { findings, read } = await readAll(reader, { folder, paths, graveOnly, ms: limits.ms })
  const left = files.length - read
  const place = graveOnly ? 'node_modules' : own
  const severity = graveOnly ? 'low' : 'medium'
  const notAll = { place, rule: 'not-all-looked-at', severity, detail: `${left} of ${files.length} files` } as const
  return left > 0 ? [...findings, notAll] : findings
}

/** The first of each kind in each package, with how many more there are. */
function oneEach(findings: readonly Finding[]): Finding[] {
  const alike = Map.groupBy(findings, ({ rule, place }) => `${rule} ${packageOf(place)}`)
  return [...alike.values()].map(([first, ...more]) => {
    const { detail, ...rest } = first as Finding
    return { ...rest, detail: more.length > 0 ? `${detail} (and ${more.length} more in this package)` : detail }
  })
}

/** `node_modules/a/node_modules/@b/c/x.js` → `node_modules/a/node_modules/@b/c` */
const packageOf = (path: string): string => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? dirname(path)

const hooks = ['preinstall', 'install', 'postinstall']

/** Of the packages it depends on; whether they run is the person's to say. */
async function scriptsOfAll(code: Code, others: readonly CodeFile[]): Promise<Finding[]> {
  const roots = others.filter(({ path }) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(path))
  return (await Promise.all(roots.map(({ path }) => scriptsOf(code, dirname(path))))).flat()
}

async function scriptsOf({ folder, files }: Code, root: string): Promise<Finding[]> {
  const path = root === '' ? 'package.json' : `${root}/package.json`
  if (!files.some((file) => file.path === path)) return []
  try {
    const { scripts = {} } = JSON.parse(await readFile(join(folder, path), 'utf8')) as {
      scripts?: Record<string, unknown>
    }
    return hooks
      .filter((hook) => typeof scripts[hook] === 'string')
      .map((hook) => ({
        place: path,
        rule: 'install-script',
        severity: 'medium',
        detail: `${hook}: ${String(scripts[hook]).slice(0, 140)}`,
      }))
  } catch {
    return []
  }
}
