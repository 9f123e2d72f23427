import { resolve } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type ContractServer, startContractServer } from '../renderer/contract-server.ts'
import { fullSample, type Sample } from '../renderer/sample-data.ts'
import { openBrowser } from '../renderer/window-browser.ts'

const dist = resolve(import.meta.dirname, '../../dist/renderer')
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

async function show(sample: Sample, hash: string): Promise<void> {
  complaints = []
  server = await startContractServer(dist, sample)
  const context = await browser.newContext({ viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' })
  page = await context.newPage()
  page.setDefaultTimeout(8_000)
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(server.url + hash)
}
const dialog = () => page.getByRole('dialog')
const asked = () => server.asked.filter(({ channel }) => channel === 'catalog.setView').map(({ input }) => input)
async function faults() {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => 0))))
  const found = await new AxeBuilder({ page }).analyze()
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}

it('shows what an app sees, and narrows it', async () => {
  await show(fullSample(), '#/sessions')
  await page.getByText('Sees only filesystem, memory · 1 pattern hidden · Searches its tools').waitFor()
  await page.getByRole('button', { name: 'What it sees: Cursor' }).click()
  await dialog().getByText('What “Cursor” sees').waitFor()
  await dialog().getByLabel('All servers, also those I add later').uncheck()
  await dialog().getByLabel('memory', { exact: true }).uncheck()
  await dialog().getByLabel('Hide these tools, prompts and resources').fill('files__delete_*\n\n *secret* ')
  await dialog().getByLabel('How it gets its tools').selectOption('search')
  expect([await faults(), complaints]).toEqual([[], []])
  await dialog().getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved. Connected apps are told at once.').waitFor()
  expect(asked()).toEqual([
    {
      holder: 'client',
      name: 'Cursor',
      servers: server.sample.servers.map(({ name }) => name).filter((name) => name !== 'memory'),
      hidden: ['files__delete_*', '*secret*'],
      mode: 'search',
    },
  ])
})

it('opens an app’s view again, for it and for every app', async () => {
  await show(fullSample(), '#/sessions')
  await page.getByRole('button', { name: 'What it sees: Claude Code' }).click()
  await expect.poll(() => dialog().getByLabel('filesystem', { exact: true }).isChecked()).toBe(true)
  await dialog().getByLabel('All servers, also those I add later').check()
  await dialog().getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'What every app sees' }).click()
  await dialog().getByLabel('How it gets its tools').selectOption('auto')
  await dialog().getByRole('button', { name: 'Save' }).click()
  await expect.poll(asked).toEqual([
    { holder: 'client', name: 'Claude Code', servers: null, hidden: ['*__delete_*'], mode: 'search' },
    { holder: 'workspace', name: 'personal', servers: null, hidden: [], mode: 'auto' },
  ])
})

it('says of a server which of its names could be mistaken', async () => {
  const sample = fullSample()
  const memory = sample.servers.find(({ name }) => name === 'memory')
  const named = {
    server: 'memory',
    name: 'memory__read_fiIe',
    otherServer: 'filesystem',
    other: 'filesystem__read_file',
  }
  Object.assign(memory ?? {}, { warningCount: 1, warnings: [{ kind: 'look-alike', ...named }] })
  await show(sample, '#/servers')
  await page.getByText('1 name to mind').waitFor()
  await page.getByRole('link', { name: 'memory' }).click()
  await dialog().getByText('memory__read_fiIe looks like filesystem__read_file, and is not the same.').waitFor()
  expect([await faults(), complaints]).toEqual([[], []])
})
