import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, runningApp } from '../support/running-app.ts'
import { runClientScenario } from './run-client-scenario.ts'
import type { Requirements } from './run-conformance.ts'
import { clientScenarios } from './scenarios.ts'

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

  const all = Object.entries(clientScenarios).flatMap(([revision, names]) =>
    names.map((name) => [revision, name] as const),
  )
  it.each(all)('passes %s %s', async (revision, scenario) => {
    const { passed, output } = await runClientScenario(scenario, revision as Requirements, { env, results })
    expect(passed, output).toBe(true)
  })
})
