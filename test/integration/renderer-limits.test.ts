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

const places = [
  ['light', 'client', 'Cursor', '#/sessions'],
  ['dark', 'server', 'memory', '#/servers/memory'],
] as const
for (const [theme, holder, name, hash] of places) {
  it(`sets and removes a limit of a ${holder} in ${theme}`, async () => {
    const sample = fullSample()
    sample.setup.theme = theme
    await show(sample, hash)
    if (holder === 'client') await page.getByRole('button', { name: 'Limits on use: Cursor' }).click()
    await dialog().getByText('No limit is set.').waitFor()
    expect(await dialog().getByRole('button', { name: 'Set the limit' }).isDisabled()).toBe(true)
    await dialog().getByLabel('What is counted').selectOption('tokens')
    await dialog().getByLabel('In a', { exact: true }).selectOption('day')
    await dialog().getByLabel('At most').fill('5000')
    await page.keyboard.press('Enter')
    await dialog().getByText('12 of 5,000 used').waitFor()
    await picture(`limits-${theme}`)
    expect([await faults(), complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Remove the limit: Tokens (estimated), Day' }).click()
    await dialog().getByText('No limit is set.').waitFor()
    expect([inputsOf('limits.set'), inputsOf('limits.remove')]).toEqual([
      [{ holder, name, measure: 'tokens', per: 'day', most: 5000 }],
      [{ holder, name, measure: 'tokens', per: 'day' }],
    ])
  })
}

async function show(sample: ReturnType<typeof fullSample>, hash: string): Promise<void> {
  complaints = []
  server = await startContractServer(dist, sample)
  const context = await browser.newContext({ viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' })
  page = await context.newPage()
  page.setDefaultTimeout(8_000)
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(server.url + hash)
}

async function picture(name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` })
}
