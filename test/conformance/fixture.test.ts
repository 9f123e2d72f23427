import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { required, requirementSets, runConformance } from './run-conformance.ts'

const main = join(resolve(import.meta.dirname, '..'), 'support', 'everything-fixture', 'main.ts')

describe('the fixture server by itself', () => {
  let fixture: ChildProcess
  let url: string

  beforeAll(async () => {
    fixture = spawn(process.execPath, [main, '--http'], { stdio: ['ignore', 'pipe', 'inherit'] })
    url = await new Promise((resolve) =>
      createInterface({ input: fixture.stdout as NodeJS.ReadableStream }).once('line', resolve),
    )
  })
  afterAll(() => fixture.kill())

  it.each(requirementSets)('passes every scenario %s requires', async (requirements) => {
    const { failed, passed } = await runConformance(url, requirements)
    expect(failed).toEqual([])
    expect(passed).toEqual(required(requirements, 'server'))
  })
})
