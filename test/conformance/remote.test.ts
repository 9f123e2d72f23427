import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, runningApp } from '../support/running-app.ts'
import { runClientScenario } from './run-client-scenario.ts'
import type { Requirements } from './run-conformance.ts'

/** Those without a sign-in, which `oauth` covers. */
const scenarios: Readonly<Record<Requirements, readonly string[]>> = {
  '2025-11-25': [
    'initialize',
    'tools_call',
    'elicitation-sep1034-client-defaults',
    'sse-retry',
    'json-schema-2020-12-preservation',
  ],
  '2026-07-28': [
    'tools_call',
    'request-metadata',
    'sep-2322-client-request-state',
    'http-standard-headers',
    'http-custom-headers',
    'http-invalid-tool-headers',
    'json-schema-ref-no-deref',
    'json-schema-2020-12-preservation',
  ],
}

describe('Gatehouse as the client of remote servers', () => {
  let app: RunningApp
  let env: Record<string, string>
  const results = mkdtempSync(join(tmpdir(), 'gatehouse-suite-'))

  beforeAll(async () => {
    app = await runningApp()
    expect(await app.operator('clients', 'pair', 'suite', '--json')).toMatchObject({ code: 0 })
    const { token } = JSON.parse((await app.operator('clients', 'token', 'suite', '--json')).out)
    env = { GATEHOUSE_SUITE_HOME: app.home, GATEHOUSE_SUITE_TOKEN: token }
  })
  afterAll(async () => {
    await app?.end()
    rmSync(results, { recursive: true, force: true })
  })

  const all = Object.entries(scenarios).flatMap(([revision, names]) => names.map((name) => [revision, name] as const))
  it.each(all)('passes %s %s', async (revision, scenario) => {
    const { passed, output } = await runClientScenario(scenario, revision as Requirements, { env, results })
    expect(passed, output).toBe(true)
  })
})
