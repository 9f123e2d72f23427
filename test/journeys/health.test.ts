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
    journey = await Journey.begin(shell, { env: { GATEHOUSE_ALERTS__EVERY_SECONDS: '1' } })
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

  it('open an alert by a rule of the person’s own, tell of it, and say who could not be told', async () => {
    await tab('Alerts').click()
    await page.getByText('No alert is open').waitFor()
    await page.getByText('A server is down.').waitFor()
    await keepPicture(page, `health-alerts-none-${shell}`)
    await page.getByRole('button', { name: 'Add a rule' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'A new rule' })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Only a to z, 0 to 9 and dashes, at most 40.').waitFor()
    await dialog.getByLabel('Name', { exact: true }).fill('any-call')
    await dialog.getByLabel('Figure', { exact: true }).selectOption('mcp_operations_total')
    await dialog.getByLabel('Apart for each', { exact: true }).selectOption('server')
    await dialog.getByLabel('Only where', { exact: true }).selectOption('server')
    await dialog.getByLabel('is', { exact: true }).fill('echoes')
    await dialog.getByLabel('Value', { exact: true }).fill('2')
    await dialog.getByLabel('Over minutes', { exact: true }).fill('60')
    await keepPicture(page, `health-alert-rule-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    const what = 'The sum of calls of “echoes” is 5.'
    const open = page.getByRole('list', { name: 'Open', exact: true }).getByRole('listitem').filter({ hasText: what })
    await open.waitFor({ timeout: 30_000 })
    await page.getByRole('status').getByRole('button', { name: 'Open' }).first().click()
    const alert = page.getByRole('dialog', { name: 'Alert' })
    await alert.getByRole('row', { name: /desktop Opened Told/ }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await keepPicture(page, `health-alert-${shell}`)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Add a channel' }).click()
    const channel = page.getByRole('dialog', { name: 'A new channel' })
    await channel.getByLabel('Name', { exact: true }).fill('team')
    await channel.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9/a-token-nobody-sees')
    await channel.getByRole('button', { name: 'Save' }).click()
    await channel.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Try it: team' }).click()
    await page.getByText('127.0.0.1:9 could not be reached').first().waitFor({ timeout: 20_000 })
    await keepPicture(page, `health-alerts-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await layoutFaults(page)).toEqual([])
    expect(await page.content()).not.toContain('a-token-nobody-sees')
    await page.getByRole('link', { name: 'Home' }).click()
    const trouble = page.getByRole('listitem').filter({ hasText: `Alert: ${what}` })
    await trouble.getByRole('link', { name: 'Have a look' }).click()
    await alert.getByRole('button', { name: `I have seen it: ${what}` }).click()
    await alert.getByText('Seen by you').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Remove the rule any-call' }).click()
    await page
      .getByRole('group', { name: 'Past' })
      .getByRole('row')
      .filter({ hasText: 'because its rule was changed' })
      .waitFor()
    await page.getByText('No alert is open').waitFor()
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
    await tab('Alerts').click()
    await page.getByText('A server is down.').first().waitFor()
    await keepPicture(page, `health-alerts-dark-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Language and appearance', exact: true }).click()
    await page.getByRole('combobox', { name: 'Language', exact: true }).selectOption('Română')
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Stare' }).waitFor()
    await page.getByRole('tab', { name: 'Alerte' }).click()
    await page.getByText('Un server nu mai funcționează.').first().waitFor()
    await keepPicture(page, `health-alerts-romanian-${shell}`)
    await page.getByRole('tab', { name: 'Cifre' }).click()
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
