import { expect, it } from 'vitest'
import { fullSample } from '../renderer/sample-data.ts'
import { sampleWindow } from '../support/sample-window.ts'

const view = sampleWindow()
const { show, dialog, inputsOf, faults } = view

const asked = () => inputsOf('catalog.setView')

it('shows what an app sees, and narrows it', async () => {
  await show(fullSample(), '#/sessions')
  await view.page.getByText('Sees only filesystem, memory · 1 pattern hidden · Searches its tools').waitFor()
  await view.page.getByRole('button', { name: 'What it sees: Cursor' }).click()
  await dialog().getByText('What “Cursor” sees').waitFor()
  await dialog().getByLabel('All servers, also those I add later').uncheck()
  await dialog().getByLabel('memory', { exact: true }).uncheck()
  await dialog().getByLabel('Hide these tools, prompts and resources').fill('files__delete_*\n\n *secret* ')
  await dialog().getByLabel('How it gets its tools').selectOption('search')
  expect([await faults(), view.complaints]).toEqual([[], []])
  await dialog().getByRole('button', { name: 'Save' }).click()
  await view.page.getByText('Saved. Connected apps are told at once.').waitFor()
  expect(asked()).toEqual([
    {
      holder: 'client',
      name: 'Cursor',
      servers: view.server.sample.servers.map(({ name }) => name).filter((name) => name !== 'memory'),
      hidden: ['files__delete_*', '*secret*'],
      mode: 'search',
    },
  ])
})

it('opens an app’s view again, for it and for every app', async () => {
  await show(fullSample(), '#/sessions')
  await view.page.getByRole('button', { name: 'What it sees: Claude Code' }).click()
  await expect.poll(() => dialog().getByLabel('filesystem', { exact: true }).isChecked()).toBe(true)
  await dialog().getByLabel('All servers, also those I add later').check()
  await dialog().getByRole('button', { name: 'Save' }).click()
  await view.page.getByRole('button', { name: 'What every app sees' }).click()
  await dialog().getByLabel('How it gets its tools').selectOption('auto')
  await dialog().getByRole('button', { name: 'Save' }).click()
  await expect.poll(asked).toEqual([
    { holder: 'client', name: 'Claude Code', servers: null, hidden: ['*__delete_*'], mode: 'search' },
    { holder: 'workspace', name: 'personal', servers: null, hidden: [], mode: 'auto' },
  ])
})

it('says of a server which of its names could be mistaken', async () => {
  const sample = fullSample()
  const memory = sample.servers.find(({ name }) => name === 'memory')
  const named = {
    server: 'memory',
    name: 'memory__read_fiIe',
    otherServer: 'filesystem',
    other: 'filesystem__read_file',
  }
  Object.assign(memory ?? {}, { warningCount: 1, warnings: [{ kind: 'look-alike', ...named }] })
  await show(sample, '#/servers')
  await view.page.getByText('1 name to mind').waitFor()
  await view.page.getByRole('link', { name: 'memory', exact: true }).click()
  await dialog().getByText('memory__read_fiIe looks like filesystem__read_file, and is not the same.').waitFor()
  expect([await faults(), view.complaints]).toEqual([[], []])
})
