import { resolve } from 'node:path'
import type { Browser, CDPSession, Locator, Page } from 'playwright-core'
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

  it('shows the whole of an entry that an address names, and of each row the keyboard comes to', async () => {
    await page.goto(`${server.url}#/audit/123456`)
    await page.getByRole('dialog', { name: 'Entry 123456' }).waitFor()
    await page.keyboard.press('Escape')
    const linked = page.locator('tr[aria-current=true]')
    expect(await linked.getByRole('cell').first().textContent()).toBe('123456')
    expect(await isWhole(linked)).toBe(true)
    await linked.getByRole('button').focus()
    const focused = page.locator('tr:focus-within')
    for (const [key, steps] of [
      ['Tab', 25],
      ['Shift+Tab', 30],
    ] as const) {
      for (let step = 1; step <= steps; step++) {
        await page.keyboard.press(key)
        expect(await isWhole(focused)).toBe(true)
      }
    }
    expect(await focused.getByRole('cell').first().textContent()).toBe('123461')
  })

  it('costs at most 8 ms of script a frame while it is scrolled, and shows what is read within 100 ms', async () => {
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' }) // what others take of the processor is not counted
    const before = await scriptMs(devtools)
    const { frames, usualMs } = await table().evaluate(async (element) => {
      const nextFrame = () => new Promise((seen) => requestAnimationFrame(seen))
      const jumps: number[] = []
      let count = 0
      for (; count < 240; count++) {
        element.scrollBy(0, count % 60 === 59 ? 100_000 : 60)
        if (count % 60 !== 59) {
          await nextFrame()
          continue
        }
        const jumped = performance.now()
        while (element.textContent?.includes('Being read')) await nextFrame()
        await nextFrame()
        jumps.push(performance.now() - jumped)
      }
      jumps.sort((a, b) => a - b)
      return { frames: count, usualMs: jumps[1] ?? Number.NaN } // of four: one may meet a busy machine
    })
    const perFrame = ((await scriptMs(devtools)) - before) / frames
    console.log(
      `a million entries: ${perFrame.toFixed(1)} ms of script a frame, ${usualMs.toFixed(0)} ms to what is read`,
    )
    expect(perFrame).toBeLessThanOrEqual(8)
    expect(usualMs).toBeLessThanOrEqual(process.env.CI === 'true' ? 300 : 200) // two cores shared with the browser
  })
})

/** A row is seen between the head of the table and its lower edge. */
const isWhole = (one: Locator) =>
  one.evaluate(async (element) => {
    await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))
    const box = element.getBoundingClientRect()
    const table = element.closest('[data-scrolls]')?.getBoundingClientRect()
    const head = element.closest('table')?.querySelector('thead tr')?.getBoundingClientRect()
    return table !== undefined && head !== undefined && box.top >= head.bottom - 1 && box.bottom <= table.bottom + 1
  })

async function scriptMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN) * 1000
}
