import { type ChildProcess, fork } from 'node:child_process'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Code } from '../code.ts'

export interface CodeLimits {
  readonly files: number
  readonly bytesEach: number
  readonly bytes: number
  /** For all files together. */
  readonly ms: number
}

export interface CodeReader {
  /** A plain Node. */
  readonly node: string
  /** `code-reader-process.ts`, or its bundle. */
  readonly script: string
}

export interface Reading {
  readonly folder: string
  /** Relative to it. */
  readonly paths: readonly string[]
  /** Only what is grave is looked for, which most files are passed over for. */
  readonly graveOnly: boolean
  readonly ms: number
}

const mostCrashes = 5

/** As many of them, in their order, as fit. */
export function withinLimits(candidates: Code['files'], limits: CodeLimits): string[] {
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
export async function readAll(reader: CodeReader, { folder, paths, graveOnly, ms }: Reading) {
  const until = performance.now() + ms
  const findings: Finding[] = []
  let read = 0
  for (let at = 0, crashes = 0; at < paths.length && crashes < mostCrashes && performance.now() < until; ) {
    const done = await readSome(reader, { folder, paths: paths.slice(at), graveOnly }, until, findings)
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
function readSome({ node, script }: CodeReader, wanted: Omit<Reading, 'ms'>, until: number, into: Finding[]) {
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
    reader.send(wanted)
  })
}
