import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

export type Requirements = '2025-11-25' | '2026-07-28'
export const requirementSets: readonly Requirements[] = ['2025-11-25', '2026-07-28']

const root = resolve(import.meta.dirname, '..', '..')
const suite = join(root, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js')

export interface Outcome {
  readonly passed: readonly string[]
  readonly failed: readonly string[]
  readonly output: string
}

/** Runs one requirement set of the official suite against a server. Scenarios a revision does not score are left out. */
export async function runConformance(url: string, requirements: Requirements): Promise<Outcome> {
  const output = await outputOf(['server', '--url', url, '--requirements', requirements, '--timeout', '120000'])
  const summary = output.split('=== SUMMARY ===')[1] ?? ''
  const unscored = new Set([...summary.matchAll(/^ +[✓✗] (\S+) \(/gmu)].map(([, name]) => name as string))
  const scored = [...summary.matchAll(/^([✓✗]) (\S+):/gmu)].filter(([, , name]) => !unscored.has(name as string))
  const named = (mark: string) => scored.flatMap(([, its, name]) => (its === mark ? [name as string] : [])).sort()
  if (scored.length === 0) throw new Error(`The suite did not run:\n${output.slice(-2000)}`)
  return { passed: named('✓'), failed: named('✗'), output }
}

/** Runs one scenario by itself. @returns whether it passed @throws Error when the suite did not run it */
export async function passesAlone(url: string, requirements: Requirements, scenario: string): Promise<boolean> {
  const args = ['server', '--url', url, '--scenario', scenario, '--spec-version', requirements, '--timeout', '120000']
  const { code, output } = await finished(args)
  if (!hasRun(output)) throw new Error(`The suite did not run ${scenario}:\n${output.slice(-2000)}`)
  return code === 0
}

/** The suite skips what it thinks a revision has not, and then ends well; so it does when nothing came to be checked. */
export const hasRun = (output: string): boolean =>
  /Passed: \d+\/[1-9]/.test(output) && !/SKIPPED: scenario/.test(output)

/** What a revision requires of servers or clients, as the suite's own frozen list names it, sorted. */
export function required(requirements: Requirements, of: 'server' | 'client'): readonly string[] {
  const file = join(suite, '..', '..', 'requirements', `${requirements}.yaml`)
  const lists = parse(readFileSync(file, 'utf8')) as Record<typeof of, readonly string[]>
  return [...lists[of]].sort()
}

/** Scenarios of extensions, which no revision requires, sorted. */
export async function ofExtensions(of: 'server' | 'client'): Promise<readonly string[]> {
  const { output } = await finished(['list', `--${of}`])
  return [...output.matchAll(/^ {2}- (\S+) \[extension\]$/gm)].map(([, name]) => name as string).sort()
}

/** One scenario of an extension, which stands on no revision’s timeline: named with a revision it would be skipped. */
export const runScenario = (url: string, scenario: string) =>
  finished(['server', '--url', url, '--scenario', scenario, '--timeout', '120000'])

const outputOf = async (args: readonly string[]): Promise<string> => (await finished(args)).output

function finished(args: readonly string[]): Promise<{ readonly output: string; readonly code: number | null }> {
  return new Promise((resolve, reject) => {
    const run = spawn(process.execPath, [suite, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    run.stdout.on('data', (chunk) => {
      output += String(chunk)
    })
    run.stderr.on('data', (chunk) => {
      output += String(chunk)
    })
    run.once('error', reject)
    run.once('close', (code) => resolve({ output, code }))
  })
}

type Way = 'endpoint' | 'bridge'

/** The scenarios known to fail, by name. One that fails or passes against it fails the test. */
export function knownFailures(way: Way, requirements: Requirements): readonly string[] {
  const baseline = JSON.parse(readFileSync(join(import.meta.dirname, 'baseline.json'), 'utf8')) as Record<
    Way,
    Partial<Record<Requirements, readonly string[]>>
  >
  return [...(baseline[way][requirements] ?? [])].sort()
}
