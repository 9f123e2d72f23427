import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, answer, Journey, question, root, shells } from '../support/journey.ts'
import { keepPicture } from '../support/journey-look.ts'

const node = join(root, 'node_modules', 'node', 'bin', 'node')
const fixture = join(root, 'test', 'support', 'everything-fixture', 'main.ts')

describe.each(shells())('a server that asks, for an app that cannot show it (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let editor: AiApp

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    page = await journey.window()
    editor = await journey.pairedApp('editor')
    const options = ['--sandbox', '2', '--allow-path', `${root}:ro`, '--trust', '--yes', '--json']
    const added = await journey.app.operator('servers', 'add', 'asker', ...options, '--', node, fixture, '--earlier')
    expect(added).toMatchObject({ code: 0 })
  })
  afterAll(() => journey.end())

  it('gets what the person enters in the window, where nothing is filled in', async () => {
    const call = editor.call('asker__test_elicitation', { message: 'Who are you?' })
    const dialog = await question(page, 'asker asks you something, while editor uses it')
    await dialog.getByText('Who are you?').waitFor()
    const name = dialog.getByLabel('username (required)')
    expect(await name.inputValue()).toBe('')
    await keepPicture(page, `server-asks-${shell}`)
    await name.fill('ada')
    await dialog.getByLabel('email (required)').fill('ada@example.com')
    await answer(page, 'Send the answer')
    expect((await call).text).toContain('action=accept, content={"username":"ada","email":"ada@example.com"}')
  })

  it('is told that the person declined', async () => {
    const call = editor.call('asker__test_elicitation', { message: 'Who are you?' })
    await question(page, 'asker asks you something, while editor uses it')
    await page.keyboard.press('Escape')
    expect((await call).text).toContain('action=decline')
  })

  it('fills in what an answer by default would be only when the person chooses it', async () => {
    const call = editor.call('asker__test_elicitation_sep1034_defaults', {})
    const dialog = await question(page, 'asker asks you something, while editor uses it')
    expect(await dialog.getByLabel('name', { exact: true }).inputValue()).toBe('')
    await dialog.getByLabel('status', { exact: true }).selectOption('inactive')
    await dialog.getByLabel('verified', { exact: true }).selectOption('No')
    await answer(page, 'Send the answer')
    expect((await call).text).toContain('content={"status":"inactive","verified":false}')
  })
})
