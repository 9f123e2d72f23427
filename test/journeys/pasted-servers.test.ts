import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journey, root, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture, layoutFaults } from '../support/journey-look.ts'

const memory = join(root, 'node_modules', '@modelcontextprotocol', 'server-memory', 'dist', 'index.js')
const secret = 'sk-live-4f9d8c7b6a5e4d3c2b1a'

describe.each(shells())('servers from pasted configuration (%s)', (shell) => {
  let journey: Journey
  let page: Page
  const dialog = () => page.getByRole('dialog', { name: 'Add servers from another app’s configuration' })
  const show = async (text: string) => {
    await dialog().getByLabel('Configuration').fill(text)
    await dialog().getByRole('button', { name: 'Show what would run' }).click()
  }
  const configuration = JSON.stringify({
    mcpServers: {
      'My Memory': { command: process.execPath, args: [memory], env: { MODE: 'quiet', API_KEY: secret } },
      'not-wanted': { command: 'somewhere-else' },
    },
  })

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    page = await journey.window('#/servers')
    await page.getByRole('button', { name: 'Paste configuration' }).click()
    await dialog().waitFor()
  })
  afterAll(() => journey.end())

  it('says what cannot be read, and keeps what was pasted', async () => {
    await show('{ "mcpServers": { "a": { "command": ')
    await dialog()
      .getByText(/It cannot be read as JSON: line 1/)
      .waitFor()
    expect(await dialog().getByLabel('Configuration').inputValue()).toContain('mcpServers')
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('reads Codex’s TOML, and goes back without losing it', async () => {
    await show('[mcp_servers.git]\ncommand = "git-mcp-that-is-not-here"\n')
    await dialog().getByRole('checkbox', { name: 'git' }).waitFor()
    await dialog().getByRole('button', { name: 'Back' }).click()
    expect(await dialog().getByLabel('Configuration').inputValue()).toContain('[mcp_servers.git]')
  })

  it('shows what would run and which values become secrets, and no value', async () => {
    await show(configuration)
    await dialog()
      .getByRole('checkbox', { name: /My Memory/ })
      .waitFor()
    await dialog().getByText('API_KEY').first().waitFor()
    expect(await dialog().textContent()).not.toContain(secret)
    expect(await accessibilityFaults(page)).toEqual([])
    await keepPicture(page, `pasted-plan-${shell}`)
    await page.setViewportSize({ width: 640, height: 430 })
    expect(await layoutFaults(page)).toEqual([])
    await page.setViewportSize({ width: 1280, height: 860 })
  })

  it('adds what was chosen, its secret in the keychain and nowhere else', async () => {
    await dialog().getByRole('checkbox', { name: 'not-wanted' }).press('Space')
    await dialog()
      .getByRole('button', { name: /^Import|^Add/ })
      .click()
    await journey.proveIfAsked(page, page.getByRole('dialog', { name: 'my-memory' }))
    const of = async (...args: string[]) => JSON.parse((await journey.app.operator(...args, '--json')).out)
    const { servers } = await of('servers', 'list')
    expect(servers.map(({ name }: { name: string }) => name).toSorted()).toEqual(['filesystem', 'memory', 'my-memory'])
    const { secrets } = await of('secrets', 'list')
    expect(secrets).toMatchObject([{ server: 'my-memory', name: 'API_KEY' }])
    const log = JSON.stringify(await of('audit', 'list'))
    expect(log).toContain('Servers were added from pasted text: My Memory')
    expect(log).not.toContain(secret)
  })

  it('adds to another workspace what is meant for it, by whichever way', async () => {
    await journey.app.operator('workspaces', 'add', 'work')
    await page.goto(page.url().replace(/#.*/, '#/servers'))
    await page.getByRole('button', { name: 'Paste configuration' }).click()
    await show(JSON.stringify({ mcpServers: { ledger: { command: 'no-such-program-here' } } }))
    await dialog().getByLabel('Workspace').selectOption('work')
    await dialog()
      .getByRole('button', { name: /^Import|^Add/ })
      .click()
    await journey.proveIfAsked(page, page.getByRole('dialog', { name: 'ledger' }))
    const { servers } = JSON.parse((await journey.app.cli('servers', 'list', '--json')).out)
    expect(servers).toContainEqual(expect.objectContaining({ name: 'ledger', workspace: 'work' }))
    for (const way of ['Add a server', 'Add by address']) {
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: way }).click()
      await page.getByRole('dialog').getByLabel('Workspace').waitFor()
    }
  })
})
