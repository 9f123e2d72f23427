import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journey, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'
import { type RoughServer, roughServer } from '../support/remote-servers/rough-server.ts'
import { SignInService } from '../support/sign-in-service.ts'

describe.each(shells())('a remote server the person adds (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let server: RoughServer

  beforeAll(async () => {
    server = await roughServer()
    journey = await Journey.begin(shell)
    page = await journey.window('#/servers')
  })
  afterAll(async () => {
    await journey?.end()
    await server?.close()
  })

  it('is shown with its exact address and what may go there before anything is sent', async () => {
    await page.getByRole('button', { name: 'Add by address' }).click()
    await page.getByLabel('Name', { exact: true }).fill('far')
    await page.getByLabel('Address', { exact: true }).fill(server.url)
    await page.getByLabel('Secret headers').fill('Authorization=Bearer planted-secret')
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Show where it leads' }).click()
    const plan = page.getByRole('dialog', { name: 'This is where “far” would lead' })
    await plan.getByLabel('Exact address').waitFor()
    expect(await plan.getByLabel('Exact address').textContent()).toBe(server.url)
    await plan.getByText('127.0.0.1').waitFor()
    await keepPicture(page, `servers-remote-plan-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await plan.textContent()).not.toContain('planted-secret')
    expect(server.heard).toEqual([])
  })

  it('is connected to once the person agrees, with the secret in its header only', async () => {
    await page.getByRole('button', { name: 'Add and connect' }).click()
    const sheet = page.getByRole('dialog', { name: 'far' })
    await journey.proveIfAsked(page, sheet)
    await sheet.getByText('On another computer', { exact: true }).waitFor()
    expect(server.heard[0]?.headers.authorization).toBe('Bearer planted-secret')
    expect(await page.content()).not.toContain('planted-secret')
  })

  it('is led elsewhere after the person saw what was and what would be, and gets a pool', async () => {
    const next = await roughServer()
    try {
      const sheet = page.getByRole('dialog', { name: 'far' })
      await sheet.getByRole('tab', { name: 'Change' }).click()
      await sheet.getByLabel('Address', { exact: true }).fill(next.url)
      await sheet.getByRole('button', { name: 'Show where it leads' }).click()
      const change = page.getByRole('dialog', { name: 'This is how “far” would change' })
      await change.getByText(`Address: ${server.url} → ${next.url}`).waitFor()
      await change.getByText('Your secrets AUTHORIZATION go to').waitFor()
      expect(await accessibilityFaults(page)).toEqual([])
      await keepPicture(page, `servers-remote-change-${shell}`)
      expect(next.heard).toEqual([])
      await change.getByRole('button', { name: 'Change it and connect' }).click()
      await journey.proveIfAsked(page, sheet)
      await expect.poll(() => next.heard[0]?.headers.authorization).toBe('Bearer planted-secret')
      await sheet.getByLabel('One process for all sessions').check()
      await sheet.getByLabel('At most').fill('3')
      expect(await accessibilityFaults(page)).toEqual([])
      await keepPicture(page, `servers-running-${shell}`)
      await sheet.getByRole('button', { name: 'Save', exact: true }).click()
      await journey.proveIfAsked(page, sheet)
      await page.getByText('Saved.').first().waitFor()
      await sheet.getByRole('button', { name: 'Close' }).first().click()
      await page.getByText('far', { exact: true }).click()
      await page.getByRole('dialog', { name: 'far' }).getByRole('tab', { name: 'Change' }).click()
      await expect.poll(() => page.getByLabel('At most').inputValue()).toBe('3')
    } finally {
      await next.close()
    }
  })

  it('is added with a sign-in of its own, which is said before anything is sent, and changed in its sheet', async () => {
    const service = await new SignInService().start()
    const changedSecret = 'another-client-secret'
    service.vouched = (_, authorization) => authorization === `Basic ${btoa('robot:planted-client-secret')}`
    try {
      await page.getByRole('button', { name: 'Close' }).first().click()
      await page.getByRole('button', { name: 'Add by address' }).click()
      await page.getByLabel('Name', { exact: true }).fill('robot')
      await page.getByLabel('Address', { exact: true }).fill(service.mcpUrl)
      await page.getByLabel('Who signs in').selectOption('client-secret')
      await page.getByRole('button', { name: 'Show where it leads' }).click()
      await page.getByText('Fill in everything the sign-in needs').waitFor()
      await page.getByLabel('Sign-in service (its issuer address)').fill(service.base)
      await page.getByLabel('Client ID').fill('robot')
      await page.getByLabel('Client secret').fill('planted-client-secret')
      expect(await accessibilityFaults(page)).toEqual([])
      await page.getByRole('button', { name: 'Show where it leads' }).click()
      await page.getByText(`Gatehouse signs in by itself at ${service.base}`).waitFor()
      expect(service.seen).toEqual([])
      await page.getByRole('button', { name: 'Add and connect' }).click()
      const sheet = page.getByRole('dialog', { name: 'robot' })
      await journey.proveIfAsked(page, sheet)
      await sheet.getByText(`Signed in at ${service.base}`).waitFor()
      expect(await page.content()).not.toContain('planted-client-secret')

      const shown: string[] = []
      service.vouched = (_, authorization) => {
        shown.push(String(authorization))
        return authorization === `Basic ${btoa(`robot-2:${changedSecret}`)}`
      }
      await sheet.getByRole('tab', { name: 'Change' }).click()
      await sheet.getByLabel('Change how it signs in').check()
      await sheet.getByLabel('Who signs in').selectOption('client-secret')
      await sheet.getByRole('button', { name: 'Show where it leads' }).click()
      await sheet.getByText('Fill in everything the sign-in needs').waitFor()
      await sheet.getByLabel('Sign-in service (its issuer address)').fill(service.base)
      await sheet.getByLabel('Client ID').fill('robot-2')
      await sheet.getByLabel('Client secret').fill(changedSecret)
      expect(await accessibilityFaults(page)).toEqual([])
      await keepPicture(page, `servers-sign-in-change-${shell}`)
      await sheet.getByRole('button', { name: 'Show where it leads' }).click()
      const change = page.getByRole('dialog', { name: 'This is how “robot” would change' })
      await change.getByText('Signed in to by').waitFor()
      await keepPicture(page, `servers-sign-in-changed-${shell}`)
      expect(shown).toEqual([])
      await change.getByRole('button', { name: 'Change it and connect' }).click()
      await journey.proveIfAsked(page, sheet)
      await expect.poll(() => shown).toEqual([`Basic ${btoa(`robot-2:${changedSecret}`)}`])
      await expect.poll(() => sheet.getByLabel('Change how it signs in').isChecked()).toBe(false)
      expect(await page.content()).not.toContain(changedSecret)
    } finally {
      await service.stop()
    }
  })
})
