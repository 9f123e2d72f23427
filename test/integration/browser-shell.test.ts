import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startBrowserShell } from '../../main/shells/browser/browser-shell.ts'
import { aShellWorld, passphrase } from '../shells/shell-world.ts'

/** The built window; GATEHOUSE_TEST_RENDERER names another build of it. */
const builtRenderer = process.env.GATEHOUSE_TEST_RENDERER ?? resolve('dist/renderer')
const socketPage = `<!doctype html><title>Gatehouse</title><p id="state"></p><script src="/page.js"></script>`
const socketScript = `
const socket = new WebSocket('ws://' + location.host + '/api/socket', ['gatehouse', localStorage.getItem('gatehouse.window') ?? 'none'])
const state = document.getElementById('state')
socket.onopen = () => socket.send(JSON.stringify({ id: 1, channel: 'system.status' }))
socket.onmessage = (message) => { state.textContent = message.data }
socket.onclose = () => { state.textContent ||= 'closed' }
`

let browser: Browser
const closing: (() => unknown)[] = []
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
})
afterAll(() => browser.close())
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function aShell(rendererDir: string, starterProved = true) {
  const world = aShellWorld()
  const shell = await startBrowserShell({
    port: 0,
    rendererDir,
    handlers: world.handlers,
    events: world.events,
    operator: world.operator,
    starterProved,
    log: { error: () => undefined },
  })
  closing.push(() => shell.close())
  return { ...world, shell }
}

async function aPageFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-page-'))
  await writeFile(join(folder, 'index.html'), socketPage)
  await writeFile(join(folder, 'page.js'), socketScript)
  closing.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function aPage(): Promise<Page> {
  const context = await browser.newContext()
  closing.push(() => context.close())
  return context.newPage()
}

describe('the browser shell in Chromium', () => {
  it('signs in by the link, takes the token out of the address, and talks over the socket', async () => {
    const { shell } = await aShell(await aPageFolder())
    const page = await aPage()
    const requested: string[] = []
    page.on('request', (request) => requested.push(request.url()))
    await page.goto(shell.loginUrl)
    await page.waitForURL(shell.url)
    await page.waitForFunction(() => document.getElementById('state')?.textContent?.includes('"ready":true'))
    const token = new URL(shell.loginUrl).hash.slice(1)
    expect(page.url()).not.toContain(token)
    expect(requested.filter((url) => url.split('#')[0]?.includes(token))).toEqual([])
    expect(await page.evaluate(() => document.cookie)).toBe('')
    expect(shell.connectedWindows()).toBe(1)
  })

  it('gives a page of another local port its cookie, which opens nothing', async () => {
    const { shell } = await aShell(await aPageFolder())
    const page = await aPage()
    await page.goto(shell.loginUrl)
    await page.waitForFunction(() => document.getElementById('state')?.textContent?.includes('"ready":true'))
    const stolen = Promise.withResolvers<string>()
    const other = createServer((request, response) => {
      if (request.url === '/') stolen.resolve(request.headers.cookie ?? '')
      response.end('hello')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    closing.push(() => {
      other.closeAllConnections()
      other.close()
    })
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`)
    const cookie = await stolen.promise
    expect(cookie).toContain('gatehouse_session=')
    expect(await page.evaluate(() => localStorage.getItem('gatehouse.window'))).toBeNull()
    const headers = { cookie, origin: shell.httpUrl, connection: 'Upgrade', upgrade: 'websocket' }
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(`${shell.httpUrl.replace('http', 'ws')}/api/socket`, ['gatehouse', 'none'], {
      headers,
    })
    const [, response] = await once(socket, 'unexpected-response')
    socket.on('error', () => undefined)
    socket.terminate()
    expect(response.statusCode).toBe(403)
  })

  it('lets no inline script run and no other site be asked', async () => {
    const folder = await aPageFolder()
    await writeFile(
      join(folder, 'index.html'),
      `<!doctype html><title>x</title><body onload="document.title='inline'"><script>document.title = 'inline'</script>`,
    )
    const { shell } = await aShell(folder)
    const page = await aPage()
    await page.goto(shell.url)
    expect(await page.title()).toBe('x')
    const asked = await page.evaluate(
      (url) =>
        fetch(url).then(
          () => 'asked',
          () => 'refused',
        ),
      'http://127.0.0.1:9/',
    )
    expect(asked).toBe('refused')
  })

  it('signs in with the passphrase on the page when a link was used already', async () => {
    const { shell } = await aShell(await aPageFolder())
    const first = await aPage()
    await first.goto(shell.loginUrl)
    await first.waitForURL(shell.url)
    const second = await aPage()
    await second.goto(shell.loginUrl)
    await second.getByText('was used already').waitFor()
    await second.getByLabel('Operator passphrase').fill(passphrase)
    await second.getByRole('button', { name: 'Sign in' }).click()
    await second.waitForURL(shell.url)
    await second.waitForFunction(() => document.getElementById('state')?.textContent?.includes('"ready":true'))
  })

  it.skipIf(!existsSync(builtRenderer))('runs the built window without breaking its policy', async () => {
    const { shell } = await aShell(builtRenderer)
    const page = await aPage()
    const violations: string[] = []
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/i.test(message.text())) violations.push(message.text())
    })
    const connected = page.waitForEvent('websocket')
    await page.goto(shell.loginUrl)
    await connected
    await page.waitForFunction(() => (document.body.textContent ?? '').trim().length > 0)
    expect(violations).toEqual([])
  })
})
