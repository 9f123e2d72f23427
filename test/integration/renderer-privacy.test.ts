import { expect, it } from 'vitest'
import { fullSample, type Sample, sampleCell } from '../renderer/sample-data.ts'
import { sampleWindow } from '../support/sample-window.ts'

const view = sampleWindow()
const { show, dialog, inputsOf, faults, picture } = view
const at = Date.UTC(2026, 4, 3)
const subject = ['Ana Zarzavat', 'ana@zarzavat.test']

const holding: Sample['holding'] = {
  total: 4,
  stores: [
    {
      ...{ store: 'memory', count: 1, since: at, until: at, kept: 0 },
      items: [{ where: 'personal · Ana Zarzavat (name)', at, excerpt: 'Ana Zarzavat' }],
    },
    {
      ...{ store: 'audit', count: 3, since: at, until: at, kept: 1 },
      items: [
        { where: 'entry 17 · mail__send · Editor', at, excerpt: '… to: ana@zarzavat.test …' },
        { where: 'entry 18 · mail__send · Editor', at, excerpt: '' },
        { where: 'entry 20 · client.pair', at, excerpt: '“Ana Zarzavat” was paired', kept: 'sentence' },
      ],
    },
  ],
  unsearched: [{ where: '/home/me/.local/share/gatehouse/backups/2026.gatehouse-backup', why: 'backup' }],
  before: [],
}

async function open(sample: Sample): Promise<void> {
  await show(sample, '#/settings/privacy')
  await view.page.getByRole('button', { name: /Open privacy requests|Deschide cererile/ }).click()
}

for (const theme of ['light', 'dark'] as const) {
  it(`finds a person, says where, why and how long, and erases only after the consequences in ${theme}`, async () => {
    const sample: Sample = { ...fullSample(), ...(holding ? { holding } : {}) }
    sample.setup.theme = theme
    await open(sample)
    await dialog().getByLabel('Who it is about').fill(subject.join('\n'))
    await dialog().getByLabel('What the request is called').fill('letter of 3 May')
    view.server.held.add('privacy.find')
    await dialog().getByRole('button', { name: 'Look everywhere' }).click()
    await expect.poll(() => inputsOf('privacy.find').length).toBe(1)
    const { watch } = inputsOf('privacy.find')[0] as { watch: string }
    view.server.tell('privacy.progressed', { watch, store: 'audit', percent: 40 })
    await dialog().getByText('Looking: Audit log').waitFor()
    expect(await dialog().getByRole('progressbar').getAttribute('value')).toBe('40')
    await dialog().getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => inputsOf('privacy.cancel')).toEqual([{ watch }])
    expect([await faults(), view.complaints]).toEqual([[], []])
    await view.page.reload()
    view.server.held.clear()
    await view.page.getByRole('button', { name: 'Open privacy requests' }).click()
    await dialog().getByLabel('Who it is about').fill(subject.join('\n'))
    await dialog().getByRole('button', { name: 'Look everywhere' }).click()
    await dialog().getByText('4 things are kept of this person.').waitFor()
    await dialog().getByText('What was found: Audit log').click()
    await dialog().getByText('entry 17').waitFor()
    await picture(`privacy-found-${theme}`)
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Erase…' }).click()
    await dialog().getByText('It cannot be undone').waitFor()
    await picture(`privacy-erase-${theme}`)
    expect([await faults(), inputsOf('privacy.erase')]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Erase it for good' }).click()
    await dialog().getByText('nothing else is left').waitFor()
    await dialog().getByText('A backup is sealed').last().waitFor()
    await picture(`privacy-erased-${theme}`)
    expect([await faults(), view.complaints]).toEqual([[], []])
    expect(inputsOf('privacy.erase')).toMatchObject([{ subject }])
  })
}

it('corrects, hands over a copy, keeps an access request, and lists requests without a name', async () => {
  await open({ ...fullSample(), ...(holding ? { holding } : {}) })
  await dialog().getByRole('tab', { name: 'Requests' }).click()
  await dialog().getByText('No request was made yet.').waitFor()
  expect(await faults()).toEqual([])
  await dialog().getByRole('tab', { name: 'A person' }).click()
  await dialog().getByLabel('Who it is about').fill(subject.join('\n'))
  await dialog().getByRole('button', { name: 'Look everywhere' }).click()
  const download = view.page.waitForEvent('download')
  await dialog().getByRole('button', { name: 'Save a copy to hand over' }).click()
  expect((await download).suggestedFilename()).toMatch(/^gatehouse-pr_.*\.json$/)
  await dialog().getByRole('button', { name: 'Keep as an access request' }).click()
  await expect.poll(() => inputsOf('privacy.access').length).toBe(1)
  await dialog().getByRole('button', { name: 'Correct…' }).click()
  await dialog().getByLabel('What is wrong').fill('waters')
  await dialog().getByLabel('What is right').fill('planted')
  expect(await faults()).toEqual([])
  await dialog().getByRole('button', { name: 'Correct it' }).click()
  await view.page.getByText('Corrected: Garden').waitFor()
  expect(inputsOf('privacy.rectify')).toMatchObject([{ subject, wrong: 'waters', right: 'planted' }])
  await dialog().getByRole('tab', { name: 'Requests' }).click()
  await expect.poll(() => dialog().getByRole('row').count()).toBe(4)
  await picture('privacy-requests')
  expect(await faults()).toEqual([])
  await dialog().getByRole('tab', { name: 'Report' }).click()
  await dialog().getByText('AES-256-GCM').waitFor()
  await picture('privacy-report')
  expect([await faults(), view.complaints]).toEqual([[], []])
})

it('says in Romanian that nothing is kept, and what went wrong', async () => {
  const sample = fullSample()
  sample.setup.language = 'ro'
  await open(sample)
  await dialog().getByLabel('Despre cine este').fill('Ana Zarzavat')
  await dialog().getByRole('button', { name: 'Caută peste tot' }).click()
  await dialog().getByText('Nu se păstrează nimic despre această persoană.').waitFor()
  await picture('privacy-nothing-ro')
  expect([await faults(), view.complaints]).toEqual([[], []])
})

it('shows when a secret was used and brings its former value back', async () => {
  const sample = fullSample()
  const server = sample.servers[0]
  if (!server) throw new Error('no server')
  sample.servers[0] = { ...server, secretNames: ['MAIL_TOKEN'] }
  await show(sample, `#/servers/${server.name}`)
  await dialog().getByRole('button', { name: 'When MAIL_TOKEN was used' }).click()
  await dialog().getByText('Start of the server').waitFor()
  await picture('secret-uses')
  expect([await faults(), view.complaints]).toEqual([[], []])
  await dialog().last().getByRole('button', { name: 'Close' }).click()
  await dialog().getByRole('button', { name: 'Back to the former value of MAIL_TOKEN' }).click()
  expect(await faults()).toEqual([])
  await dialog().last().getByRole('button', { name: 'Back to the former value', exact: true }).click()
  await view.page.getByText('MAIL_TOKEN has its former value again.').waitFor()
  expect(inputsOf('secrets.revert')).toEqual([{ server: server.name, name: 'MAIL_TOKEN' }])
})

const row = () => view.page.locator('[data-place=updates]')

it('says which version this is, and of one built from its sources looks for no newer one', async () => {
  await show(fullSample(), '#/settings/updates')
  await row().getByText('Built from its sources in /home/ana/gatehouse').waitFor()
  expect(await row().getByRole('button', { name: 'Look now' }).count()).toBe(0)
  await picture('updates-sources')
  expect([await faults(), view.complaints]).toEqual([[], []])
})

it('looks for a newer version where that is switched on, and leads to newer ones of servers', async () => {
  const packaged = { version: '1.4.0', installed: 'package', folder: '/opt/gatehouse' } as const
  const updates = { ...packaged, checking: 'asked', mayAsk: true } as const
  await show({ ...fullSample(), updates, cells: [sampleCell('filesystem')] }, '#/settings/updates')
  await row().getByRole('button', { name: 'Look now' }).click()
  await row().getByText('There is a newer Gatehouse: 1.5.0').waitFor()
  const review = row().getByRole('link', { name: 'Review filesystem' })
  expect(await review.getAttribute('href')).toBe('#/servers/filesystem')
  await row().getByRole('button', { name: 'Ask the registries now' }).click()
  await view.page.getByText('The registries were asked.').waitFor()
  await picture('updates-newer')
  expect([await faults(), view.complaints]).toEqual([[], []])
})
