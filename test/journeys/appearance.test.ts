import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, Journey, question, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture, layoutFaults } from '../support/journey-look.ts'

const screens = [
  'home',
  'approvals',
  'servers',
  'servers/filesystem',
  'permissions',
  'filters',
  'sessions',
  'memory',
  'audit',
  'health',
  'settings',
] as const
const narrow = { width: 640, height: 430 } // 1280 × 860 at 200 %
const small = { width: 1024, height: 700 }
const usual = { width: 1280, height: 860 }

describe.each(shells())('the window, used and looked at (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp
  const write = (name: string) =>
    editor.call('filesystem__write_file', { path: join(journey.files, name), content: 'one\ntwo\n' })
  const closed = () => page.getByRole('dialog').waitFor({ state: 'detached' })
  const show = async (screen: string) => {
    await page.evaluate((to) => {
      location.hash = to
    }, `#/${screen}`)
    await page
      .getByRole('heading', { level: screen.includes('/') ? 2 : 1 })
      .first()
      .waitFor()
  }
  const settings = async (field: string, choice: string, button: string) => {
    await page.getByRole('button', { name: button, exact: true }).click()
    await page.getByRole('combobox', { name: field, exact: true }).selectOption(choice)
    await page.keyboard.press('Escape')
  }

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    page = await journey.window()
    editor = await journey.pairedApp('editor')
    await editor.call('filesystem__read_text_file', { path: join(journey.files, 'notes.md') })
  })
  afterAll(() => journey.end())

  it('speaks Romanian and English, and keeps the choice', async () => {
    await settings('Language', 'Română', 'Language and appearance')
    await page.getByRole('heading', { name: 'Acasă' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ro')
    await keepPicture(page, `home-romanian-${shell}`)
    await page.reload()
    await page.getByRole('heading', { name: 'Acasă' }).waitFor()
    await settings('Limba', 'English', 'Limba și aspectul')
    await page.getByRole('heading', { name: 'Home' }).waitFor()
  })

  for (const theme of ['Light', 'Dark'] as const) {
    it(`has no accessibility faults on any screen in ${theme.toLowerCase()}`, async () => {
      await settings('Appearance', theme, 'Language and appearance')
      await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme.toLowerCase())
      const faults: string[] = []
      for (const screen of screens) {
        await show(screen)
        faults.push(...(await accessibilityFaults(page)).map((fault) => `${screen}: ${fault}`))
        await keepPicture(page, `screen-${screen.replace('/', '-')}-${theme.toLowerCase()}-${shell}`)
      }
      expect(faults).toEqual([])
    })

    it(`has none in a question in ${theme.toLowerCase()} either`, async () => {
      await show('home')
      const call = write('looked-at.md')
      await question(page, 'editor wants to write looked-at.md')
      expect(await accessibilityFaults(page)).toEqual([])
      await keepPicture(page, `question-${theme.toLowerCase()}-${shell}`)
      await page.keyboard.press('Escape')
      await call
      await closed()
    })
  }

  for (const [words, size] of [
    ['at 1024 × 700', small],
    ['at 200 %', narrow],
  ] as const) {
    it(`cuts nothing off ${words}`, async () => {
      await page.setViewportSize(size)
      const faults: string[] = []
      for (const screen of screens) {
        await show(screen)
        faults.push(...(await layoutFaults(page)).map((fault) => `${screen}: ${fault}`))
        await keepPicture(page, `screen-${screen.replace('/', '-')}-${size.width}-${shell}`)
      }
      await show('home')
      const call = write('small.md')
      const dialog = await question(page, 'editor wants to write small.md')
      faults.push(...(await layoutFaults(page)).map((fault) => `question: ${fault}`))
      await keepPicture(page, `question-${size.width}-${shell}`)
      const seen = async (what: Locator) => {
        const box = await what.boundingBox()
        return box !== null && box.y >= 0 && box.y + box.height <= size.height
      }
      expect(await seen(dialog.getByRole('heading', { name: /small.md/ }))).toBe(true)
      expect(await seen(dialog.getByRole('button', { name: 'Don’t allow', exact: true }))).toBe(true)
      await dialog.getByRole('radio', { name: /Always for this tool/ }).scrollIntoViewIfNeeded()
      await page.keyboard.press('Escape')
      await call
      await closed()
      await page.setViewportSize(usual)
      expect(faults).toEqual([])
    })
  }

  it('is answered by keyboard alone: arrows and A allow, D does not', async () => {
    const ready = page.getByRole('button', { name: 'Allow', exact: true }).and(page.locator('[aria-disabled=false]'))
    const first = write('by-keyboard.md')
    await question(page, 'editor wants to write by-keyboard.md')
    await page.keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { name: /This session/ }).getAttribute('aria-checked')).toBe('true')
    await page.keyboard.press('ArrowUp')
    await ready.waitFor()
    await page.keyboard.press('a')
    await closed()
    expect(await first).toMatchObject({ isError: false })
    const second = write('by-keyboard.md')
    await question(page, 'editor wants to write by-keyboard.md')
    await page.keyboard.press('d')
    await closed()
    expect(await second).toMatchObject({ isError: true })
  })

  it('gives the focus back to where the person was when the question came', async () => {
    await page.getByRole('link', { name: 'Audit' }).focus()
    const call = write('interrupted.md')
    await question(page, 'editor wants to write interrupted.md')
    await page.keyboard.press('Escape')
    await closed()
    await call
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Audit')
  })

  it('is walked through by keyboard: navigation, and back to where one was', async () => {
    await page.getByRole('link', { name: 'Servers' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Servers' }).waitFor()
    await page.getByRole('link', { name: 'filesystem' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'filesystem' }).waitFor()
    await page.keyboard.press('Escape')
    await closed()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('filesystem')
  })
})
