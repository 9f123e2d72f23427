import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { settings } from './settings.mjs'
import { pageScript, preloadScript } from './worlds.mjs'

/** Chromium knows no `app:` scheme; pages are loaded from here and everything that leaves is spelled back. */
const shown = 'http://gatehouse.localhost'
export const toShown = (url) => url.replace(/^app:\/\/gatehouse/, shown)
export const toApp = (url) => url.replace(new RegExp(`^${shown}`), 'app://gatehouse')

const world = 'electron-preload'
let running

/** One Chromium for all windows; `endpoint` lets a test drive the same pages. */
export function chromiumFor() {
  running ??= launch()
  return running
}

async function launch() {
  const profile = mkdtempSync(join(tmpdir(), 'gatehouse-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: settings.chromium,
    headless: true,
    viewport: null,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--remote-debugging-port=0',
      '--remote-debugging-address=127.0.0.1',
    ],
  })
  return { context, profile }
}

/** A page with the preload in its own world. `hooks` say who answers requests and calls from the preload. */
export async function openPage({ preloadSource, width, height }, hooks) {
  const { context } = await chromiumFor()
  const page = await context.newPage()
  await page.setViewportSize({ width, height })
  await page.route('**/*', (route) => answerRequest(route, hooks))
  const cdp = await context.newCDPSession(page)
  let preloadContext
  cdp.on('Runtime.executionContextCreated', ({ context: created }) => {
    if (created.name === world && created.auxData.frameId === mainFrame) preloadContext = created.id
  })
  cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name === 'standInSend') void answerPreload(JSON.parse(payload), executionContextId)
  })
  const evaluate = (expression, contextId) =>
    cdp.send('Runtime.evaluate', { expression, contextId }).catch(() => undefined)
  const answerPreload = async ({ id, channel, args }, contextId) => {
    const reply = await hooks.invoke(channel, args, {
      isMainFrame: contextId === preloadContext,
      url: toApp(page.url()),
    })
    await evaluate(`standInReply(${id}, ${JSON.stringify(JSON.stringify(reply))})`, contextId)
  }
  await cdp.send('Page.enable')
  const mainFrame = (await cdp.send('Page.getFrameTree')).frameTree.frame.id
  await cdp.send('Runtime.enable')
  await cdp.send('Runtime.addBinding', { name: 'standInSend', executionContextName: world })
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript })
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadScript(preloadSource), worldName: world })
  const { targetInfo } = await cdp.send('Target.getTargetInfo')
  return {
    page,
    target: targetInfo.targetId,
    emit: (channel, args) =>
      preloadContext === undefined
        ? undefined
        : evaluate(`standInEmit(${JSON.stringify(channel)}, ${JSON.stringify(JSON.stringify(args))})`, preloadContext),
  }
}

async function answerRequest(route, hooks) {
  const url = toApp(route.request().url())
  if (!hooks.mayRequest(url)) return route.abort('blockedbyclient')
  if (!url.startsWith('app:')) return route.continue()
  const response = await hooks.respond(new Request(url, { method: route.request().method() }))
  const body = Buffer.from(await response.arrayBuffer())
  return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
}
