import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChangingServer } from '../support/changing-server.ts'
import { Journey, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'
import { NpmRegistry } from '../support/npm-registry.ts'

describe.each(shells())('a newer version of a server (%s)', (shell) => {
  let journey: Journey
  let registry: NpmRegistry
  let server: ChangingServer
  let page: Page

  const publish = (version: string, description: string) => {
    server.write(description)
    registry.publish('sums', version, { 'server.js': readFileSync(server.file, 'utf8') }, { bin: 'server.js' })
  }

  beforeAll(async () => {
    registry = await NpmRegistry.start()
    journey = await Journey.begin(shell)
    writeFileSync(join(journey.place, '.npmrc'), `registry=${registry.url}\n`)
    server = new ChangingServer(join(journey.place, 'made'))
    publish('1.0.0', 'Adds.')
    const words = ['--yes', '--sandbox', '0', '--', 'npx', '-y', 'sums']
    const added = await journey.app.operator('servers', 'add', 'sums', ...words)
    if (added.code !== 0) throw new Error(added.err)
    publish('1.1.0', 'Adds, and says thank you.')
    await journey.app.operator('cells', 'updates')
    page = await journey.window('#/servers/sums')
  })
  afterAll(async () => {
    await journey.end()
    await registry.stop()
  })

  it('is told of, looked at, and used once the person agrees; what it says anew waits for review', async () => {
    const sheet = page.getByRole('dialog', { name: 'sums' })
    await sheet.getByText('Version 1.1.0 is available (installed: 1.0.0).').waitFor()
    await sheet.getByRole('button', { name: 'Look at it' }).click()
    const update = page.getByRole('dialog', { name: 'A newer version of “sums”' })
    await update.getByText('sums 1.0.0 → 1.1.0').waitFor()
    await update.getByText('node_modules/sums/server.js').waitFor()
    await keepPicture(page, `cell-update-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await update.getByRole('button', { name: 'Use the newer version' }).click()
    await journey.proveIfAsked(page, page.getByText('“sums” is now version 1.1.0'))
    await update.waitFor({ state: 'hidden' })
    await sheet.getByText('Version 1.1.0 is available').waitFor({ state: 'hidden' })
    expect((await journey.app.cli('servers', 'inspect', 'sums', '--json')).out).toMatch(/"quarantined":\s*1/)
  })

  it('that does not start leaves the person with the one they had, told why', async () => {
    server.write('Adds.', 'add', 'process.exit(3)')
    registry.publish('sums', '1.2.0', { 'server.js': readFileSync(server.file, 'utf8') }, { bin: 'server.js' })
    await journey.app.operator('cells', 'updates')
    const sheet = page.getByRole('dialog', { name: 'sums' })
    await sheet.getByRole('button', { name: 'Look at it' }).click()
    const update = page.getByRole('dialog', { name: 'A newer version of “sums”' })
    await update.getByRole('button', { name: 'Use the newer version' }).click()
    await journey.proveIfAsked(page, page.getByText(/“sums” could not be used/).first())
    const { out } = await journey.app.cli('cells', 'show', 'sums', '--json')
    expect(JSON.parse(out).cell).toMatchObject({ status: 'active', version: '1.1.0' })
  })
})
