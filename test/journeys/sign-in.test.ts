import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiApp, Journey, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'
import { SignInService } from '../support/sign-in-service.ts'

describe.each(shells())('signing in to a remote server, in the %s', (shell) => {
  let journey: Journey
  let service: SignInService
  let page: Page
  let editor: AiApp

  beforeAll(async () => {
    service = await new SignInService().start()
    journey = await Journey.begin(shell)
    const added = await journey.app.operator('servers', 'add', 'files', '--url', service.mcpUrl, '--trust', '--yes')
    expect(added, added.err).toMatchObject({ code: 0 })
    page = await journey.window('#/servers')
    editor = await journey.pairedApp('editor')
  })
  afterAll(async () => {
    await journey?.end()
    await service?.stop()
  })

  const pageOpener = (dialog: Locator) =>
    dialog.getByRole(shell === 'browser' ? 'link' : 'button', { name: 'Open in your browser' })

  /** The person opens the service's page in their browser and agrees there. @returns what they read at the end */
  async function agreeOnItsPage(opener: Locator): Promise<string> {
    if (shell === 'browser') {
      const [opened] = await Promise.all([page.context().waitForEvent('page'), opener.click()])
      await opened.waitForURL((url) => url.hostname === '127.0.0.1' && url.searchParams.has('code'))
      const text = await opened.content()
      await opened.close()
      return text
    }
    const before = (await journey.opened()).length
    await opener.click()
    await expect.poll(async () => (await journey.opened()).length).toBe(before + 1)
    return (await SignInService.browse((await journey.opened()).at(-1) ?? '')).text
  }

  it('is asked for on the server’s card; nothing is opened unasked', async () => {
    await page.getByText('“files” wants you to sign in before it can be used.').waitFor()
    expect(service.at('/authorize')).toEqual([])
    await keepPicture(page, `sign-in-1-needed-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('says where it leads and what is asked for, and is done on the service’s own page', async () => {
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in to “files”' })
    await dialog.getByRole('button', { name: 'Continue' }).click()
    const opener = pageOpener(dialog)
    await journey.proveIfAsked(page, opener)
    await dialog.getByText('read: files (files:read)').waitFor()
    await dialog.getByText(new URL(service.base).host).waitFor()
    await keepPicture(page, `sign-in-2-where-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await agreeOnItsPage(opener)).toContain('Gatehouse now says whether it is signed in to “files”.')
    await page.getByText('You are signed in to “files”.').waitFor()
    await page.getByText('2 held back').waitFor()
    expect(await page.getByText('wants you to sign in').count()).toBe(0)
  })

  it('serves the AI app’s calls, and asks for more only where the server does', async () => {
    await journey.app.operator('servers', 'review', 'files', '--accept')
    expect(await editor.call('files__read')).toEqual({ isError: false, text: 'did read' })
    const refused = await editor.call('files__write')
    expect(refused.isError).toBe(true)
    expect(refused.text).toContain('the user can allow more for files in Gatehouse')
    await page.getByText('“files” wants to do more than you allowed.').waitFor()
    await page.getByRole('button', { name: 'Allow more' }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in to “files”' })
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await dialog.getByText('change: files (files:write)').waitFor()
    await agreeOnItsPage(pageOpener(dialog))
    await dialog.waitFor({ state: 'hidden' })
    expect(await editor.call('files__write')).toEqual({ isError: false, text: 'did write' })
  })

  it('tells the model plainly when it no longer holds, and is ended by the person', async () => {
    await page.getByRole('link', { name: 'files', exact: true }).click()
    const sheet = page.getByRole('dialog', { name: 'files' })
    await sheet.getByText(`Signed in at ${service.base}`).waitFor()
    await keepPicture(page, `sign-in-3-signed-in-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await page.content()).not.toMatch(/access-|refresh-/)
    await sheet.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out of “files”; its service confirmed it.').waitFor()
    expect(service.at('/revoke').map(({ form }) => form.token_type_hint)).toEqual(['refresh_token', 'access_token'])
    const told = await editor.call('files__read')
    expect(told.text).toContain('ask the user to sign in to files in Gatehouse')
  })
})
