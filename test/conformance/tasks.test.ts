import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BearerRelay, bearerRelay } from '../support/bearer-relay.ts'
import { type RunningApp, runningApp } from '../support/running-app.ts'
import { runScenario } from './run-conformance.ts'

const root = resolve(import.meta.dirname, '..', '..')
const node = join(root, 'node_modules', 'node', 'bin', 'node')
const main = join(root, 'test', 'support', 'tasks-fixture', 'main.ts')
/** Every scenario the suite has for the tasks extension. */
const scenarios = [
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-status-notifications',
  'tasks-required-task-error',
  'tasks-mrtr-composition',
]

describe('the endpoint with a server of tasks behind it', () => {
  let app: RunningApp
  let relay: BearerRelay | undefined

  beforeAll(async () => {
    app = await runningApp()
    const options = ['--sandbox', '2', '--allow-path', `${root}:ro`, '--trust', '--yes', '--json']
    const added = await app.operator('servers', 'add', 'tasks', ...options, '--', node, main)
    expect(added).toMatchObject({ code: 0 })
    expect(await app.operator('clients', 'pair', 'suite', '--json')).toMatchObject({ code: 0 })
    const { token } = JSON.parse((await app.operator('clients', 'token', 'suite', '--json')).out)
    const { mcpUrl } = JSON.parse(readFileSync(join(app.home, 'run', 'endpoint.json'), 'utf8'))
    relay = await bearerRelay(`${mcpUrl}/servers/tasks`, token)
  })
  afterAll(async () => {
    await relay?.close()
    await app?.end()
  })

  it.concurrent.each(scenarios)('passes %s', async (scenario) => {
    const { code, output } = await runScenario(relay?.url ?? '', scenario)
    expect(output).not.toContain('SKIPPED: scenario')
    expect(output).toMatch(/Passed: \d+\/\d+, 0 failed/)
    expect({ code, output }).toMatchObject({ code: 0 })
  })
})
