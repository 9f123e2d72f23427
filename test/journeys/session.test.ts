import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, Journey, root, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'

const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')

describe.each(shells())('one session (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    const open = ['--sandbox', '1', '--trust', '--yes']
    const added = await journey.app.operator('servers', 'add', 'echoes', ...open, '--', process.execPath, everything)
    expect(added.code, added.err).toBe(0)
    editor = await journey.pairedApp('editor')
    await editor.call('filesystem__read_text_file', { path: join(journey.files, 'notes.md') })
    await editor.call('filesystem__read_text_file', { path: '/etc/shadow' })
    await editor.call('echoes__echo', { message: 'to https://tracker.example/issues' })
    page = await journey.window('#/sessions')
  })
  afterAll(() => journey.end())

  it('opens with its calls, each with what was decided and how long it took', async () => {
    await page.getByRole('button', { name: 'Open the session of editor' }).first().click()
    const sheet = page.getByRole('dialog', { name: 'Session of editor' })
    const calls = sheet.getByRole('list', { name: 'Calls' }).getByRole('listitem')
    await calls.filter({ hasText: 'echoes__echo' }).filter({ hasText: 'Allowed' }).waitFor()
    const refused = calls.filter({ hasText: 'Refused' })
    expect(await refused.count()).toBe(1)
    await keepPicture(page, `session-calls-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await refused.getByRole('button').press('Enter')
    const entry = page.getByRole('dialog', { name: /^Entry/ })
    await entry.getByText('editor was refused filesystem__read_text_file').first().waitFor()
    await page.keyboard.press('Escape')
    await entry.waitFor({ state: 'detached' })
  })

  it('shows what it read, from where, and what went out, and that the two met', async () => {
    await page.getByRole('tab', { name: 'What went where' }).click()
    const read = page.getByRole('region', { name: 'Read' })
    await read.getByRole('listitem').filter({ hasText: 'Private' }).filter({ hasText: 'notes.md' }).waitFor()
    await read.getByRole('listitem').filter({ hasText: 'From outside' }).waitFor()
    const out = page.getByRole('region', { name: 'Went out' }).getByRole('listitem')
    expect(await out.allTextContents()).toEqual([expect.stringContaining('tracker.example')])
    await page.getByText('Private content and text from outside met in this session.').waitFor()
    await keepPicture(page, `session-flow-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('shows what it is about, as the app or the person said', async () => {
    const listed = await journey.app.operator('sessions', 'list', '--json')
    const { sessions } = JSON.parse(listed.out) as { sessions: { id: string; client: string; state: string }[] }
    const id = sessions.find(({ client }) => client === 'editor')?.id ?? ''
    const set = await journey.app.operator('memory', 'context', id, '--goal', 'Close the issue', '--task', 'triage')
    expect(set.code, set.err).toBe(0)
    await page.getByRole('tab', { name: 'About' }).click()
    await page.getByText('Close the issue').waitFor()
    await page.getByText('triage').waitFor()
    await page.getByText('It holds nothing it recalled.').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('has an address of its own, and says what is forgotten once it has ended', async () => {
    const address = page.url()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'End the session of editor', exact: true }).first().click()
    await page.getByRole('button', { name: 'End the session', exact: true }).click()
    await page.getByText('The session of “editor” was ended.').waitFor()
    await page.goto(address)
    await page.getByRole('tab', { name: 'What went where' }).click()
    await page.getByText('What a session had read is forgotten when it ends.').waitFor()
    await page.getByRole('tab', { name: 'Calls' }).click()
    await page.getByRole('list', { name: 'Calls' }).getByText('echoes__echo').waitFor()
  })
})
