import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, Journey, root, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture, layoutFaults } from '../support/journey-look.ts'

const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')

describe.each(shells())('health and figures (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    const open = ['--sandbox', '1', '--trust', '--yes']
    const added = await journey.app.operator('servers', 'add', 'echoes', ...open, '--', process.execPath, everything)
    expect(added.code, added.err).toBe(0)
    editor = await journey.pairedApp('editor')
    for (let n = 0; n < 5; n++) await editor.call('echoes__echo', { message: `a private word ${n}` })
    await editor.call('filesystem__read_text_file', { path: '/etc/shadow' })
    page = await journey.window('#/health')
  }, 180_000)
  afterAll(() => journey.end())

  const chart = (name: string) => page.getByRole('figure', { name, exact: true })
  const tab = (name: string) => page.getByRole('tab', { name, exact: true })

  it('show the calls that were made, as a picture, a sentence and a table, and of one server alone', async () => {
    await chart('Calls').getByText('The last hour: 6 calls, 0 failed, 1 refused.').waitFor()
    await chart('How long they took')
      .getByText(/^Half took no more than/)
      .waitFor()
    expect(await chart('Calls').locator('canvas').count()).toBe(1)
    await page.getByText('As a table').first().click()
    const rows = page.getByRole('group', { name: 'Calls' }).getByRole('row')
    await rows.nth(1).waitFor()
    const counted = await rows.locator('td:nth-child(2)').allTextContents()
    expect(counted.reduce((sum, text) => sum + Number(text), 0)).toBe(6)
    await page
      .getByRole('group', { name: 'Tools that were called most' })
      .getByRole('row', { name: /echoes__echo 5 0 0/ })
      .waitFor()
    await page.getByLabel('Server', { exact: true }).selectOption('echoes')
    await chart('Calls').getByText('The last hour: 5 calls, 0 failed, 0 refused.').waitFor()
    await chart('Memory')
      .getByText(/^echoes: .+ now/)
      .waitFor({ timeout: 60_000 })
    await keepPicture(page, `health-figures-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await layoutFaults(page)).toEqual([])
    await page.getByLabel('Over', { exact: true }).selectOption('30d')
    await chart('Calls').getByText('The last 30 days: 5 calls').waitFor()
  })

  it('show where the time of one call went, and nothing of what it said', async () => {
    await tab('Where time goes').click()
    const call = page.getByRole('button', { name: /echoes__echo/ }).first()
    await call.press('Enter')
    await page.getByRole('rowheader', { name: 'The server' }).waitFor()
    expect(await page.getByRole('rowheader').count()).toBe(9) // nobody was asked
    await keepPicture(page, `health-trace-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await page.getByRole('main').textContent()).not.toContain('a private word')
  })

  it('say that every part is well, then which server is not and what happened to it', async () => {
    await tab('Parts and servers').click()
    await page.getByText('Everything is well.').waitFor({ timeout: 60_000 })
    for (const part of ['Database', 'Audit log', 'Keychain', 'Sandbox', 'Way in for AI apps', 'Memory', 'Disk'])
      await page.getByRole('listitem').filter({ hasText: part }).getByText('Well').waitFor()
    await kill(await processOf(journey, 'echoes'))
    const row = page.getByRole('group', { name: 'Servers' }).getByRole('row', { name: /^echoes/ })
    await page
      .getByRole('group', { name: 'What went wrong lately' })
      .getByRole('row')
      .filter({ hasText: 'echoes' })
      .waitFor()
    await keepPicture(page, `health-parts-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await layoutFaults(page)).toEqual([])
    await row.getByText('Well').waitFor({ timeout: 60_000 }) // it was started again
  })

  it('read the log: by who wrote it, how grave it is and by words', async () => {
    await tab('Log').click()
    const lines = page.getByRole('list', { name: 'Log' }).getByRole('listitem')
    await page.getByLabel('Search the lines').fill('trouble echoes')
    await lines
      .filter({ hasText: /a server is in trouble.*"server": "echoes"/ })
      .first()
      .waitFor()
    await page.getByLabel('At least').selectOption('Error')
    await page.getByText('No line fits.').waitFor()
    await page.getByLabel('At least').selectOption('Info')
    await page.getByLabel('Search the lines').fill('')
    await lines.filter({ hasText: 'Gatehouse started' }).waitFor()
    await keepPicture(page, `health-log-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByLabel('Search the lines').fill('nothing is called like this')
    await page.getByText('No line fits.').waitFor()
    await page.getByLabel('Written by').selectOption('echoes')
    await page.getByLabel('Search the lines').fill('starting')
    await lines
      .filter({ hasText: /starting/i })
      .first()
      .waitFor()
    await lines.getByRole('button').first().click()
    const dialog = page.getByRole('dialog', { name: 'A line of the log' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('are read in Romanian, and in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await tab('Figures').click()
    await chart('Calls').waitFor()
    await keepPicture(page, `health-figures-dark-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Language and appearance', exact: true }).click()
    await page.getByRole('combobox', { name: 'Language', exact: true }).selectOption('Română')
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Stare' }).waitFor()
    await chart('Apeluri')
      .getByText(/^Ultima oră: \d+ apeluri/)
      .waitFor()
    await keepPicture(page, `health-romanian-${shell}`)
  })
})

async function processOf(journey: Journey, server: string): Promise<number> {
  const { out } = await journey.app.cli('health', '--json')
  const report = JSON.parse(out) as { servers: { name: string; processes: { pid: number }[] }[] }
  const pid = report.servers.find(({ name }) => name === server)?.processes[0]?.pid
  if (!pid) throw new Error(`${server} has no process: ${out}`)
  return pid
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
}
