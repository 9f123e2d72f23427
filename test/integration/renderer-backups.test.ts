import { resolve } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type ContractServer, startContractServer } from '../renderer/contract-server.ts'
import { fullSample } from '../renderer/sample-data.ts'
import { openBrowser } from '../renderer/window-browser.ts'

const dist = resolve(import.meta.dirname, '../../dist/renderer')
/** Where pictures of what was tested go, when somebody wants to look. */
const pictures = process.env.GATEHOUSE_TEST_PICTURES
let browser: Browser
let page: Page
let server: ContractServer
let complaints: string[]

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  await page.context().close()
  await server.close()
})

const dialog = () => page.getByRole('dialog')
const inputsOf = (name: string) => server.asked.filter(({ channel }) => channel === name).map(({ input }) => input)
async function faults() {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => 0))))
  const found = await new AxeBuilder({ page }).analyze()
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}

for (const theme of ['light', 'dark'] as const) {
  it(`sets a recovery passphrase, makes a backup and restores it in ${theme}, the consequences told first`, async () => {
    const sample = fullSample()
    sample.setup.theme = theme
    await show(sample)
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Open backups' }).click()
    await dialog().getByText('No recovery passphrase is set').waitFor()
    expect(await dialog().getByRole('button', { name: 'Make a backup now' }).isDisabled()).toBe(true)
    expect([await faults(), complaints]).toEqual([[], []])
    await dialog().getByLabel('Recovery passphrase').last().fill('correct horse')
    await dialog().getByLabel('Once more').fill('correct hose')
    await page.keyboard.press('Enter')
    await dialog().getByText('The two are not the same.').waitFor()
    await dialog().getByLabel('Once more').fill('correct horse')
    await page.keyboard.press('Enter')
    await dialog().getByText('It is set.').waitFor()
    await dialog().getByRole('button', { name: 'Make a backup now' }).click()
    await dialog().getByText('backups/made.gatehouse-backup').waitFor()
    await picture(`backups-${theme}`)
    expect([await faults(), complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Restore the backup of' }).click()
    await dialog().getByText('Every server is switched off').waitFor()
    const restore = dialog().getByRole('button', { name: 'Restore it and stop Gatehouse' })
    expect(await restore.isDisabled()).toBe(true)
    await dialog().getByLabel('Recovery passphrase').fill('correct horse')
    await picture(`restore-${theme}`)
    expect([await faults(), complaints]).toEqual([[], []])
    expect(inputsOf('backup.restore')).toEqual([])
    await restore.click()
    await dialog().getByText('Gatehouse stops now: start it again.').waitFor()
    expect((await dialog().locator('dl').innerText()).replace(/\s+/g, ' ')).toBe(
      'Held for your review 3 Switched off memory Still revoked Zed',
    )
    expect([inputsOf('backup.setPassphrase'), inputsOf('backup.restore')]).toEqual([
      [{ passphrase: 'correct horse' }],
      [{ file: '/home/ana/.local/share/gatehouse/backups/made.gatehouse-backup', passphrase: 'correct horse' }],
    ])
  })
}

async function show(sample: ReturnType<typeof fullSample>): Promise<void> {
  complaints = []
  server = await startContractServer(dist, sample)
  const context = await browser.newContext({ viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' })
  page = await context.newPage()
  page.setDefaultTimeout(8_000)
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${server.url}#/home`)
}

async function picture(name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` })
}
