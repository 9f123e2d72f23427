import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, answer, Journey, question, shells } from '../support/journey.ts'
import { keepPicture } from '../support/journey-look.ts'

describe.each(shells('in both'))('a risky call (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp
  const file = (name: string) => join(journey.files, name)
  const write = (name: string, content: string) => editor.call('filesystem__write_file', { path: file(name), content })
  const uncovered = (button: Locator) =>
    button.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return element.contains(document.elementFromPoint(x + width / 2, y + height / 2))
    })
  /** No question is shown any more. */
  const closed = () => page.getByRole('dialog').waitFor({ state: 'detached' })

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    page = await journey.window()
    editor = await journey.pairedApp('editor')
  })
  afterAll(() => journey.end())

  it('asks who wants what, and shows what would change', async () => {
    const call = write('notes.md', '# Notes\n\nBuy bread.\nCall Ana.\n')
    const dialog = await question(page, 'editor wants to write notes.md')
    await dialog.getByText('Buy milk.').waitFor()
    await dialog.getByText('Buy bread.').waitFor()
    expect(await dialog.textContent()).toContain(file('notes.md'))
    const lines = await dialog.getByRole('group', { name: 'What changes' }).locator('> div').allTextContents()
    expect(lines).toEqual([' # Notes', ' ', '−Buy milk.', '+Buy bread.', ' Call Ana.'])
    await keepPicture(page, `question-write-${shell}`)
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BUTTON')
    await answer(page, 'Allow')
    await closed()
    expect(await call).toMatchObject({ isError: false })
    expect(readFileSync(file('notes.md'), 'utf8')).toContain('Buy bread.')
  })

  it('takes Escape for a no, and the model reads that the person said no', async () => {
    const call = write('notes.md', 'gone')
    await question(page, 'editor wants to write notes.md')
    await page.keyboard.press('Escape')
    await closed()
    const told = await call
    expect(told.isError).toBe(true)
    expect(told.text).toMatch(/user|person/i)
    expect(readFileSync(file('notes.md'), 'utf8')).toContain('Buy bread.')
  })

  it('gives the model the reason the person typed', async () => {
    const call = write('notes.md', 'gone again')
    const dialog = await question(page, 'editor wants to write notes.md')
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('use a new file instead')
    await dialog.getByRole('button', { name: 'Don’t allow', exact: true }).click()
    await closed()
    expect((await call).text).toContain('use a new file instead')
  })

  it('merges identical calls into one question; “Allow one” releases one, “these” the rest', async () => {
    let done = 0
    const create = () =>
      editor.call('filesystem__create_directory', { path: file('drafts') }).then((told) => {
        done += 1
        return told
      })
    const calls = [create(), create(), create()]
    const dialog = await question(page, 'editor wants to create the folder drafts')
    await dialog.getByText('3 calls like this').waitFor()
    await dialog.getByRole('button', { name: 'Allow these 3' }).waitFor()
    await keepPicture(page, `question-identical-${shell}`)
    expect(await uncovered(dialog.getByRole('button', { name: 'Allow one' }))).toBe(true) // results of earlier answers are shown
    await answer(page, 'Allow one')
    await Promise.race(calls)
    await dialog.getByRole('button', { name: 'Allow these 2' }).waitFor()
    expect(done).toBe(1)
    await answer(page, 'Allow these 2')
    await closed()
    expect((await Promise.all(calls)).map(({ isError }) => isError)).toEqual([false, false, false])
    expect(existsSync(file('drafts'))).toBe(true)
  })

  it('keeps the question while its window is closed, and shows it when it is opened again', async () => {
    const call = write('later.md', 'after lunch')
    await question(page, 'editor wants to write later.md')
    await journey.closeWindow(page)
    page = await journey.window()
    await question(page, 'editor wants to write later.md')
    expect(existsSync(file('later.md'))).toBe(false)
    await answer(page, 'Allow')
    expect(await call).toMatchObject({ isError: false })
    expect(readFileSync(file('later.md'), 'utf8')).toBe('after lunch')
  })

  it('puts a question aside without answering it, and finds it again on Home and under Approvals', async () => {
    const call = write('aside.md', 'one')
    const dialog = await question(page, 'editor wants to write aside.md')
    await dialog.getByRole('button', { name: 'Later' }).click()
    await closed()
    await page.getByText('One question for you').waitFor()
    await keepPicture(page, `home-waiting-${shell}`)
    await page.getByRole('link', { name: 'Approvals' }).click()
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await question(page, 'editor wants to write aside.md')
    await answer(page, 'Allow')
    expect(await call).toMatchObject({ isError: false })
    await page.getByRole('row').filter({ hasText: 'aside.md' }).filter({ hasText: 'Allowed' }).waitFor()
    await page.getByRole('row').filter({ hasText: 'Your reason: use a new file instead' }).waitFor()
    await keepPicture(page, `approvals-${shell}`)
  })

  it('withdraws the question when the app takes its call back', async () => {
    const controller = new AbortController()
    const given = { name: 'filesystem__write_file', arguments: { path: file('withdrawn.md'), content: 'x' } }
    const call = editor.client.callTool(given, undefined, { signal: controller.signal })
    await question(page, 'editor wants to write withdrawn.md')
    controller.abort()
    await expect(call).rejects.toThrow()
    await closed()
    await page.getByRole('row').filter({ hasText: 'withdrawn.md' }).filter({ hasText: 'Withdrawn' }).waitFor()
    expect(existsSync(file('withdrawn.md'))).toBe(false)
  })

  it('shows markup in names and arguments as text, and runs none of it', async () => {
    const dialogs: string[] = []
    page.on('dialog', (opened) => {
      dialogs.push(opened.message())
      void opened.dismiss()
    })
    const name = '<img src=x onerror=alert(1)>.md'
    const content = '<script>alert(1)</script>\n<svg onload=alert(1)>\n[x](javascript:alert(1))\n'
    const call = write(name, content)
    const asked = await question(page, `editor wants to write ${name}`)
    await asked.getByText('<script>alert(1)</script>').waitFor()
    await keepPicture(page, `question-markup-${shell}`)
    expect(await asked.locator('img, svg[onload], script, a[href^="javascript:"]').count()).toBe(0)
    await answer(page, 'Allow')
    expect(await call).toMatchObject({ isError: false })
    await page.getByRole('link', { name: 'Approvals' }).click()
    await page.getByRole('row').filter({ hasText: name }).first().waitFor()
    await page.getByRole('link', { name: 'Audit' }).click()
    await page.getByRole('row').filter({ hasText: 'editor used filesystem__write_file' }).first().waitFor()
    expect(dialogs).toEqual([])
  })

  if (shell === 'browser')
    it('closes in one window when it is answered in another', async () => {
      const second = await journey.window()
      const call = write('two.md', 'seen twice')
      await question(page, 'editor wants to write two.md')
      await question(second, 'editor wants to write two.md')
      await answer(second, 'Allow')
      await closed()
      expect(await call).toMatchObject({ isError: false })
      await second.close()
    })
})
