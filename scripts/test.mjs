// `npm test` (and `test:full`): from a fresh clone to one line `N passed, N failed, N skipped`.
import { randomInt } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, installPackages, projectEnv, projectNode, root, run } from './lib/prepare.mjs'
import { installSystemPackages } from './lib/system-packages.mjs'

const started = Date.now()
const full = process.argv.includes('--full')
/** Of the properties: the full run tries new values each time, and says which to try them again. */
const seed = full ? (process.env.GATEHOUSE_TEST_SEED ?? String(randomInt(2 ** 31))) : undefined
const slowestFiles = 15
const totals = { passed: 0, failed: 0, skipped: 0 }
const failures = []

const stillMissing = installSystemPackages() // before npm ci, so that keytar can be compiled
if (stillMissing.length > 0) {
  console.error(`These are needed for the tests and are not installed: ${stillMissing.join(', ')}.`)
  console.error('Install them with your package manager and run the tests again.')
  process.exit(1)
}
installPackages()
check('types', ['node_modules/typescript/bin/tsc', '-p', '.'])
check('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.'])
build()
if (seed) console.log(`Properties are tried with GATEHOUSE_TEST_SEED=${seed}.`)
for (const project of ['unit', 'integration', 'conformance', 'journeys']) vitest(project)
const minutes = ((Date.now() - started) / 60_000).toFixed(1)
console.log(`\nTook ${minutes} min.`)
for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
process.exit(totals.failed === 0 ? 0 : 1)

function environment() {
  // the app is started some hundreds of times: compiled once, its scripts need not be compiled again
  const compiled = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'gatehouse-tests') }
  return projectEnv(full ? { ...compiled, GATEHOUSE_TEST_FULL: '1', GATEHOUSE_TEST_SEED: seed } : compiled)
}

function check(name, args) {
  const code = run(projectNode(), args, { env: environment(), shell: false })
  count(code === 0 ? 'passed' : 'failed', name)
}

function count(kind, name) {
  totals[kind] += 1
  if (kind === 'failed') failures.push(name)
}

function vitest(project) {
  console.log(`\n== ${project} tests`)
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  const report = join(folder, 'report.json')
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--passWithNoTests']
  const times = join(folder, 'times.json')
  const reporters = ['dot', 'json', join(root, 'scripts', 'lib', 'file-times.mjs')].map((one) => `--reporter=${one}`)
  const env = { ...environment(), GATEHOUSE_TEST_TIMES: times }
  const code = run(projectNode(), [...args, ...reporters, `--outputFile.json=${report}`], { env, shell: false })
  const before = totals.failed
  try {
    const files = JSON.parse(readFileSync(report, 'utf8')).testResults
    for (const file of files) countFile(project, file)
    if (existsSync(times)) showSlowest(Object.entries(JSON.parse(readFileSync(times, 'utf8'))))
  } catch (error) {
    count('failed', `${project}: no report (${error.message})`)
  }
  if (code !== 0 && totals.failed === before) count('failed', `${project}: the runner ended with code ${code}`)
  rmSync(folder, { recursive: true, force: true })
}

function countFile(project, file) {
  const name = nameOf(file)
  if (file.assertionResults.length === 0 && file.status === 'failed') count('failed', `${name}: ${file.message}`)
  for (const test of file.assertionResults) {
    const title = `${name}: ${test.fullName}`
    if (test.status === 'passed') {
      if (test.failureMessages?.length > 0) console.log(`passed at the second try: ${title}`)
      count('passed', title)
    } else if (test.status === 'failed') count('failed', title)
    else skipped(project, title)
  }
}

function nameOf(file) {
  return file.name.replace(`${root}/`, '')
}

/** @param times pairs of a file and its milliseconds */
function showSlowest(times) {
  const slowest = times.toSorted(([, a], [, b]) => b - a).slice(0, slowestFiles)
  console.log(`\nSlowest files, in seconds of ${Math.round(times.reduce((sum, [, ms]) => sum + ms, 0) / 1000)}:`)
  for (const [name, ms] of slowest) console.log(`${(ms / 1000).toFixed(1).padStart(7)}  ${nameOf({ name })}`)
}

/** Under CI nothing may be skipped but what needs the real Electron runtime; each skip names its reason in its title. */
function skipped(project, title) {
  const allowed = process.env.CI !== 'true' || /real Electron/.test(title)
  console.log(`skipped: ${title}`)
  count(allowed ? 'skipped' : 'failed', `${project}: skipped under CI: ${title}`)
}
