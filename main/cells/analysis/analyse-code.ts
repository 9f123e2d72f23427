import { type ChildProcess, fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { byWeight, type Finding } from '../../../shared/domain/finding.ts'
import { type Code, isOwn } from '../code.ts'

export interface CodeLimits {
  readonly files: number
  readonly bytesEach: number
  readonly bytes: number
  /** For all files together. */
  readonly ms: number
}

const defaults: CodeLimits = { files: 600, bytesEach: 2 * 1024 ** 2, bytes: 16 * 1024 ** 2, ms: 20_000 }
const readable = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx'])
const mostFindings = 100
const mostCrashes = 5

export interface CodeReader {
  /** A plain Node. */
  readonly node: string
  /** `code-reader-process.ts`, or its bundle. */
  readonly script: string
}

/**
 * Looks into a cell's own JavaScript and TypeScript in a process of its own, so that nothing else waits for it or falls
 * with it, and into what it wants to run while it is installed. Its dependencies are not looked into: they are what they
 * are for everyone.
 *
 * @returns undefined when there is no code it can read
 */
export async function analyseCode(
  code: Code,
  reader: CodeReader,
  limits: CodeLimits = defaults,
): Promise<Finding[] | undefined> {
  const own = code.files.filter(({ path, isLink }) => !isLink && isOwn(path, code.own))
  const candidates = own.filter(({ path }) => readable.has(extname(path)) && !/\.d\.[mc]?ts$/.test(path))
  const native = own.filter(({ path }) => path.endsWith('.node'))
  if (candidates.length + native.length === 0) return undefined
  const paths = withinLimits(candidates, limits)
  const { findings, read } = await readAll(reader, code.folder, paths, limits.ms)
  const left = candidates.length - read
  const notAll = `${left} of ${candidates.length} files`
  return byWeight([
    ...findings,
    ...(await scriptsOf(code)),
    ...native.map(({ path }): Finding => ({ place: path, rule: 'native-code', severity: 'low', detail: path })),
    ...(left > 0 ? [{ place: code.own, rule: 'not-all-looked-at', severity: 'medium', detail: notAll } as const] : []),
  ]).slice(0, mostFindings)
}

function withinLimits(candidates: Code['files'], limits: CodeLimits): string[] {
  let left = limits.bytes
  const paths: string[] = []
  for (const { path, sizeBytes } of candidates) {
    if (sizeBytes > limits.bytesEach || sizeBytes > left || paths.length >= limits.files) continue
    left -= sizeBytes
    paths.push(path)
  }
  return paths
}

/** Begins again behind a file that ended the reader, a few times. */
async function readAll(reader: CodeReader, folder: string, paths: readonly string[], ms: number) {
  const until = performance.now() + ms
  const findings: Finding[] = []
  let read = 0
  for (let at = 0, crashes = 0; at < paths.length && crashes < mostCrashes && performance.now() < until; ) {
    const done = await readSome(reader, folder, paths.slice(at), until, findings)
    read += done
    at += done
    if (at >= paths.length || performance.now() >= until) break
    crashes++
    findings.push({
      place: paths[at] ?? '',
      rule: 'unreadable-code',
      severity: 'high',
      detail: 'it ends whatever reads it',
    })
    at++
  }
  return { findings, read }
}

/** @returns how many files were read before it ended or was ended */
function readSome(
  { node, script }: CodeReader,
  folder: string,
  paths: readonly string[],
  until: number,
  into: Finding[],
) {
  return new Promise<number>((done) => {
    let read = 0
    const reader: ChildProcess = fork(script, [], {
      execPath: node,
      execArgv: ['--max-old-space-size=512', '--disable-warning=ExperimentalWarning'],
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const timer = setTimeout(() => reader.kill('SIGKILL'), Math.max(0, until - performance.now()))
    reader.on('message', (answer: { readonly findings: readonly Finding[] }) => {
      into.push(...answer.findings)
      read++
    })
    const end = () => {
      clearTimeout(timer)
      done(read)
    }
    reader.once('error', end)
    reader.once('close', end)
    reader.send({ folder, paths })
  })
}

const hooks = ['preinstall', 'install', 'postinstall']

async function scriptsOf(code: Code): Promise<Finding[]> {
  const path = code.own === '' ? 'package.json' : `${code.own}/package.json`
  if (!code.files.some((file) => file.path === path)) return []
  try {
    const { scripts = {} } = JSON.parse(await readFile(join(code.folder, path), 'utf8')) as {
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
