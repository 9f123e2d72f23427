import { resolve } from 'node:path'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ContractServer, startContractServer } from '../renderer/contract-server.ts'
import { fullSample } from '../renderer/sample-data.ts'
import { openBrowser } from '../renderer/window-browser.ts'
import { keepPicture } from '../support/journey-look.ts'

/** Without a graphics card a frame of so many takes seconds where others compute too. */
const patienceMs = 300_000
const [moves, turns] = [5, 4]
const dist = resolve(import.meta.dirname, '../../dist/renderer')
let browser: Browser
let page: Page
let server: ContractServer

beforeAll(async () => {
  browser = await openBrowser()
  server = await startContractServer(dist, { ...fullSample(), memoryOf: 12_000 })
  const context = await browser.newContext({ viewport: { width: 1024, height: 640 }, reducedMotion: 'reduce' })
  page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  await page.goto(`${server.url}#/memory/graph`)
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

const picture = () => page.getByRole('img', { name: 'Graph of 10000 concepts' })
const list = () => page.getByRole('group', { name: 'Concepts in the graph' })

describe('a graph of 10 000 concepts', () => {
  it('is laid out by a thread of its own, and says what it leaves out', { timeout: patienceMs }, async () => {
    await picture().waitFor({ timeout: patienceMs })
    await page.getByText('The 10,000 concepts that changed last are drawn, of 12,000.').waitFor()
    await picture().and(page.locator('[data-laid=true]')).waitFor({ timeout: patienceMs })
    await keepPicture(page, 'memory-graph-10000')
  })

  it('has every concept in its list, of which only the rows in view exist', { timeout: patienceMs }, async () => {
    await list().focus()
    await page.keyboard.press('End')
    await list()
      .getByRole('button', { name: /^Concept 10000/ })
      .waitFor()
    expect(await list().getByRole('listitem').count()).toBeLessThan(45)
    await page.getByLabel('Find in the graph').fill('concept 777')
    await page.getByRole('status').filter({ hasText: '19 concepts' }).waitFor()
    await keepPicture(page, 'memory-graph-10000-found')
    await page.getByLabel('Find in the graph').fill('')
  })

  it('costs at most 8 ms of script a frame while it is moved and zoomed', { timeout: patienceMs }, async () => {
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' }) // what others take of the processor is not counted
    const box = await picture().boundingBox()
    if (!box) throw new Error('no picture')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    for (const [what, gesture] of [
      ['moved', moved],
      ['zoomed', zoomed],
    ] as const) {
      const framesSeen = await countedFrames(page)
      const before = await scriptMs(devtools)
      await gesture(x, y)
      const script = (await scriptMs(devtools)) - before
      const frames = await framesSeen()
      console.log(`10 000 concepts ${what}: ${(script / frames).toFixed(1)} ms of script a frame, ${frames} frames`)
      expect(frames).toBeGreaterThanOrEqual(turns)
      expect(script / frames).toBeLessThanOrEqual(8)
    }
  })
})

async function moved(x: number, y: number): Promise<void> {
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let step = 0; step < moves; step++) {
    await page.mouse.move(x + 3 * step, y + 2 * step)
    await frameDrawn()
  }
  await page.mouse.up()
}

async function zoomed(x: number, y: number): Promise<void> {
  await page.mouse.move(x, y)
  for (let step = 0; step < turns; step++) {
    await page.mouse.wheel(0, step < turns / 2 ? -120 : 120)
    await frameDrawn()
  }
}

/** However slowly this machine paints, a movement is drawn before the next one comes, as for a hand. */
const frameDrawn = () => page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)))

/** @returns how many frames were drawn since */
async function countedFrames(of: Page): Promise<() => Promise<number>> {
  const counter = await of.evaluateHandle(() => {
    const seen = { frames: 0, on: true }
    const next = () => {
      seen.frames++
      if (seen.on) requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
    return seen
  })
  return () =>
    counter.evaluate((seen) => {
      seen.on = false
      return seen.frames
    })
}

async function scriptMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN) * 1000
}
