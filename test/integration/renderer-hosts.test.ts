import { expect, it } from 'vitest'
import { fullSample } from '../renderer/sample-data.ts'
import { sampleWindow } from '../support/sample-window.ts'

const view = sampleWindow({ width: 1024, height: 900 })
const asked = view.inputsOf

const wanted = { server: 'memory', times: 3, at: Date.now() as never }

async function show(hash: string): Promise<void> {
  const sample = fullSample()
  sample.refusedHosts = [
    { ...wanted, host: 'api.example.com', port: 443, offered: true },
    { ...wanted, host: 'telemetry.example.com', port: 443, offered: true },
    { ...wanted, host: 'printer.lan', port: 80, offered: false },
    { ...wanted, host: '127.0.0.1', port: 8080, offered: false, why: 'own port' },
  ]
  await view.show(sample, hash)
}
const shown = () => view.page.getByRole('list', { name: 'Hosts that were refused' }).first().getByRole('listitem')

it.each(['#/home', '#/servers'])(
  'asks at %s about the hosts that can be allowed, and about no others',
  async (hash) => {
    await show(hash)
    await expect.poll(() => shown().count()).toBe(2)
    await expect.poll(() => shown().first().textContent()).toContain('“memory” wanted to reach api.example.com:443')
    expect(await view.faults()).toEqual([])
  },
)

it('takes the answers, and the question goes', async () => {
  await show('#/home')
  await shown().first().getByRole('button', { name: 'Allow for this server' }).click()
  await expect.poll(() => asked('hosts.allow')).toEqual([{ server: 'memory', host: 'api.example.com', port: 443 }])
  await expect.poll(() => shown().count()).toBe(1)
  await shown().first().getByRole('button', { name: 'Never' }).click()
  await expect.poll(() => asked('hosts.never')).toEqual([{ server: 'memory', host: 'telemetry.example.com' }])
  await expect.poll(() => shown().count()).toBe(0)
})

it('says beside the server what was refused and cannot be allowed, and why', async () => {
  await show('#/servers/memory')
  const list = view.page
    .getByRole('dialog')
    .getByRole('list', { name: 'Hosts that were refused' })
    .getByRole('listitem')
  await expect.poll(() => list.count()).toBe(4)
  await expect.poll(() => list.nth(2).textContent()).toContain('in your local network')
  await expect.poll(() => list.nth(3).textContent()).toContain('where Gatehouse itself listens')
  expect(await list.nth(2).getByRole('button').count()).toBe(0)
})

it('leads from a changed database to the backups, also where the first run has not ended', async () => {
  const sample = fullSample()
  const findings = [{ table: 'setting', sentence: 'Your settings: an older copy was put in its place.' }]
  sample.integrity = { sound: false, findings, forged: [], held: [] }
  sample.setup.firstRunDone = false
  await view.show(sample, '#/home')
  await view.page.getByRole('heading', { name: 'Set an operator passphrase' }).waitFor()
  const told = view.page.getByRole('alert').filter({ hasText: 'an older copy was put in its place' })
  await told.getByRole('button', { name: 'Keep what is left' }).waitFor()
  expect(await view.faults()).toEqual([])
  await told.getByRole('link', { name: 'Restore a backup' }).click()
  await view.page.getByRole('button', { name: 'Open backups' }).waitFor()
  expect(await view.faults()).toEqual([])
  await view.page.goBack()
  await view.page.getByRole('heading', { name: 'Set an operator passphrase' }).waitFor()
  sample.setup.firstRunDone = true
  await view.page.reload()
  await told.getByRole('link', { name: 'Restore a backup' }).click()
  await view.page.getByRole('button', { name: 'Open backups' }).waitFor()
})

it('says on Home what could not be read, and reads it again', async () => {
  await show('#/sessions')
  for (const channel of ['hosts.refused', 'integrity.state']) view.server.failing.add(channel)
  await view.page.goto(`${view.server.url}#/home`)
  const told = view.page.getByRole('alert')
  await told.getByText('Which hosts were refused could not be read.').waitFor()
  await told.getByText('Whether the records are as Gatehouse left them could not be read.').waitFor()
  expect(await view.faults()).toEqual([])
  view.server.failing.clear()
  const again = told.getByRole('button', { name: 'Try again' })
  for (let left = 2; left > 0; left--) {
    await again.first().click()
    await expect.poll(() => again.count()).toBe(left - 1)
  }
  await expect.poll(() => shown().count()).toBe(2)
})
