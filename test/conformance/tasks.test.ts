import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BearerRelay, bearerRelay } from '../support/bearer-relay.ts'
import { type RunningApp, runningApp } from '../support/running-app.ts'
import { wrapped } from '../support/wrapped-bridge.ts'
import { hasRun, runScenario } from './run-conformance.ts'
import { tasksScenarios } from './scenarios.ts'

const root = resolve(import.meta.dirname, '..', '..')
const node = join(root, 'node_modules', 'node', 'bin', 'node')
const main = join(root, 'test', 'support', 'tasks-fixture', 'main.ts')

/** What the program around the bridge does not do itself: it compares no header with its body. */
const notThroughTheBridge = ['tasks-request-headers']

/** What the suite lists and does not run yet; once it does, its `SKIPPED` is gone and it has to pass. */
const notRunYet = ['tasks-status-notifications']
const run = tasksScenarios.filter((scenario) => !notRunYet.includes(scenario))

async function expectPass(url: string, scenario: string): Promise<void> {
  const { code, output } = await runScenario(url, scenario)
  expect(hasRun(output), output).toBe(true)
  expect(output).toMatch(/Passed: \d+\/\d+, 0 failed/)
  expect({ code, output }).toMatchObject({ code: 0 })
}

describe('a server of tasks', () => {
  let app: RunningApp
  let relay: BearerRelay | undefined
  let wrapper: { readonly url: string; readonly process: ChildProcess } | undefined

  beforeAll(async () => {
    app = await runningApp()
    const options = ['--sandbox', '2', '--allow-path', `${root}:ro`, '--trust', '--yes', '--json']
    const added = await app.operator('servers', 'add', 'tasks', ...options, '--', node, main)
    expect(added).toMatchObject({ code: 0 })
    expect(await app.operator('clients', 'pair', 'suite', '--json')).toMatchObject({ code: 0 })
    const { token } = JSON.parse((await app.operator('clients', 'token', 'suite', '--json')).out)
    const { mcpUrl } = JSON.parse(readFileSync(join(app.home, 'run', 'endpoint.json'), 'utf8'))
    relay = await bearerRelay(`${mcpUrl}/servers/tasks`, token)
    const bridge = [node, join(root, 'dist', 'bridge.js'), '--client', 'suite', '--server', 'tasks', '--home', app.home]
    wrapper = await wrapped(bridge)
  })
  afterAll(async () => {
    await relay?.close()
    if (wrapper) {
      const ended = once(wrapper.process, 'exit')
      wrapper.process.kill()
      await ended
    }
    await app?.end()
  })

  it.concurrent.each(run)('passes %s through the endpoint', async (scenario) => {
    await expectPass(relay?.url ?? '', scenario)
  })

  it.each(notRunYet)('is told by the suite that it does not run %s', async (scenario) => {
    const { output } = await runScenario(relay?.url ?? '', scenario)
    expect(output).toMatch(/SKIPPED[^\n]*pending/)
    expect(output).toMatch(/Passed: 0\/0/)
  })

  it.concurrent.each(run.filter((scenario) => !notThroughTheBridge.includes(scenario)))(
    'passes %s through the bridge',
    async (scenario) => {
      await expectPass(wrapper?.url ?? '', scenario)
    },
  )
})

it('fails on headers when the server is wrapped the same way without Gatehouse', async () => {
  const alone = await wrapped([node, main])
  try {
    const { code, output } = await runScenario(alone.url, 'tasks-request-headers')
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringMatching(/rejects-mismatched-mcp-name-on-tasks-get.*FAILURE/),
    })
  } finally {
    const ended = once(alone.process, 'exit')
    alone.process.kill()
    await ended
  }
})
