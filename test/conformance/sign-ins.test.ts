import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, runningApp } from '../support/running-app.ts'
import { hasRun, type Requirements, required, requirementSets } from './run-conformance.ts'
import { extensionSignIns } from './scenarios.ts'
import { signInRelay } from './sign-in-relay.ts'

const root = resolve(import.meta.dirname, '..', '..')
const suite = join(root, 'node_modules', '@modelcontextprotocol', 'conformance')
/** What the suite expects a client that has a metadata document to show. */
const documentUrl = 'https://conformance-test.local/client-metadata.json'

/** Every sign-in scenario a revision scores; none is left out. */
const scenarios = (revision: Requirements) => required(revision, 'client').filter((name) => name.startsWith('auth/'))

describe('the suite’s sign-in scenarios, through a running Gatehouse', () => {
  let app: RunningApp
  let relay: Awaited<ReturnType<typeof signInRelay>>
  const results = mkdtempSync(join(tmpdir(), 'gatehouse-suite-'))

  beforeAll(async () => {
    app = await runningApp({ env: { GATEHOUSE_OAUTH__CLIENT_METADATA_URL: documentUrl } })
    relay = await signInRelay(app)
  })
  afterAll(async () => {
    await relay?.end()
    await app?.end()
    rmSync(results, { recursive: true, force: true })
  })

  it.concurrent.each(extensionSignIns)('passes %s, of an extension', async (scenario) => {
    const { code, output } = await run(scenario)
    expect(code, output).toBe(0)
    expect(hasRun(output), output).toBe(true)
  })

  const all = requirementSets.flatMap((revision) => scenarios(revision).map((name) => [revision, name] as const))
  it('are all there', () => expect(all.length).toBe(39))
  it.concurrent.each(all)('passes %s %s', async (revision, scenario) => {
    const { code, output } = await run(scenario, revision)
    expect(code, output).toBe(0)
    expect(hasRun(output), output).toBe(true)
  })

  /** @param revision none for an extension’s: named with one, the suite would skip it */
  function run(scenario: string, revision?: Requirements): Promise<{ code: number | null; output: string }> {
    const client = `${process.execPath} ${join(import.meta.dirname, 'relayed-client.ts')}`
    const which = ['--scenario', scenario, ...(revision === undefined ? [] : ['--spec-version', revision])]
    const args = ['client', '--command', client, ...which, '--timeout', '60000', '--output-dir', results, '--verbose']
    return new Promise((resolve, reject) => {
      const suiteRun = spawn(process.execPath, [join(suite, 'dist', 'index.js'), ...args], {
        cwd: root,
        env: { ...process.env, ...relay.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      const heard = (chunk: Buffer) => {
        output += String(chunk)
      }
      suiteRun.stdout.on('data', heard)
      suiteRun.stderr.on('data', heard)
      suiteRun.once('error', reject)
      suiteRun.once('close', (code) => resolve({ code, output }))
    })
  }
})
