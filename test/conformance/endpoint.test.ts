import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BearerRelay, bearerRelay } from '../support/bearer-relay.ts'
import { type RunningApp, runningApp } from '../support/running-app.ts'
import { knownFailures, type Requirements, requirementSets, runConformance } from './run-conformance.ts'

const root = resolve(import.meta.dirname, '..', '..')
const node = join(root, 'node_modules', 'node', 'bin', 'node')
const main = join(root, 'test', 'support', 'everything-fixture', 'main.ts')
/** A server of each era: the earlier set asks for requests that a 2026-07-28 server no longer makes. */
const servers: Readonly<Record<Requirements, { readonly name: string; readonly args: readonly string[] }>> = {
  '2025-11-25': { name: 'earlier', args: ['--earlier'] },
  '2026-07-28': { name: 'fixture', args: [] },
}

describe('the endpoint with the fixture server behind it', () => {
  let app: RunningApp
  let token: string
  let mcpUrl: string
  const relays: BearerRelay[] = []

  beforeAll(async () => {
    app = await runningApp()
    for (const { name, args } of Object.values(servers)) {
      const options = ['--sandbox', '2', '--allow-path', `${root}:ro`, '--trust', '--yes', '--json']
      const added = await app.operator('servers', 'add', name, ...options, '--', node, main, ...args)
      expect(added).toMatchObject({ code: 0 })
    }
    expect(await app.operator('clients', 'pair', 'suite', '--json')).toMatchObject({ code: 0 })
    token = JSON.parse((await app.operator('clients', 'token', 'suite', '--json')).out).token
    mcpUrl = JSON.parse(readFileSync(join(app.home, 'run', 'endpoint.json'), 'utf8')).mcpUrl
  })
  afterAll(async () => {
    for (const relay of relays) await relay.close()
    await app?.end()
  })

  it('passes what 2025-11-25 requires but for the known failures, with a server of both eras', async () => {
    const relay = await bearerRelay(`${mcpUrl}/servers/${servers['2026-07-28'].name}`, token)
    relays.push(relay)
    const { failed } = await runConformance(relay.url, '2025-11-25')
    expect(failed).toEqual(knownFailures('endpoint, server of both eras', '2025-11-25'))
  })

  it.each(requirementSets)('passes what %s requires but for the known failures', async (requirements) => {
    const relay = await bearerRelay(`${mcpUrl}/servers/${servers[requirements].name}`, token)
    relays.push(relay)
    const { failed } = await runConformance(relay.url, requirements)
    expect(failed).toEqual(knownFailures('endpoint', requirements))
  })
})
