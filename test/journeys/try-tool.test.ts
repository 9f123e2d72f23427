import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answer, Journey, question, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture, layoutFaults } from '../support/journey-look.ts'

describe.each(shells())('trying a tool (%s)', (shell) => {
  let journey: Journey
  let page: Page
  const tool = (name: string) => page.getByRole('region', { name: `Try filesystem__${name}` })
  const open = async (name: string) => {
    await page.getByRole('button', { name: `Try filesystem__${name}`, exact: true }).click()
    await tool(name).getByRole('button', { name: 'Call it' }).waitFor()
  }
  const entries = async () => JSON.parse((await journey.app.operator('audit', 'list', '--json')).out).entries

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    page = await journey.window('#/servers/filesystem/filesystem__read_text_file')
    await page.getByRole('button', { name: 'Try filesystem__read_text_file', exact: true }).waitFor()
  })
  afterAll(() => journey.end())

  it('makes a form of its schema, and shows the answer exactly', async () => {
    await open('read_text_file')
    await tool('read_text_file').getByLabel('path (required)').fill(join(journey.files, 'notes.md'))
    await tool('read_text_file').getByLabel('head').fill('one')
    await tool('read_text_file').getByRole('button', { name: 'Call it' }).click()
    await tool('read_text_file').getByText('What is in “head” is not of the right kind.').waitFor()
    await tool('read_text_file').getByLabel('head').fill('3')
    await page.keyboard.press('Enter')
    const part = tool('read_text_file').getByRole('group', { name: 'Part 1 of the answer' })
    await part.waitFor()
    expect(await part.textContent()).toBe('# Notes\n\nBuy milk.')
    expect(await accessibilityFaults(page)).toEqual([])
    await keepPicture(page, `try-tool-${shell}`)
  })

  it('is recorded as the window’s own call', async () => {
    const [latest] = (await entries()).filter((one: { tool?: string }) => one.tool === 'filesystem__read_text_file')
    expect(latest).toMatchObject({ client: 'window', decision: expect.stringMatching(/allow/) })
  })

  it('cuts a long answer, says so, and shows all of it when asked', async () => {
    writeFileSync(join(journey.files, 'long.txt'), 'abcdefghi\n'.repeat(3_000))
    await tool('read_text_file').getByLabel('path (required)').fill(join(journey.files, 'long.txt'))
    await tool('read_text_file').getByLabel('head').fill('')
    await tool('read_text_file').getByRole('button', { name: 'Call it' }).click()
    await tool('read_text_file').getByText('The first 20,000 of 30,000 characters.').first().waitFor()
    await tool('read_text_file').getByRole('button', { name: 'Show all of it' }).first().click()
    const part = tool('read_text_file').getByRole('group', { name: 'Part 1 of the answer' })
    expect(await part.textContent()).toBe('abcdefghi\n'.repeat(3_000))
  })

  it('asks as for any other app before something is changed', async () => {
    await open('write_file')
    await tool('write_file').getByLabel('path (required)').fill(join(journey.files, 'tried.md'))
    await tool('write_file').getByLabel('content (required)').fill('tried')
    await tool('write_file').getByRole('button', { name: 'Call it' }).click()
    await question(page, 'window wants to write tried.md')
    await answer(page, 'Allow')
    await tool('write_file').getByText('It answered', { exact: true }).waitFor()
    expect(readFileSync(join(journey.files, 'tried.md'), 'utf8')).toBe('tried')
  })

  it('says why it was refused, beside the form, and keeps what was typed', async () => {
    await tool('write_file').getByLabel('path (required)').fill('/etc/tried.md')
    await tool('write_file').getByRole('button', { name: 'Call it' }).click()
    await tool('write_file')
      .getByRole('status')
      .filter({ hasText: /allowed folders|rule/ })
      .waitFor()
    expect(await tool('write_file').getByLabel('content (required)').inputValue()).toBe('tried')
  })

  it('takes the arguments as JSON too, and carries them over', async () => {
    await tool('write_file').getByRole('checkbox', { name: 'Write the arguments as JSON' }).click()
    const text = tool('write_file').getByLabel('Arguments (JSON)')
    expect(JSON.parse(await text.inputValue())).toEqual({ path: '/etc/tried.md', content: 'tried' })
    await text.fill('{"path": ')
    await tool('write_file').getByRole('button', { name: 'Call it' }).click()
    await tool('write_file').getByText('The arguments are not a JSON object.').waitFor()
    expect(await text.inputValue()).toBe('{"path": ')
  })

  it('adds to lists and takes away by keyboard, and fits at 200 %', async () => {
    await open('read_multiple_files')
    const add = tool('read_multiple_files').getByRole('button', { name: 'Add to paths' })
    await add.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await tool('read_multiple_files').getByLabel('paths 1', { exact: true }).fill(join(journey.files, 'notes.md'))
    await tool('read_multiple_files').getByRole('button', { name: 'Remove paths 2' }).press('Enter')
    await page.setViewportSize({ width: 640, height: 430 })
    expect(await layoutFaults(page)).toEqual([])
    await page.setViewportSize({ width: 1280, height: 860 })
    await tool('read_multiple_files').getByRole('button', { name: 'Call it' }).click()
    await tool('read_multiple_files').getByText('Buy milk.').first().waitFor()
  })
})
