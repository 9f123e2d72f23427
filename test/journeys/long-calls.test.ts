import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journey, root, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'
import { RawBridge } from '../support/raw-bridge.ts'

const recorder = join(root, 'test', 'support', 'recorder-server', 'recorder-server.js')
const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'builder', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
}

describe.each(shells())('a long call (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let builder: RawBridge
  const slow = (ms: number) =>
    builder.request('tools/call', { name: 'recorder__slow', arguments: { ms }, _meta: envelope })
  const row = (words: string) => page.getByRole('row').filter({ hasText: 'recorder__slow' }).filter({ hasText: words })

  beforeAll(async () => {
    journey = await Journey.begin(shell, { env: { GATEHOUSE_TASKS__AFTER_SECONDS: '1' } })
    const place = join(journey.place, 'recorder')
    mkdirSync(place)
    const files = [join(place, 'reached'), join(place, 'changed')]
    const words = ['--yes', '--trust', '--sandbox', '0', '--', process.execPath, recorder, ...files]
    const added = await journey.app.operator('servers', 'add', 'recorder', ...words)
    expect(added).toMatchObject({ code: 0 })
    await journey.app.operator('clients', 'pair', 'builder')
    builder = new RawBridge(journey.app.home, 'builder')
    page = await journey.window('#/sessions')
    await page.getByText('No long calls').waitFor()
  })
  afterAll(async () => {
    await builder.close()
    await journey.end()
  })

  it('is there as soon as its app follows it, and is cancelled by the person', async () => {
    expect(await slow(120_000)).toMatchObject({ result: { resultType: 'task', status: 'working' } })
    await row('Working').scrollIntoViewIfNeeded()
    await keepPicture(page, `long-calls-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Cancel recorder__slow of builder' }).click()
    await row('Cancelled').waitFor()
  })

  it('ends with an answer, which is shown when the person asks for it', async () => {
    expect(await slow(1_500)).toMatchObject({ result: { resultType: 'task' } })
    await row('Done').getByRole('button', { name: 'Open recorder__slow of builder' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: 'Show the answer' }).click()
    const answer = sheet.getByRole('group', { name: 'Answer' })
    await journey.proveIfAsked(page, answer)
    expect(await answer.textContent()).toContain('late')
    expect(await accessibilityFaults(page)).toEqual([])
  })
})
