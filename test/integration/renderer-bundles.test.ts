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
  it(`adds a server from a bundle in ${theme}: shown in full, its settings filled in, secrets typed unseen`, async () => {
    const sample = fullSample()
    sample.setup.theme = theme
    await show(sample)
    await page.getByRole('button', { name: 'Add a server' }).click()
    await dialog().getByRole('button', { name: 'Add from a bundle file' }).click()
    await dialog().getByRole('button', { name: 'Look into the file' }).click()
    await dialog().getByRole('alert').waitFor()
    await dialog().getByLabel('Name', { exact: true }).fill('weather')
    await dialog().getByLabel('Bundle file').fill('/home/ana/weather.mcpb')
    await dialog().getByLabel('Hosts it may reach').fill('api.weather.example')
    expect([await faults(), complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Look into the file' }).click()
    await dialog().getByText('ab12'.repeat(16)).waitFor()
    await dialog().getByText('signed by “Weather Ltd”, vouched for by “Example Code Signing CA”').waitFor()
    await dialog().getByText('cd34'.repeat(16)).waitFor()
    await dialog().getByText('packages/weather/index.js --units ""').waitFor()
    await dialog().getByRole('button', { name: 'Add and start it' }).click()
    await dialog().getByText('It needs a value for: Units, API key.').waitFor()
    await dialog().getByLabel('Units').fill('metric')
    await dialog().getByText('You changed its settings.').waitFor()
    expect(await dialog().getByRole('button', { name: 'Add and start it' }).count()).toBe(0)
    await dialog().getByLabel('API key').fill('s3cret-value')
    expect(await dialog().getByLabel('API key').getAttribute('type')).toBe('password')
    await picture(`bundle-${theme}`)
    expect([await faults(), complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Show what would run now' }).click()
    await dialog().getByText('--units "metric"').waitFor()
    await dialog().getByRole('button', { name: 'Add and start it' }).click()
    await page.getByRole('dialog', { name: 'weather' }).waitFor()
    expect(JSON.stringify(inputsOf('bundles.plan'))).not.toContain('s3cret-value')
    expect(inputsOf('bundles.add')).toEqual([
      {
        name: 'weather',
        file: '/home/ana/weather.mcpb',
        sandbox: 2,
        allowedPaths: [],
        allowedHosts: ['api.weather.example'],
        config: { units: 'metric' },
        sha256: 'ab12'.repeat(16),
        secrets: { key: 's3cret-value' },
      },
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
  await page.goto(`${server.url}#/servers`)
}

async function picture(name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` })
}
