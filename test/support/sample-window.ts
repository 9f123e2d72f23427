import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type ContractServer, startContractServer } from '../renderer/contract-server.ts'
import type { Sample } from '../renderer/sample-data.ts'
import { openBrowser } from '../renderer/window-browser.ts'
import { axeFaults } from './axe-faults.ts'

const dist = resolve(import.meta.dirname, '../../dist/renderer')
/** Where pictures of what was tested go, when somebody wants to look. */
const pictures = process.env.GATEHOUSE_TEST_PICTURES

/** The built window over sample data, in one browser a file and a page a test. Called once, at the top of a test file. */
export function sampleWindow(viewport = { width: 1024, height: 700 }) {
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
  return {
    get page() {
      return page
    },
    get server() {
      return server
    },
    /** What the page wrote of errors. */
    get complaints() {
      return complaints
    },
    show: async (sample: Sample, hash: string): Promise<void> => {
      complaints = []
      server = await startContractServer(dist, sample)
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce' })
      page = await context.newPage()
      page.setDefaultTimeout(20_000)
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(server.url + hash)
    },
    dialog: () => page.getByRole('dialog'),
    /** What was asked of main over one channel, in order. */
    inputsOf: (name: string) => server.asked.filter(({ channel }) => channel === name).map(({ input }) => input),
    /** What axe finds wrong, one line a rule. */
    faults: async (): Promise<string[]> => {
      await page.evaluate(() =>
        Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => 0))),
      )
      return axeFaults(page)
    },
    picture: async (name: string): Promise<void> => {
      if (!pictures) return
      mkdirSync(pictures, { recursive: true })
      await page.screenshot({ path: resolve(pictures, `${name}.png`), fullPage: true })
    },
  }
}
