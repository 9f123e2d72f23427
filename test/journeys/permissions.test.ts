import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, answer, Journey, question, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture, layoutFaults } from '../support/journey-look.ts'

describe.each(shells())('remembered answers and rules (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp
  const write = (name: string) =>
    editor.call('filesystem__write_file', { path: join(journey.files, name), content: 'text' })
  const rules = () => page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^Take back/ }) })

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    page = await journey.window('#/permissions')
    editor = await journey.pairedApp('editor')
  })
  afterAll(() => journey.end())

  it('remembers “always for this tool”: the next call passes without a question', async () => {
    const call = write('first.md')
    const dialog = await question(page, 'editor wants to write first.md')
    await dialog.getByRole('radio', { name: /Always for this tool/ }).click()
    await dialog.getByLabel('How long').selectOption('For one hour')
    await keepPicture(page, `question-always-${shell}`)
    await answer(page, 'Allow')
    await journey.proveIfAsked(page, rules().first())
    expect(await call).toMatchObject({ isError: false })
    expect(await write('second.md')).toMatchObject({ isError: false })
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('lists what was allowed as a sentence, with its end', async () => {
    await rules().filter({ hasText: 'editor may use filesystem__write_file without asking' }).waitFor()
    expect(await rules().first().textContent()).toContain('until')
    await keepPicture(page, `permissions-${shell}`)
  })

  it('asks again once it was taken back', async () => {
    await page.getByRole('button', { name: /^Take back: editor may use/ }).click()
    await page.getByText('No rules of your own').waitFor()
    const call = write('third.md')
    await question(page, 'editor wants to write third.md')
    await answer(page, 'Allow')
    expect(await call).toMatchObject({ isError: false })
  })

  it('refuses what a rule made in the form denies, even what was allowed before', async () => {
    await page.getByRole('button', { name: 'Add a rule' }).click()
    const form = page.getByRole('dialog', { name: 'Add a rule' })
    await form.getByLabel('Then').selectOption('Never')
    await form.getByLabel('App').selectOption('editor')
    await form.getByLabel('Tool').fill('filesystem__write_*')
    await keepPicture(page, `permissions-add-rule-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await form.getByRole('button', { name: 'Add a rule' }).click()
    await journey.proveIfAsked(page, rules().filter({ hasText: 'editor may not use filesystem__write_*' }))
    const told = await write('fourth.md')
    expect(told.isError).toBe(true)
    expect(told.text).toContain('rules do not allow')
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('shows who may use what in a grid, walked through by keyboard, and why when a cell is chosen', async () => {
    const grid = page.getByRole('grid', { name: 'Who may use what' })
    await grid.getByRole('columnheader', { name: 'editor' }).waitFor()
    await grid.getByRole('button', { name: 'filesystem', exact: true }).focus()
    await page.keyboard.press('Enter')
    await grid.getByRole('button', { name: 'editor, filesystem__write_file: never' }).waitFor()
    await grid.getByRole('button', { name: /editor, filesystem__read_text_file: (?:allowed|asks)/ }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await keepPicture(page, `permissions-matrix-${shell}`)
    await page.keyboard.press('ArrowRight')
    const focused = () => page.evaluate(() => document.activeElement?.textContent)
    expect(await focused()).toMatch(/^editor, filesystem:.*never/)
    for (let steps = 0; !(await focused())?.includes('filesystem__write_file'); steps++) {
      expect(steps).toBeLessThan(30)
      await page.keyboard.press('ArrowDown')
    }
    await page.keyboard.press('Enter')
    const tester = page.getByRole('region', { name: 'What would happen?' })
    await tester.getByRole('status').getByText('editor may not use filesystem__write_*').first().waitFor()
    expect(await tester.getByLabel('Tool', { exact: true }).inputValue()).toBe('filesystem__write_file')
    await page.setViewportSize({ width: 640, height: 430 })
    expect(await layoutFaults(page)).toEqual([])
    await page.setViewportSize({ width: 1280, height: 860 })
  })

  it('explains what would happen to a call, and which rule decides', async () => {
    const tester = page.getByRole('region', { name: 'What would happen?' })
    await tester.getByLabel('App', { exact: true }).selectOption('editor')
    await tester.getByLabel('Tool', { exact: true }).fill('filesystem__write_file')
    await tester.getByLabel('Arguments (JSON)').fill(`{"path": "${journey.files}/x.md", "content": ""}`)
    await page.getByRole('button', { name: 'Explain' }).click()
    const explained = page.getByRole('status').filter({ hasText: 'because of' })
    await explained.getByText('Never').first().waitFor()
    expect(await explained.textContent()).toContain('editor may not use filesystem__write_*')
    await tester.getByLabel('Tool', { exact: true }).fill('filesystem__read_text_file')
    await tester.getByLabel('Arguments (JSON)').fill('{"path": "/etc/passwd"}')
    await page.getByRole('button', { name: 'Explain' }).click()
    await explained.getByText('outside the allowed folders').first().waitFor()
    await keepPicture(page, `permissions-tester-${shell}`)
  })
})
