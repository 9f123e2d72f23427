import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journey, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'

describe.each(shells())('the API keys of an app (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let dialog: Locator
  let token: string
  const ask = (path: string, bearer: string) => {
    const { httpUrl } = JSON.parse(readFileSync(join(journey.app.home, 'run', 'endpoint.json'), 'utf8'))
    return fetch(`${httpUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${bearer}` } })
  }
  const shown = () => dialog.getByLabel('The key', { exact: true }).innerText()

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    await journey.pairedApp('editor')
    page = await journey.window('#/sessions')
    await page.getByRole('button', { name: 'API keys of editor' }).click()
    dialog = page.getByRole('dialog', { name: 'API keys of editor' })
  })
  afterAll(() => journey.end())

  it('are made in the window, confined and limited, and shown once', async () => {
    await dialog.getByText('No key was made.').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await dialog.getByLabel('Only tools whose name fits').fill('filesystem__read?')
    await dialog.getByText('Letters, digits, _ . - and * only.').waitFor()
    await dialog.getByLabel('Only tools whose name fits').fill('filesystem__read_*')
    await dialog.getByLabel('Calls an hour, at most').fill('50')
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    await journey.proveIfAsked(page, dialog.getByText('Copy it now'))
    token = (await shown()).trim()
    await keepPicture(page, `api-keys-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await dialog.getByText('Only tools named filesystem__read_*').waitFor()
    const { tools } = (await (await ask('/tools', token)).json()) as { tools: { name: string }[] }
    const others = tools.filter(({ name }) => !/^(filesystem__read_|gatehouse__)/.test(name))
    expect(others).toEqual([])
    expect(tools.map(({ name }) => name)).toContain('filesystem__read_file')
  })

  it('get another secret, after which the old one opens nothing', async () => {
    await dialog.getByRole('button', { name: /^Replace its secret:/ }).click()
    await dialog.getByText('The old secret opens nothing from then on.').waitFor()
    await dialog.getByRole('button', { name: 'Replace its secret' }).click()
    await expect.poll(async () => (await ask('/tools', token)).status).toBe(401)
    await expect.poll(async () => (await shown()).trim()).not.toBe(token)
    token = (await shown()).trim()
    expect((await ask('/tools', token)).status).toBe(200)
  })

  it('are revoked, and their limits go with them', async () => {
    await dialog.getByRole('button', { name: /^Revoke / }).click()
    await dialog.getByText('It opens nothing from then on').waitFor()
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
    await dialog.getByText('No key was made.').waitFor()
    expect((await ask('/tools', token)).status).toBe(401)
    expect((await journey.app.operator('limits', 'list', '--json')).out).not.toContain('"key"')
  })
})
