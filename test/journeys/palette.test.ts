import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, answer, Journey, question, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture, layoutFaults } from '../support/journey-look.ts'

describe.each(shells())('search, shortcuts, links and undo (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp
  const palette = () => page.getByRole('dialog', { name: 'Search or do something' })
  const option = (name: string | RegExp) => palette().getByRole('option', { name })
  const open = async (query = '') => {
    await page.keyboard.press('Control+KeyK')
    await palette().waitFor()
    if (query) await page.keyboard.type(query)
  }
  const goTo = (hash: string) =>
    page.evaluate((to) => {
      location.hash = to
    }, hash)
  const focused = () => page.evaluate(() => document.activeElement?.closest('[data-place]')?.getAttribute('data-place'))
  const list = async (...args: string[]) => JSON.parse((await journey.app.operator(...args, '--json')).out)
  const write = (name: string) =>
    editor.call('filesystem__write_file', { path: join(journey.files, name), content: 'text' })

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    page = await journey.window()
    editor = await journey.pairedApp('editor')
    await editor.call('filesystem__read_text_file', { path: join(journey.files, 'notes.md') })
    await page.getByRole('heading', { name: 'Home' }).waitFor()
  })
  afterAll(() => journey.end())

  for (const theme of ['Light', 'Dark'] as const) {
    it(`opens by Ctrl and K, and sets the appearance to ${theme.toLowerCase()}`, async () => {
      await open(`appearance ${theme}`)
      await page.keyboard.press('Enter')
      await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme.toLowerCase())
      await open('file')
      await option(/filesystem__write_file/).waitFor()
      expect(await accessibilityFaults(page)).toEqual([])
      await keepPicture(page, `palette-${theme.toLowerCase()}-${shell}`)
      await page.keyboard.press('Escape')
      await palette().waitFor({ state: 'detached' })
    })
  }

  it('finds screens, servers, tools, apps, settings and what is in the log, and says when nothing fits', async () => {
    await open('editor')
    await option(/^editor/)
      .first()
      .waitFor()
    await palette().getByRole('group', { name: 'Audit entries' }).waitFor()
    await palette().getByRole('group', { name: 'Sessions' }).waitFor()
    await page.keyboard.press('Control+KeyA')
    await page.keyboard.type('long a question waits')
    await option(/How long a question waits/).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(focused).toBe('approvals.expirySeconds')
    await open('xyzzy nothing')
    await palette().getByText('Nothing fits “xyzzy nothing”.').waitFor()
    await page.setViewportSize({ width: 640, height: 430 })
    expect(await layoutFaults(page)).toEqual([])
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.keyboard.press('Escape')
  })

  it('opens an entry of the log by its words', async () => {
    const { entries } = await list('audit', 'list')
    const { seq, summary } = entries.find((one: { tool?: string }) => one.tool === 'filesystem__read_text_file')
    await open('read_text_file')
    await palette().getByRole('group', { name: 'Audit entries' }).getByText(summary).first().click()
    const entry = page.getByRole('dialog', { name: `Entry ${seq}` })
    await entry.waitFor()
    await page.keyboard.press('Escape')
    await entry.waitFor({ state: 'detached' })
  })

  it('verifies the log from anywhere', async () => {
    await open('verify the audit')
    await page.keyboard.press('Enter')
    await page
      .getByRole('status')
      .filter({ hasText: /entries|intact|verified/i })
      .first()
      .waitFor()
  })

  it('suspends an app, and lets it in again from the toast', async () => {
    await open('suspend editor')
    await option('Suspend editor').click()
    await page.getByRole('button', { name: 'Resume', exact: true }).click()
    await expect.poll(async () => (await list('clients', 'list')).clients[0].state).toBe('paired')
    await editor.close() // its connection ended when it was suspended
    editor = await journey.aiApp('editor')
  })

  it('switches a server off, and on again by undo', async () => {
    await goTo('#/servers/filesystem')
    await page.getByRole('button', { name: 'Switch off' }).click()
    await page.getByRole('button', { name: 'Switch on' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Undo' }).click()
    await journey.proveIfAsked(page, page.getByText('“filesystem” is on.'))
    const { servers } = await list('servers', 'list')
    expect(servers[0].state).not.toBe('disabled')
  })

  it('puts a rule that was taken back in its place again, exactly', async () => {
    await journey.app.operator('permissions', 'ask', '--client', 'editor', '--tool', 'filesystem__read_*')
    const before = (await list('permissions', 'list')).grants
    await goTo(`#/permissions/${before[0].id}`)
    await expect.poll(focused).toBe(before[0].id)
    await page.getByRole('button', { name: /^Take back: / }).click()
    await page.getByText('No rules of your own').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await journey.proveIfAsked(page, page.getByText(/It holds again/))
    expect((await list('permissions', 'list')).grants).toEqual(before)
  })

  it('opens a question by its address, and answers nothing by it', async () => {
    await goTo('#/home')
    const call = write('linked.md')
    const dialog = await question(page, 'editor wants to write linked.md')
    const [{ id }] = (await list('approvals', 'list')).approvals
    await dialog.getByRole('button', { name: 'Later' }).click()
    await dialog.waitFor({ state: 'detached' })
    await goTo(`#/approvals/${id}?decision=allow`)
    await goTo(`#/approvals/${id}`)
    await question(page, 'editor wants to write linked.md')
    expect((await list('approvals', 'show', id)).state).toBe('pending')
    await answer(page, 'Allow')
    expect(await call).toMatchObject({ isError: false })
    await goTo('#/home')
    await goTo(`#/approvals/${id}`)
    await expect.poll(focused).toBe(id)
  })

  it('opens a session by its address, and says when what a link leads to is gone', async () => {
    const [{ id }] = (await list('sessions', 'list')).sessions
    await goTo(`#/sessions/${id}`)
    const sheet = page.getByRole('dialog')
    await sheet.waitFor()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await goTo('#/audit/999999999')
    await page.getByText('What this link leads to is not here any more.').first().waitFor()
  })
})
