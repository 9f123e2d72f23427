import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journey, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'
import { runningApp } from '../support/running-app.ts'

describe.each(shells())('backups (%s)', (shell) => {
  let journey: Journey
  let page: Page
  const passphrase = 'a passphrase for bad days'

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    await journey.app.operator('clients', 'pair', 'editor')
    await journey.app.operator('permissions', 'allow', '--client', 'editor', '--tool', 'filesystem__write_file')
    page = await journey.window('#/home')
  })
  afterAll(() => journey.end())

  const dialog = () => page.getByRole('dialog').last()
  const open = async () => {
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Open backups' }).click()
  }

  it('are made once there is a recovery passphrase', async () => {
    await open()
    await dialog().getByText('No recovery passphrase is set').waitFor()
    await dialog().getByLabel('Recovery passphrase').last().fill(passphrase)
    await dialog().getByLabel('Once more').fill(passphrase)
    await page.keyboard.press('Enter')
    await journey.proveIfAsked(page, dialog().getByText('It is set.'))
    await dialog().getByRole('button', { name: 'Make a backup now' }).click()
    await journey.proveIfAsked(page, dialog().getByText('.gatehouse-backup'))
    await keepPicture(page, `backups-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(readdirSync(join(journey.app.home, 'backups')).length).toBe(1)
  })

  it('are not opened by another passphrase', async () => {
    await dialog().getByRole('button', { name: 'Restore the backup of' }).click()
    await dialog().getByLabel('Recovery passphrase').fill('another passphrase')
    await dialog().getByRole('button', { name: 'Restore it and stop Gatehouse' }).click()
    await journey.proveIfAsked(page, page.getByText('not opened by this passphrase').first())
  })

  it('bring back what there was, held for review, after Gatehouse was started again', async () => {
    await journey.app.operator('clients', 'revoke', 'editor')
    await dialog().getByLabel('Recovery passphrase').fill(passphrase)
    await dialog().getByRole('button', { name: 'Restore it and stop Gatehouse' }).click()
    await journey.proveIfAsked(page, dialog().getByText('Gatehouse stops now: start it again.'))
    expect(await dialog().locator('dl').innerText()).toMatch(/Held for your review\s+1[\s\S]*Still revoked\s+editor/)
    await keepPicture(page, `backups-restored-${shell}`)
    await journey.stopped()
    const again = await runningApp({ home: journey.app.home, env: journey.env })
    const held = JSON.parse((await again.cli('integrity', 'show', '--json')).out).held
    expect(held).toMatchObject([{ sentence: 'editor may use filesystem__write_file without asking.' }])
    await again.end()
  })
})
