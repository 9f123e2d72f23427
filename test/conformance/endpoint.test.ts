import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BearerRelay, bearerRelay } from '../support/bearer-relay.ts'
import { type RunningApp, runningApp } from '../support/running-app.ts'
import { knownFailures, required, requirementSets, runConformance } from './run-conformance.ts'

const root = resolve(import.meta.dirname, '..', '..')
const node = join(root, 'node_modules', 'node', 'bin', 'node')
const main = join(root, 'test', 'support', 'everything-fixture', 'main.ts')
/** A server of both eras: each client has to be served the way that loses nothing for it. */
const server = 'fixture'

describe('the endpoint with the fixture server behind it', () => {
  let app: RunningApp
  let token: string
  let mcpUrl: string
  const relays: BearerRelay[] = []

  beforeAll(async () => {
    app = await runningApp()
    const options = ['--sandbox', '2', '--allow-path', `${root}:ro`, '--trust', '--yes', '--json']
    expect(await app.operator('servers', 'add', server, ...options, '--', node, main)).toMatchObject({ code: 0 })
    expect(await app.operator('clients', 'pair', 'suite', '--json')).toMatchObject({ code: 0 })
    token = JSON.parse((await app.operator('clients', 'token', 'suite', '--json')).out).token
    mcpUrl = JSON.parse(readFileSync(join(app.home, 'run', 'endpoint.json'), 'utf8')).mcpUrl
  })
  afterAll(async () => {
    for (const relay of relays) await relay.close()
    await app?.end()
  })

  it.each(requirementSets)('passes what %s requires but for the known failures', async (requirements) => {
    const relay = await bearerRelay(`${mcpUrl}/servers/${server}`, token)
    relays.push(relay)
    const { passed, failed } = await runConformance(relay.url, requirements)
    expect(failed).toEqual(knownFailures('endpoint', requirements))
    expect([...passed, ...failed].sort()).toEqual(required(requirements, 'server'))
  })
})
