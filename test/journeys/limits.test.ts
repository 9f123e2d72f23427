import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, Journey, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'

describe.each(shells())('a limit on how much an app may use (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    editor = await journey.pairedApp('editor')
    page = await journey.window('#/sessions')
  })
  afterAll(() => journey.end())

  const look = () => editor.call('filesystem__list_directory', { path: journey.files })
  const limits = () => page.getByRole('dialog', { name: 'Limits on use: editor' })

  it('is set in the window, ends what is beyond it, and says so to the model', async () => {
    expect(await look()).toMatchObject({ isError: false })
    await page.getByRole('button', { name: 'Limits on use: editor' }).click()
    await limits().getByText('No limit is set.').waitFor()
    await limits().getByLabel('In a', { exact: true }).selectOption('day')
    await limits().getByLabel('At most').fill('2')
    await limits().getByRole('button', { name: 'Set the limit' }).click()
    await journey.proveIfAsked(page, limits().getByText('of 2 used'))
    expect(await look()).toMatchObject({ isError: false })
    expect(await look()).toMatchObject({ isError: false })
    const beyond = await look()
    expect([beyond.isError, beyond.text]).toEqual([
      true,
      expect.stringContaining('quota of editor is used up: 2 calls a day'),
    ])
  })

  it('shows how much is used, and calls go on once it is removed', async () => {
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Limits on use: editor' }).click()
    await limits().getByText('2 of 2 used').waitFor()
    await keepPicture(page, `limits-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await limits().getByRole('button', { name: 'Remove the limit: Calls, Day' }).click()
    await journey.proveIfAsked(page, limits().getByText('No limit is set.'))
    expect(await look()).toMatchObject({ isError: false })
  })
})
