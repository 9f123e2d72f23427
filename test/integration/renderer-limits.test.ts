import { expect, it } from 'vitest'
import { fullSample } from '../renderer/sample-data.ts'
import { sampleWindow } from '../support/sample-window.ts'

const view = sampleWindow()
const { show, dialog, inputsOf, faults, picture } = view

const places = [
  ['light', 'client', 'Cursor', '#/sessions'],
  ['dark', 'server', 'memory', '#/servers/memory'],
] as const
for (const [theme, holder, name, hash] of places) {
  it(`sets and removes a limit of a ${holder} in ${theme}`, async () => {
    const sample = fullSample()
    sample.setup.theme = theme
    await show(sample, hash)
    if (holder === 'client') await view.page.getByRole('button', { name: 'Limits on use: Cursor' }).click()
    await dialog().getByText('No limit is set.').waitFor()
    expect(await dialog().getByRole('button', { name: 'Set the limit' }).isDisabled()).toBe(true)
    await dialog().getByLabel('What is counted').selectOption('tokens')
    await dialog().getByLabel('In a', { exact: true }).selectOption('day')
    await dialog().getByLabel('At most').fill('5000')
    await view.page.keyboard.press('Enter')
    await dialog().getByText('12 of 5,000 used').waitFor()
    await picture(`limits-${theme}`)
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Remove the limit: Tokens (estimated), Day' }).click()
    await dialog().getByText('No limit is set.').waitFor()
    expect([inputsOf('limits.set'), inputsOf('limits.remove')]).toEqual([
      [{ holder, name, measure: 'tokens', per: 'day', most: 5000 }],
      [{ holder, name, measure: 'tokens', per: 'day' }],
    ])
  })
}
