import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journey, openFolder, root, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'

const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ456789'
const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')
const cursorText = `{
  // my servers
  "mcpServers": {
    "everything": {
      "command": ${JSON.stringify(process.execPath)},
      "args": [${JSON.stringify(everything)}],
      "env": { "GITHUB_TOKEN": "${secret}", "MODE": "quiet" }
    }, // keep
  }
}
`

describe.each(shells())('AI apps on this computer, in the %s', (shell) => {
  let journey: Journey
  let page: Page
  const fileOf = (...parts: string[]) => join(journey.place, ...parts)
  const text = (...parts: string[]) => readFileSync(fileOf(...parts), 'utf8')
  const write = (contents: string, ...parts: string[]) => {
    mkdirSync(dirname(fileOf(...parts)), { recursive: true })
    writeFileSync(fileOf(...parts), contents)
  }

  beforeAll(async () => {
    journey = await Journey.begin(shell, { fresh: true })
    write(cursorText, '.cursor', 'mcp.json')
    write('model = "o5" # mine\n', '.codex', 'config.toml')
    write('{ broken', '.gemini', 'settings.json')
    page = await journey.window()
    await page.getByRole('button', { name: 'Next' }).click()
    await openFolder(journey, page, 'May be read')
  })
  afterAll(() => journey.end())

  it('are listed in the first run, with what is wrong about one', async () => {
    const list = page.getByRole('list', { name: 'AI apps on this computer' })
    await list.getByText('Cursor', { exact: true }).waitFor()
    await list.getByText('1 server of its own').waitFor()
    expect(await list.getByRole('listitem').filter({ hasText: 'Gemini CLI' }).textContent()).toContain(
      'could not be understood',
    )
    await keepPicture(page, `ai-apps-1-first-run-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('show what connecting changes, then are connected and paired at once', async () => {
    await page.getByRole('button', { name: 'Connect Codex CLI' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('[mcp_servers.gatehouse]').waitFor()
    await keepPicture(page, `ai-apps-2-diff-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(text('.codex', 'config.toml')).toBe('model = "o5" # mine\n')
    await dialog.getByRole('button', { name: 'Write it' }).click()
    await journey.proveIfAsked(page, page.getByText('Codex CLI is connected. Restart it.'))
    expect(text('.codex', 'config.toml')).toContain('args = ["--client", "codex"]')
    await page.getByText('“codex” is paired. You are ready.').waitFor()
    await keepPicture(page, `ai-apps-3-connected-${shell}`)
  })

  it('come in by the entry that was written, without a question', async () => {
    const app = await journey.aiApp('codex')
    expect((await app.client.listTools()).tools.map(({ name }) => name)).toContain('filesystem__read_text_file')
    await app.close()
  })

  it('are as they were after Undo', async () => {
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Codex CLI is as it was before.').waitFor()
    expect(text('.codex', 'config.toml')).toBe('model = "o5" # mine\n')
  })

  it('give their servers to Gatehouse, with the secret in the keychain and Gatehouse in their place', async () => {
    await page.getByRole('button', { name: 'Import the servers of Cursor' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('GITHUB_TOKEN', { exact: true }).first().waitFor()
    expect(await dialog.textContent()).not.toContain(secret)
    expect(await dialog.textContent()).toContain(everything)
    await keepPicture(page, `ai-apps-4-import-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Import 1 server' }).click()
    await journey.proveIfAsked(page, page.getByRole('heading', { name: 'Put Gatehouse in their place in Cursor?' }))
    expect(await page.getByRole('dialog').textContent()).not.toContain(secret)
    await keepPicture(page, `ai-apps-5-replace-${shell}`)
    await page.getByRole('dialog').getByRole('button', { name: 'Write it' }).click()
    await page.getByText('Cursor is connected. Restart it.').waitFor()
    const written = text('.cursor', 'mcp.json')
    expect(written).toContain('// my servers')
    expect(written).not.toContain(secret)
    expect(written).not.toContain('everything')
    const { out } = await journey.app.operator('secrets', 'list', '--json')
    expect(JSON.parse(out).secrets).toMatchObject([{ server: 'everything', name: 'GITHUB_TOKEN' }])
  })

  it('are shown under Sessions afterwards, light and dark', async () => {
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Finish without trying' }).click()
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    await page.goto(`${page.url().split('#')[0]}#/sessions`)
    await page.getByRole('button', { name: 'Disconnect Cursor' }).waitFor()
    await page.getByRole('button', { name: 'Connect Codex CLI' }).waitFor()
    await keepPicture(page, `ai-apps-6-sessions-${shell}`)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await accessibilityFaults(page)).toEqual([])
    await keepPicture(page, `ai-apps-7-sessions-dark-${shell}`)
    await page.getByRole('button', { name: 'Disconnect Cursor' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Put it back' }).waitFor()
    await keepPicture(page, `ai-apps-8-disconnect-dark-${shell}`)
  })

  it('get back their file byte for byte when disconnected', async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Put it back' }).click()
    await page.getByText('Cursor is as it was before.').waitFor()
    expect(text('.cursor', 'mcp.json')).toBe(cursorText)
    expect(text('.gemini', 'settings.json')).toBe('{ broken')
  })

  it('are connected into a workspace, once there are several, and use the folders lent there and no others', async () => {
    await page.emulateMedia({ colorScheme: 'light' })
    await journey.app.operator('workspaces', 'add', 'work')
    mkdirSync(fileOf('Work'))
    writeFileSync(fileOf('Work', 'plan.md'), 'Ask first.')
    await page.getByRole('link', { name: 'Permissions' }).click()
    const folders = page.getByRole('region', { name: 'Folders' })
    await folders.getByText(journey.files).waitFor()
    await folders.getByLabel('Workspace').selectOption('work')
    await folders.getByText('No folders yet').waitFor()
    await folders.getByLabel('Path of a folder').fill(fileOf('Work'))
    await folders.getByRole('button', { name: 'Add', exact: true }).click()
    await folders.getByText('Save or cancel your changes').waitFor()
    expect(await folders.getByLabel('Workspace').isDisabled()).toBe(true)
    await keepPicture(page, `ai-apps-9-folders-of-workspace-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await folders.getByRole('button', { name: 'Save' }).click()
    await journey.proveIfAsked(page, page.getByText('Saved.'))
    await expect.poll(() => folders.getByLabel('Workspace').isDisabled()).toBe(false)
    await page.getByRole('link', { name: 'Sessions' }).click()
    await page.getByRole('button', { name: 'Connect Codex CLI' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Workspace').selectOption('work')
    await dialog.getByText('"--workspace"').waitFor()
    await keepPicture(page, `ai-apps-10-workspace-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Write it' }).click()
    await journey.proveIfAsked(page, page.getByText('Codex CLI is connected. Restart it.'))
    expect(text('.codex', 'config.toml')).toContain('"--workspace", "work"')
    await page.getByText('Workspace work').waitFor()
    const app = await journey.aiApp('codex')
    const read = (server: string, path: string) => app.call(`${server}__read_text_file`, { path })
    expect(await read('filesystem-work', fileOf('Work', 'plan.md'))).toEqual({ isError: false, text: 'Ask first.' })
    const named = (await app.client.listTools()).tools.map(({ name }) => name)
    expect(named.filter((name) => name.startsWith('filesystem__'))).toEqual([])
    await app.close()
  })
})
