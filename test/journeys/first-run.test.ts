import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, answer, Journey, openFolder, operatorPassphrase, question, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'

describe.each(shells('in both'))('the first run (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp

  beforeAll(async () => {
    journey = await Journey.begin(shell, { fresh: true, env: { GATEHOUSE_OPERATOR_PASSPHRASE: '' } })
    page = await journey.window()
  })
  afterAll(() => journey.end())

  it('asks for an operator passphrase that is long enough and typed twice alike', async () => {
    await page.getByRole('heading', { name: 'Set an operator passphrase' }).waitFor()
    await keepPicture(page, `first-run-1-passphrase-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByLabel('Operator passphrase').fill('short')
    await page.getByRole('button', { name: 'Set it' }).click()
    await page.getByText('Use at least 8 characters.').waitFor()
    await page.getByLabel('Operator passphrase').fill(operatorPassphrase)
    await page.getByLabel('Once more').fill('something else')
    await page.getByRole('button', { name: 'Set it' }).click()
    await page.getByText('The two are not the same.').waitFor()
    await page.getByLabel('Once more').fill(operatorPassphrase)
    await page.getByRole('button', { name: 'Set it' }).click()
    await page.getByRole('heading', { name: 'What may AI apps read?' }).waitFor()
  })

  it('opens the folder the person names, and no other', async () => {
    await page.getByText('No folders yet').waitFor()
    await openFolder(journey, page, 'May be changed')
  })

  it('shows what to paste, with the bridge and the data folder in it', async () => {
    const snippet = page.getByLabel('Configuration (JSON)')
    await expect.poll(() => snippet.textContent()).toContain('"mcpServers"')
    expect(await snippet.textContent()).toContain('bridge')
    await page.getByText('Waiting for the first connection…').waitFor()
    await keepPicture(page, `first-run-3-connect-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('asks whether to pair an app that connects, showing the program, and lets it in once allowed', async () => {
    const connecting = journey.aiApp('cursor')
    const dialog = await question(page, 'cursor wants to connect to Gatehouse')
    expect(await dialog.textContent()).toContain(process.execPath)
    await keepPicture(page, `first-run-4-pairing-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await answer(page, 'Allow')
    await journey.proveIfAsked(page, page.getByText('“cursor” is paired. You are ready.'))
    editor = await connecting
    const { tools } = await editor.client.listTools()
    expect(tools.map(({ name }) => name)).toContain('filesystem__read_text_file')
  })

  it('shows what a question is with a harmless call, and what the log says of the answer', async () => {
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('heading', { name: 'See how Gatehouse asks' }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Make a test call' }).click()
    await question(page, /memory/)
    await page.keyboard.press('Escape')
    await page.getByText('You said no, so nothing happened.').waitFor()
    const recorded = page.getByRole('region', { name: 'What the log says' })
    await recorded.getByText('Refused', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Once more' }).click()
    await question(page, /memory/)
    await keepPicture(page, `first-run-5-question-${shell}`)
    await answer(page, 'Allow')
    await journey.proveIfAsked(page, page.getByText('You allowed it, so it happened.'))
    await recorded.getByText('Allowed', { exact: true }).waitFor()
    await keepPicture(page, `first-run-5-tried-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('ends on Home, where nothing is wrong', async () => {
    await page.getByRole('button', { name: 'Finish' }).click()
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    await page.getByText('Everything is all right.').waitFor()
    await keepPicture(page, `first-run-6-home-${shell}`)
  })

  it('lets the app read inside the folder without a question, and shows the call', async () => {
    const told = await editor.call('filesystem__read_text_file', { path: join(journey.files, 'notes.md') })
    expect(told).toEqual({ isError: false, text: expect.stringContaining('Buy milk.') })
    await page.getByRole('row').filter({ hasText: 'filesystem__read_text_file' }).filter({ hasText: 'Done' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('refuses a read outside the folder, and says to the model what to do', async () => {
    const told = await editor.call('filesystem__read_text_file', { path: '/etc/hostname' })
    expect(told.isError).toBe(true)
    expect(told.text).toContain('rules do not allow')
    await page.getByRole('row').filter({ hasText: 'by a rule' }).filter({ hasText: 'Refused' }).waitFor()
  })

  it('shows both in the audit log', async () => {
    await page.getByRole('link', { name: 'Audit' }).click()
    const rows = page.getByRole('row').filter({ hasText: 'read_text_file' })
    await rows.filter({ hasText: 'Allowed' }).first().waitFor()
    await rows.filter({ hasText: 'Refused' }).first().waitFor()
    await keepPicture(page, `first-run-7-audit-${shell}`)
  })
})
