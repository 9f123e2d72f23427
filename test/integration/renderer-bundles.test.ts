import { expect, it } from 'vitest'
import { fullSample } from '../renderer/sample-data.ts'
import { sampleWindow } from '../support/sample-window.ts'

const view = sampleWindow()
const { show, dialog, inputsOf, faults, picture } = view

for (const theme of ['light', 'dark'] as const) {
  it(`adds a server from a bundle in ${theme}: shown in full, its settings filled in, secrets typed unseen`, async () => {
    const sample = fullSample()
    sample.setup.theme = theme
    await show(sample, '#/servers')
    await view.page.getByRole('button', { name: 'Add a server' }).click()
    await dialog().getByRole('button', { name: 'Add from a bundle file' }).click()
    await dialog().getByRole('button', { name: 'Look into the file' }).click()
    await dialog().getByRole('alert').waitFor()
    await dialog().getByLabel('Name', { exact: true }).fill('weather')
    await dialog().getByLabel('Bundle file').fill('/home/ana/weather.mcpb')
    await dialog().getByLabel('Hosts it may reach').fill('api.weather.example')
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Look into the file' }).click()
    await dialog().getByText('ab12'.repeat(16)).waitFor()
    await dialog().getByText('signed by “Weather Ltd”, vouched for by “Example Code Signing CA”').waitFor()
    await dialog().getByText('cd34'.repeat(16)).waitFor()
    await dialog().getByText('signed by “weather”, a key you trust').waitFor()
    await dialog().getByText('packages/weather/index.js --units ""').waitFor()
    await dialog().getByRole('button', { name: 'Add and start it' }).click()
    await dialog().getByText('It needs a value for: Units, API key.').waitFor()
    await dialog().getByLabel('Units').fill('metric')
    await dialog().getByText('You changed its settings.').waitFor()
    expect(await dialog().getByRole('button', { name: 'Add and start it' }).count()).toBe(0)
    await dialog().getByLabel('API key').fill('s3cret-value')
    expect(await dialog().getByLabel('API key').getAttribute('type')).toBe('password')
    await picture(`bundle-${theme}`)
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Show what would run now' }).click()
    await dialog().getByText('--units "metric"').waitFor()
    await dialog().getByRole('button', { name: 'Add and start it' }).click()
    await view.page.getByRole('dialog', { name: 'weather' }).waitFor()
    expect(JSON.stringify(inputsOf('bundles.plan'))).not.toContain('s3cret-value')
    expect(inputsOf('bundles.add')).toEqual([
      {
        name: 'weather',
        file: '/home/ana/weather.mcpb',
        sandbox: 2,
        allowedPaths: [],
        allowedHosts: ['api.weather.example'],
        config: { units: 'metric' },
        sha256: 'ab12'.repeat(16),
        secrets: { key: 's3cret-value' },
      },
    ])
  })
}
