import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { axeFaults } from './axe-faults.ts'

const results = resolve(import.meta.dirname, '..', '..', 'test-results')

/** Waits until nothing is being read and nothing moves. */
export async function atRest(page: Page): Promise<void> {
  const reading = page.locator('[role=status]', { hasText: /^(?:Reading|Se citește)/ })
  for (const one of await reading.all()) await one.waitFor({ state: 'detached' })
  await page.evaluate(async () => {
    await document.fonts.ready
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
    await Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)))
  })
}

/** The full run keeps them; `npm test` only when somebody wants to look. */
const keepsPictures = process.env.GATEHOUSE_TEST_FULL === '1' || process.env.GATEHOUSE_TEST_PICTURES !== undefined

/** Keeps a picture of the window in test-results/ for a person to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await atRest(page)
  if (!keepsPictures) return
  mkdirSync(results, { recursive: true })
  await page.screenshot({ path: join(results, `${name}.png`) })
}

/** What axe finds wrong, one line a rule. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await atRest(page)
  return axeFaults(page)
}

/** Controls that leave the window sideways or are cut by what holds them, and the page itself when it scrolls sideways. */
export async function layoutFaults(page: Page): Promise<string[]> {
  await atRest(page)
  return page.evaluate(() => {
    const faults: string[] = []
    if (document.documentElement.scrollWidth > innerWidth)
      faults.push(`the page is ${document.documentElement.scrollWidth} px wide`)
    const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowX)
    const scrolledIn = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (scrolls(element) && element.scrollWidth > element.clientWidth + 1
        ? element.matches('[data-scrolls]')
        : scrolledIn(element.parentElement))
    for (const control of document.querySelectorAll(
      'button, a[href], input, select, textarea, [role=radio], [role=tab]',
    )) {
      const box = control.getBoundingClientRect()
      if (box.width === 0 || box.height === 0 || box.bottom <= 0) continue
      const name = control.getAttribute('aria-label') ?? control.textContent ?? control.tagName
      if ((box.left < -1 || box.right > innerWidth + 1) && !scrolledIn(control))
        faults.push(`“${name}” leaves the window`)
      const cut = control instanceof HTMLButtonElement && control.scrollWidth > control.clientWidth + 1
      if (cut) faults.push(`the words of “${name}” do not fit`)
    }
    return faults
  })
}
