import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type StandInApp, standInApp } from '../support/electron-stand-in/stand-in-app.ts'

const bridge = join(resolve(import.meta.dirname, '..', '..'), 'dist', 'bridge.js')
const main = { title: 'Gatehouse' }
const asking = { title: 'Gatehouse asks' }

let app: StandInApp
let files: string
let editor: Client
beforeAll(async () => {
  files = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-files-')))
  writeFileSync(join(files, 'notes.md'), 'milk\n')
  app = await standInApp()
  await app.operator('servers', 'set', 'filesystem', '--allow-path', files)
  await app.operator('clients', 'pair', 'editor')
  const page = await app.window()
  await page.evaluate(() => (window as unknown as ApiWindow).gatehouse.call('system.finishFirstRun'))
  editor = new Client({ name: 'editor', version: '1.0.0' })
  const args = [bridge, '--client', 'editor', '--home', app.home, '--no-start']
  await editor.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }))
})
afterAll(async () => {
  await editor?.close()
  await app?.end()
  await rm(files, { recursive: true, force: true })
})
/** Each test begins with an answered desk and the main window shown but not in front. */
beforeEach(async () => {
  for (const { id } of await pending()) await app.operator('approvals', 'deny', id)
  await app.do('clickTray')
  await app.do('blurWindow', main)
})

interface ApiWindow {
  readonly gatehouse: { call(channel: string, input?: unknown): Promise<Record<string, unknown>> }
}
interface Waiting {
  readonly id: string
  readonly answer: Promise<{ readonly isError: boolean; readonly text: string }>
}

async function pending(): Promise<{ id: string; state: string }[]> {
  const { out } = await app.cli('approvals', 'list', '--json')
  return JSON.parse(out).approvals.filter(({ state }: { state: string }) => state === 'pending')
}
const windowOf = async ({ title }: { title: string }) =>
  (await app.state()).windows.find((window) => window.title === title)
const notification = async () => (await app.state()).notifications[0]

/** A call of the editor that needs the person; resolves when its question is open. */
async function aQuestion(name = 'new.md'): Promise<Waiting> {
  const call = editor.callTool({
    name: 'filesystem__write_file',
    arguments: { path: join(files, name), content: 'written' },
  }) as Promise<CallToolResult>
  const answer = call.then(({ isError, content }) => ({ isError: isError ?? false, text: JSON.stringify(content) }))
  await expect.poll(async () => (await pending()).length, { timeout: 20_000 }).toBe(1)
  return { id: (await pending())[0]?.id ?? '', answer }
}

/** Allows in this window once the question is old enough to take it. */
async function allowIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Allow', exact: true }).and(page.locator('[aria-disabled=false]')).click()
}

describe('an AI app’s call', () => {
  it('shows its question in the main window, and passes when the person clicks Allow there', async () => {
    await app.do('focusWindow', main)
    const { answer } = await aQuestion('allowed.md')
    expect((await app.state()).notifications).toEqual([])
    expect((await windowOf(asking))?.visible ?? false).toBe(false)
    const page = await app.window()
    await page.getByRole('dialog').getByText('allowed.md').first().waitFor()
    await allowIn(page)
    expect((await answer).isError).toBe(false)
  })

  it('shows its question above all other windows, without the keyboard, while the person works elsewhere', async () => {
    const { answer } = await aQuestion('above.md')
    await expect.poll(async () => (await windowOf(asking))?.visible).toBe(true)
    expect(await windowOf(asking)).toMatchObject({
      alwaysOnTop: true,
      focused: false,
      url: 'app://gatehouse/#/question',
    })
    await allowIn(await app.window('Gatehouse asks'))
    expect((await answer).isError).toBe(false)
    await expect.poll(async () => (await windowOf(asking))?.visible).toBe(false)
  })

  it('is counted in the tray and on the badge until it is answered', async () => {
    expect((await app.state()).trays[0]).toMatchObject({ tooltip: 'Gatehouse', empty: false })
    const { id, answer } = await aQuestion()
    const { trays, badge } = await app.state()
    expect(trays[0]?.tooltip).toBe('Gatehouse – 1 question waits')
    expect(trays[0]?.menu[0]).toEqual({ label: '1 question waits', enabled: true })
    expect(badge).toBe(1)
    await app.operator('approvals', 'deny', id)
    expect((await answer).isError).toBe(true)
    expect(await app.state()).toMatchObject({ badge: 0, trays: [{ tooltip: 'Gatehouse' }] })
  })
})

describe('a notification', () => {
  beforeEach(() => app.do('closeWindow', main))

  it('appears when no window is shown, with one action, which denies', async () => {
    const { answer } = await aQuestion('denied.md')
    const shown = await notification()
    expect(shown?.actions.map(({ text }) => text)).toEqual(['Don’t allow'])
    await app.do('notificationAction', { title: shown?.title })
    expect(await answer).toMatchObject({ isError: true })
    await expect.poll(async () => (await app.state()).notifications).toEqual([])
  })

  it('opens the question in the main window when it is clicked, and answers nothing', async () => {
    const { id, answer } = await aQuestion('clicked.md')
    await app.do('clickNotification', { title: (await notification())?.title })
    await expect.poll(async () => (await windowOf(main))?.url).toBe(`app://gatehouse/#/approvals/${id}`)
    expect(await windowOf(main)).toMatchObject({ visible: true, focused: true })
    expect(await pending()).toHaveLength(1)
    await app.operator('approvals', 'deny', id)
    await answer
  })

  it('answers nothing when it is dismissed', async () => {
    const { id, answer } = await aQuestion()
    await app.do('closeNotification', { title: (await notification())?.title })
    expect(await pending()).toHaveLength(1)
    await app.operator('approvals', 'deny', id)
    await answer
  })
})

describe('a notification of an alert', () => {
  it('has no action, and opens the alerts when it is clicked', async () => {
    await app.do('closeWindow', main)
    await app.operator('alerts', 'test', 'desktop')
    const title = 'This is a test of the channel “desktop”.'
    await expect.poll(async () => (await notification())?.title).toBe(title)
    expect((await notification())?.actions ?? []).toEqual([])
    await app.do('clickNotification', { title })
    await expect.poll(async () => (await windowOf(main))?.url).toBe('app://gatehouse/#/health/alerts')
    expect((await app.state()).notifications).toEqual([])
  })
})

describe('a question stays unanswered', () => {
  it.each([
    ['the main window is closed', () => app.do('closeWindow', main)],
    ['the question’s window is closed', () => app.do('closeWindow', asking)],
    ['the main window is reloaded', () => app.do('reloadWindow', main)],
    ['the question’s window is reloaded', () => app.do('reloadWindow', asking)],
    ['the machine sleeps and wakes', () => app.do('sleep').then(() => app.do('wake'))],
  ])('when %s', async (_what, happens) => {
    const { id, answer } = await aQuestion()
    await app.window('Gatehouse asks')
    await happens()
    await (await app.window()).getByRole('heading').first().waitFor()
    expect(await pending()).toEqual([expect.objectContaining({ id })])
    await app.operator('approvals', 'deny', id)
    expect((await answer).isError).toBe(true)
  })

  it('when the main window crashes, which comes back and shows it again', async () => {
    const { id, answer } = await aQuestion('crash.md')
    const before = (await windowOf(main))?.target
    await app.do('crashWindow', main)
    await expect.poll(async () => (await windowOf(main))?.target).not.toBe(before)
    const page = await app.window()
    await page.getByRole('dialog').getByText('crash.md').first().waitFor()
    expect(await pending()).toEqual([expect.objectContaining({ id })])
    await app.operator('approvals', 'deny', id)
    await answer
  })
})

describe('closing the main window', () => {
  it('hides it and leaves the app running; the tray brings it back', async () => {
    await app.do('closeWindow', main)
    expect(await windowOf(main)).toMatchObject({ visible: false })
    expect((await app.cli('status')).code).toBe(0)
    await app.do('trayMenu', { label: 'Open Gatehouse' })
    await expect.poll(() => windowOf(main)).toMatchObject({ visible: true, focused: true })
  })
})

describe('a link', () => {
  it('opens the question it names, by a second start too, and decides nothing', async () => {
    const { id, answer } = await aQuestion('linked.md')
    const second = await app.again(`gatehouse://approvals/${id}?decision=allow`)
    expect(second).toMatchObject({ code: 0, out: '' })
    await expect.poll(async () => (await windowOf(main))?.url).toBe(`app://gatehouse/#/approvals/${id}`)
    expect(await windowOf(main)).toMatchObject({ visible: true, focused: true })
    expect(await pending()).toHaveLength(1)
    await app.operator('approvals', 'deny', id)
    expect((await answer).isError).toBe(true)
  })

  it.each(['gatehouse://nowhere', 'gatehouse:javascript:alert(1)', 'gatehouse://'])(
    'that is malformed opens nothing: %s',
    async (link) => {
      await app.do('closeWindow', main)
      const before = await windowOf(main)
      await app.do('openLink', { link })
      expect((await app.again(link)).code).toBe(0)
      expect((await app.cli('status')).code).toBe(0)
      expect(await windowOf(main)).toEqual(before)
    },
  )

  it('brings the first instance forward when the app is started again without one', async () => {
    await app.do('closeWindow', main)
    expect((await app.again()).code).toBe(0)
    await expect.poll(() => windowOf(main)).toMatchObject({ visible: true, focused: true })
  })
})

describe('every window', () => {
  it('has the safe preferences, in a sandboxed app with its own schemes only', async () => {
    await aQuestion().then(async ({ id, answer }) => {
      await app.window('Gatehouse asks')
      await app.operator('approvals', 'deny', id)
      await answer
    })
    const { windows, sandboxed, protocols, appUserModelId } = await app.state()
    expect(windows.map(({ title }) => title).sort()).toEqual(['Gatehouse', 'Gatehouse asks'])
    for (const { preferences } of windows)
      expect(preferences).toEqual({
        preload: expect.stringMatching(/preload\.cjs$/),
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        spellcheck: false,
        devTools: false,
        navigateOnDragDrop: false,
      })
    expect(sandboxed).toBe(true)
    expect(appUserModelId).toBe('app.gatehouse.desktop')
    expect(protocols).toEqual(['gatehouse'])
  })

  it('may attach no webview, gets no permission and reaches no address but its own', async () => {
    expect(await app.do('attachWebview', main)).toEqual({ allowed: false })
    const permissions = [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'hid',
      'usb',
      'serial',
    ]
    for (const permission of permissions)
      expect(await app.do('permission', { permission })).toEqual({ requested: false, checked: false, device: false })
    const addresses = [
      'https://example.com/',
      'http://127.0.0.1/',
      'ws://127.0.0.1/',
      'file:///etc/passwd',
      'app://other/',
    ]
    for (const url of addresses) expect(await app.do('request', { url })).toEqual({ allowed: false })
    expect(await app.do('request', { url: 'app://gatehouse/index.html' })).toEqual({ allowed: true })
  })

  it('is refused navigation, new windows and downloads before anything is fetched', async () => {
    const page = await app.window()
    await page.evaluate(() => {
      const click = (given: object) => {
        const link = Object.assign(document.createElement('a'), given)
        document.body.append(link)
        link.click()
        link.remove()
      }
      click({ href: 'https://example.com/navigated' })
      click({ href: 'https://example.com/opened', target: '_blank' })
      click({ href: './gatehouse.svg', download: 'saved.svg' })
    })
    await expect.poll(async () => new Set((await app.state()).attempts.map(({ kind }) => kind)).size).toBe(3)
    expect((await app.state()).attempts.filter(({ allowed }) => allowed)).toEqual([])
  })
})
