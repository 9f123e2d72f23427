import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, runningApp } from '../support/running-app.ts'
import { wrapped } from '../support/wrapped-bridge.ts'
import { knownFailures, passesAlone, required, requirementSets, runConformance } from './run-conformance.ts'

const root = resolve(import.meta.dirname, '..', '..')
const node = join(root, 'node_modules', 'node', 'bin', 'node')
const main = join(root, 'test', 'support', 'everything-fixture', 'main.ts')
/** A server of both eras: each client has to be served the way that loses nothing for it. */
const server = 'fixture'

describe('the bridge with the fixture server behind it', () => {
  let app: RunningApp
  let wrapper: ChildProcess | undefined

  beforeAll(async () => {
    app = await runningApp()
    const options = ['--sandbox', '2', '--allow-path', `${root}:ro`, '--trust', '--yes', '--json']
    expect(await app.operator('servers', 'add', server, ...options, '--', node, main)).toMatchObject({ code: 0 })
    expect(await app.operator('clients', 'pair', 'suite', '--json')).toMatchObject({ code: 0 })
  })
  afterEach(async () => {
    if (!wrapper) return
    const ended = once(wrapper, 'exit')
    wrapper.kill()
    await ended
  })
  afterAll(() => app?.end())

  it.each(requirementSets)('passes what %s requires but for the known failures', async (requirements) => {
    const bridge = [node, join(root, 'dist', 'bridge.js'), '--client', 'suite', '--server', server, '--home', app.home]
    const { url, process } = await wrapped(bridge)
    wrapper = process
    const known = knownFailures('bridge', requirements)
    const failed: string[] = []
    const ran = await runConformance(url, requirements)
    expect([...ran.passed, ...ran.failed].sort()).toEqual(required(requirements, 'server'))
    for (const name of ran.failed)
      if (known.includes(name) || !(await passesAlone(url, requirements, name))) failed.push(name)
    expect(failed).toEqual(known)
  })

  it('fails only where the server fails without Gatehouse, wrapped the same way', async () => {
    const { url, process } = await wrapped([node, main])
    wrapper = process
    for (const requirements of requirementSets)
      for (const name of knownFailures('bridge', requirements))
        expect(await passesAlone(url, requirements, name), name).toBe(false)
  })
})
