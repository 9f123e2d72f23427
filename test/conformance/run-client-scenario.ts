import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { hasRun, type Requirements } from './run-conformance.ts'

const root = resolve(import.meta.dirname, '..', '..')
const suite = join(root, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js')
const client = `${process.execPath} ${join(import.meta.dirname, 'remote-client.ts')}`

/** Runs one client scenario of the official suite through `remote-client.ts`. @param results folder for what the suite writes */
export function runClientScenario(
  scenario: string,
  revision: Requirements,
  { env, results }: { readonly env: Readonly<Record<string, string>>; readonly results: string },
): Promise<{ readonly passed: boolean; readonly output: string }> {
  const which = ['--scenario', scenario, '--spec-version', revision]
  const args = ['client', '--command', client, ...which, '--timeout', '60000', '--output-dir', results, '--verbose']
  return new Promise((resolve, reject) => {
    const run = spawn(process.execPath, [suite, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [run.stdout, run.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += String(chunk)
      })
    run.once('error', reject)
    run.once('close', (code) => resolve({ passed: code === 0 && hasRun(output), output }))
  })
}
