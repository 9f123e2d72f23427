import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, Journey, question, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'

describe.each(shells())('what is recorded (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp
  const rows = (words: string) => page.getByRole('row').filter({ hasText: words })

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    editor = await journey.pairedApp('editor')
    await editor.call('filesystem__read_text_file', { path: join(journey.files, 'notes.md') })
    await editor.call('filesystem__read_text_file', { path: '/etc/shadow' })
    page = await journey.window('#/audit')
  })
  afterAll(() => journey.end())

  it('is filtered by decision and by words', async () => {
    await rows('editor used filesystem__read_text_file').waitFor()
    await page.getByLabel('Decision').selectOption('deny')
    await rows('editor used').waitFor({ state: 'detached' })
    await rows('editor was refused filesystem__read_text_file').waitFor()
    await page.getByLabel('Decision').selectOption('Every decision')
    await page.getByLabel('Search the sentences').fill('read_text_file')
    await rows('Gatehouse 0.1').waitFor({ state: 'detached' })
    await rows('editor used').waitFor()
    await page.getByLabel('Search the sentences').fill('nothing like this')
    await page.getByText('Nothing to show').waitFor()
    await page.getByLabel('Search the sentences').fill('')
    await rows('editor used').waitFor()
  })

  it('is narrowed again by a filter that was saved, also after the window was closed', async () => {
    await page.getByLabel('Decision').selectOption('deny')
    await page.getByLabel('Search the sentences').fill('read_text_file')
    await page.getByRole('button', { name: 'Save this filter' }).click()
    await page.getByLabel('Name of the filter').fill('Refused reads')
    await page.keyboard.press('Enter')
    const saved = page.getByRole('button', { name: 'Refused reads', exact: true })
    await expect.poll(() => saved.getAttribute('aria-pressed')).toBe('true')
    expect(await accessibilityFaults(page)).toEqual([])
    await keepPicture(page, `audit-saved-filter-${shell}`)
    await page.reload()
    await rows('editor used').first().waitFor()
    await saved.click()
    await rows('editor used').waitFor({ state: 'detached' })
    expect(await page.getByLabel('Search the sentences').inputValue()).toBe('read_text_file')
    await page.getByRole('button', { name: 'Forget the filter “Refused reads”' }).click()
    await saved.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await saved.click()
    await rows('editor used').first().waitFor()
  })

  it('opens with the decrypted arguments and result', async () => {
    await page.getByRole('button', { name: 'editor used filesystem__read_text_file' }).click()
    const entry = page.getByRole('dialog')
    await entry.getByRole('button', { name: 'Show arguments and result' }).click()
    const given = entry.getByLabel('Arguments')
    await journey.proveIfAsked(page, given)
    expect(await given.textContent()).toContain('notes.md')
    expect(await entry.getByLabel('Result').textContent()).toContain('Buy milk.')
    await keepPicture(page, `audit-entry-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await entry.waitFor({ state: 'detached' })
  })

  it('is verified, and the person reads one sentence', async () => {
    await page.getByRole('button', { name: 'Verify' }).click()
    const result = page.getByRole('dialog', { name: 'Verify' })
    await result
      .getByText(/^Intact up to entry/)
      .first()
      .waitFor()
    await keepPicture(page, `audit-verified-${shell}`)
    await result.getByRole('button', { name: 'Close' }).click()
    await result.waitFor({ state: 'detached' })
  })

  it('keeps contents as long as the person says, and says before what that erases', async () => {
    await page.getByText('are erased after 2555 days').waitFor()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'How long contents are kept' })
    await dialog.getByLabel('Days contents are kept').fill('0')
    await dialog.getByText('Enter whole days, 1 to 36500.').waitFor()
    await dialog.getByLabel('Days contents are kept').fill('3000')
    await dialog.getByText('Nothing is erased now.').waitFor()
    await dialog.getByLabel('Days contents are kept').fill('30')
    await dialog.getByText('Contents older than 30 days (730 with personal data) are erased at once').waitFor()
    await keepPicture(page, `audit-retention-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Erase what is older' }).click()
    await journey.proveIfAsked(page, page.getByText('are erased after 30 days'))
    const { out } = await journey.app.cli('audit', 'retention', '--json')
    expect(JSON.parse(out)).toMatchObject({ days: 30, piiDays: 730 })
  })

  if (shell === 'browser')
    it('is exported as a file', async () => {
      await page.getByRole('button', { name: 'Export' }).click()
      await page.getByLabel('Format').selectOption('JSON lines')
      await keepPicture(page, `audit-export-${shell}`)
      const downloading = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Save the file' }).click()
      const file = await downloading
      expect(file.suggestedFilename()).toBe('gatehouse-audit.jsonl')
      const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n')
      expect(lines.map((line) => JSON.parse(line).summary)).toContain('editor used filesystem__read_text_file')
    })

  it('ends a session: its waiting call fails, and the app comes back in a new one', async () => {
    await page.getByRole('link', { name: 'Sessions' }).click()
    const waiting = editor
      .call('filesystem__write_file', { path: join(journey.files, 'x.md'), content: '' })
      .catch((error: Error) => ({ isError: true, text: error.message }))
    const dialog = await question(page, 'editor wants to write x.md')
    await dialog.getByRole('button', { name: 'Later' }).click()
    await rows('editor').filter({ hasText: 'Bridge' }).first().waitFor()
    await keepPicture(page, `sessions-${shell}`)
    await page.getByRole('button', { name: 'End the session of editor', exact: true }).click()
    await keepPicture(page, `sessions-end-${shell}`)
    await page.getByRole('button', { name: 'End the session', exact: true }).click()
    await page.getByText('The session of “editor” was ended.').waitFor()
    expect((await waiting).isError).toBe(true)
    await rows('Ended').filter({ hasText: 'editor' }).first().waitFor()
    const next = await editor.call('filesystem__read_text_file', { path: join(journey.files, 'notes.md') })
    expect(next.isError).toBe(false)
    await rows('New session').filter({ hasText: 'Connected again after you ended the session before.' }).waitFor()
    await keepPicture(page, `sessions-again-${shell}`)
  })

  it('suspends an app: its calls are refused until it is resumed', async () => {
    const read = () =>
      editor
        .call('filesystem__read_text_file', { path: join(journey.files, 'notes.md') })
        .catch((error: Error) => ({ isError: true, text: error.message }))
    await page.getByRole('button', { name: 'Suspend editor' }).click()
    const resume = page.getByRole('button', { name: 'Resume editor' })
    await resume.waitFor()
    expect(await read()).toMatchObject({ isError: true })
    await keepPicture(page, `clients-suspended-${shell}`)
    await resume.click()
    await journey.proveIfAsked(page, page.getByRole('button', { name: 'Suspend editor' }))
    await expect.poll(async () => (await read()).isError, { timeout: 20_000, interval: 500 }).toBe(false)
  })

  it('lets an app that uses old method names be answered, and takes that back', async () => {
    const { token } = JSON.parse((await journey.app.operator('clients', 'token', 'ancient', '--json')).out)
    const { mcpUrl } = JSON.parse(await readFile(join(journey.app.home, 'run', 'endpoint.json'), 'utf8'))
    const post = async (method: string, params: object, session = {}) => {
      const accept = 'application/json, text/event-stream'
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept, ...session }
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
      return fetch(mcpUrl, { method: 'POST', headers, body })
    }
    const clientInfo = { name: 'ancient', version: '1' }
    const opened = await post('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') }
    const listed = async () => (await post('list_tools', {}, session)).text()
    expect(await listed()).not.toContain('filesystem__')
    const answer = page.getByLabel('Answer “ancient” under its old method names')
    await answer.click()
    await page.getByText('Old method names of “ancient” are answered.').waitFor()
    await expect.poll(() => answer.isChecked()).toBe(true)
    await keepPicture(page, `clients-old-names-${shell}`)
    expect(await listed()).toContain('filesystem__')
    await answer.click()
    await page.getByText('Old method names of “ancient” are no longer answered.').waitFor()
    expect(await listed()).not.toContain('filesystem__')
  })

  it('revokes an app: it cannot come in again', async () => {
    await page.getByRole('button', { name: 'Revoke editor' }).click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText('“editor” was revoked.').waitFor()
    await keepPicture(page, `clients-revoked-${shell}`)
    await expect(journey.aiApp('editor').then((app) => app.client.listTools())).rejects.toThrow()
  })

  it('has an entry for each of these', async () => {
    await page.getByRole('link', { name: 'Audit' }).click()
    await rows('revoked').first().waitFor()
    await rows('was refused filesystem__write_file').or(rows('write_file')).first().waitFor()
  })
})
