import { resolve } from 'node:path'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ContractServer, startContractServer } from '../renderer/contract-server.ts'
import { fullSample } from '../renderer/sample-data.ts'
import { openBrowser } from '../renderer/window-browser.ts'

const dist = resolve(import.meta.dirname, '../../dist/renderer')
const million = 1_000_000
let browser: Browser
let page: Page
let server: ContractServer

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  server = await startContractServer(dist, { ...fullSample(), logOf: million })
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  page = await context.newPage()
  await page.goto(`${server.url}#/audit`)
  await row(million).waitFor()
})
afterEach(async () => {
  await page.context().close()
  await server.close()
})

const table = () => page.getByRole('group', { name: 'Audit' })
const row = (seq: number) => page.getByRole('cell', { name: String(seq), exact: true })
const scrollTo = (share: number) =>
  table().evaluate((element, to) => element.scrollTo(0, to * (element.scrollHeight - element.clientHeight)), share)

describe('a log of a million entries', () => {
  it('is scrolled to its very end, its middle and its beginning, with only the rows in view there', async () => {
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(million + 1))
    for (const [share, seq] of [
      [1, 1],
      [0.5, million / 2],
      [0, million],
    ] as const) {
      await scrollTo(share)
      await row(seq).waitFor()
      expect(await page.getByRole('row').count()).toBeLessThan(45)
    }
    await table().focus()
    await page.keyboard.press('End')
    await row(1).waitFor()
  })

  it('costs at most 8 ms of script a frame while it is scrolled, and shows what is read within 100 ms', async () => {
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' }) // what others take of the processor is not counted
    const before = await scriptMs(devtools)
    const { frames, slowestMs } = await table().evaluate(async (element) => {
      const nextFrame = () => new Promise((seen) => requestAnimationFrame(seen))
      let [count, slowest] = [0, 0]
      for (; count < 240; count++) {
        element.scrollBy(0, count % 60 === 59 ? 100_000 : 60)
        if (count % 60 !== 59) {
          await nextFrame()
          continue
        }
        const jumped = performance.now()
        while (element.textContent?.includes('Being read')) await nextFrame()
        await nextFrame()
        slowest = Math.max(slowest, performance.now() - jumped)
      }
      return { frames: count, slowestMs: slowest }
    })
    const perFrame = ((await scriptMs(devtools)) - before) / frames
    console.log(
      `a million entries: ${perFrame.toFixed(1)} ms of script a frame, at most ${slowestMs.toFixed(0)} ms to what is read`,
    )
    expect(perFrame).toBeLessThanOrEqual(8)
    expect(slowestMs).toBeLessThanOrEqual(process.env.CI === 'true' ? 300 : 200) // two cores shared with the browser
  })
})

async function scriptMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN) * 1000
}
