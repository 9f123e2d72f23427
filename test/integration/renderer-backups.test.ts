import { expect, it } from 'vitest'
import { fullSample } from '../renderer/sample-data.ts'
import { sampleWindow } from '../support/sample-window.ts'

const view = sampleWindow()
const { show, dialog, inputsOf, faults, picture } = view

for (const theme of ['light', 'dark'] as const) {
  it(`sets a recovery passphrase, makes a backup and restores it in ${theme}, the consequences told first`, async () => {
    const sample = fullSample()
    sample.setup.theme = theme
    await show(sample, '#/home')
    await view.page.getByRole('link', { name: 'Settings' }).click()
    await view.page.getByRole('button', { name: 'Open backups' }).click()
    await dialog().getByText('No recovery passphrase is set').waitFor()
    expect(await dialog().getByRole('button', { name: 'Make a backup now' }).isDisabled()).toBe(true)
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByLabel('Recovery passphrase').last().fill('correct horse')
    await dialog().getByLabel('Once more').fill('correct hose')
    await view.page.keyboard.press('Enter')
    await dialog().getByText('The two are not the same.').waitFor()
    await dialog().getByLabel('Once more').fill('correct horse')
    await view.page.keyboard.press('Enter')
    await dialog().getByText('It is set.').waitFor()
    await dialog().getByRole('button', { name: 'Make a backup now' }).click()
    await dialog().getByText('backups/made.gatehouse-backup').waitFor()
    await picture(`backups-${theme}`)
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Restore the backup of' }).click()
    await dialog().getByText('Every server is switched off').waitFor()
    const restore = dialog().getByRole('button', { name: 'Restore it and stop Gatehouse' })
    expect(await restore.isDisabled()).toBe(true)
    await dialog().getByLabel('Recovery passphrase').fill('correct horse')
    await picture(`restore-${theme}`)
    expect([await faults(), view.complaints]).toEqual([[], []])
    expect(inputsOf('backup.restore')).toEqual([])
    await restore.click()
    await dialog().getByText('Gatehouse stops now: start it again.').waitFor()
    expect((await dialog().locator('dl').innerText()).replace(/\s+/g, ' ')).toBe(
      'Held for your review 3 Switched off memory Still revoked Zed',
    )
    expect([inputsOf('backup.setPassphrase'), inputsOf('backup.restore')]).toEqual([
      [{ passphrase: 'correct horse' }],
      [{ file: '/home/ana/.local/share/gatehouse/backups/made.gatehouse-backup', passphrase: 'correct horse' }],
    ])
  })
}
