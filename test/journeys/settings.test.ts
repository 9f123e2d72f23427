import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journey, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture, layoutFaults } from '../support/journey-look.ts'

describe.each(shells())('the settings (%s)', (shell) => {
  let journey: Journey
  let page: Page
  const field = (name: string) => page.getByRole('textbox', { name, exact: true })
  const search = () => page.getByRole('searchbox', { name: 'Find a setting' })
  const holds = async (path: string) =>
    JSON.parse((await journey.app.cli('config', 'get', path, '--json')).out).settings[0]

  beforeAll(async () => {
    const config = join(mkdtempSync(join(tmpdir(), 'gatehouse-settings-')), 'config.yaml')
    writeFileSync(config, 'approvals:\n  openPerClient: 60\nlimits:\n  deadlineSeconds: 45\n')
    journey = await Journey.begin(shell, { env: { GATEHOUSE_CONFIG: config } })
    page = await journey.window('#/home')
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await search().waitFor()
  })
  afterAll(() => journey.end())

  it('are found by their words, and it is said when none fits', async () => {
    await search().fill('task result')
    await page.getByRole('status').filter({ hasText: '1 setting' }).waitFor()
    await field('How long a task’s result is kept').waitFor()
    await search().fill('perpetuum mobile')
    await page.getByText('No setting fits “perpetuum mobile”.').waitFor()
    await page.getByRole('button', { name: 'Clear the search' }).click()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search')
  })

  it('keep what was typed and say what is wrong with it, until it is right', async () => {
    const waits = field('How long a question waits')
    await waits.fill('soon')
    await page.getByText('Write a whole number from 1 to 86400.').waitFor()
    expect(await page.getByRole('button', { name: 'Save: How long a question waits' }).isDisabled()).toBe(true)
    expect(await accessibilityFaults(page)).toEqual([])
    await waits.fill('240')
    await page.keyboard.press('Enter')
    await journey.proveIfAsked(page, page.getByRole('button', { name: 'Put it back: How long a question waits' }))
    expect(await holds('approvals.expirySeconds')).toMatchObject({ value: 240, now: 240, from: 'person' })
    await page.getByRole('button', { name: 'Put it back: How long a question waits' }).click()
    await expect.poll(() => waits.inputValue()).toBe('300')
  })

  it('say beside the field why main refused a value, and keep it', async () => {
    const address = field('Address of the client metadata document')
    await address.fill('http://here/x')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor()
    expect(await address.inputValue()).toBe('http://here/x')
    await address.press('Escape')
    expect(await address.inputValue()).toBe('')
  })

  it('show what a file asks for and is not used, and use it once the person says so', async () => {
    await page.getByText('From config.yaml or the environment').first().waitFor()
    await page.getByText('config.yaml or the environment says 60.').waitFor()
    await page.getByRole('button', { name: 'Use 60' }).click()
    await expect.poll(() => field('Open questions of one app').inputValue()).toBe('60')
    expect(await holds('approvals.openPerClient')).toMatchObject({ value: 60, now: 60, from: 'person' })
  })

  it('say what waits for the next start', async () => {
    await page.getByRole('combobox', { name: 'Looking for newer versions of servers' }).selectOption('Once a day')
    await page.getByText('From the next start on; until then Only when you ask').waitFor()
    expect(await holds('cells.updates')).toMatchObject({ value: 'daily', now: 'asked' })
  })

  it('have backups, passphrase, file and shortcuts among them', async () => {
    await page.getByRole('button', { name: 'Check the file' }).click()
    await page
      .getByRole('region', { name: 'Technical' })
      .getByText(/approvals.openPerClient = 60/)
      .waitFor()
    await page.getByRole('button', { name: 'Open backups' }).click()
    await page.getByRole('dialog', { name: 'Backups' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Change it' }).click()
    await page.getByLabel('Present passphrase').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByText('Search, go anywhere, do something').waitFor()
  })

  it('cut nothing off at 200 %', async () => {
    await page.setViewportSize({ width: 640, height: 430 })
    expect(await layoutFaults(page)).toEqual([])
    await keepPicture(page, `settings-200-${shell}`)
    await page.setViewportSize({ width: 1280, height: 860 })
    await keepPicture(page, `settings-${shell}`)
  })

  it('are reached by keyboard: Alt, Shift and the number of the screen', async () => {
    await page.keyboard.press('Alt+Shift+Digit3')
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor()
    await page.keyboard.press('Alt+Shift+Digit9')
    await page.getByRole('heading', { name: 'Health', level: 1 }).waitFor()
    await page.keyboard.press('Alt+Shift+Digit0')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  })
})
