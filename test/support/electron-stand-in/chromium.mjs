import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { settings } from './settings.mjs'
import { pageScript, preloadScript } from './worlds.mjs'

/** Chromium knows no `app:` scheme; pages are loaded from here and everything that leaves is spelled back. */
const shown = 'http://gatehouse.localhost'
export const toShown = (url) => url.replace(/^app:\/\/gatehouse/, shown)
export const toApp = (url) => url.replace(new RegExp(`^${shown}(?=/|$)`), 'app://gatehouse')

const world = 'electron-preload'
let running

/** One Chromium for all windows. */
export function chromiumFor() {
  running ??= launch()
  return running
}

async function launch() {
  const profile = mkdtempSync(join(tmpdir(), 'gatehouse-chromium-'))
  process.on('exit', () => rmSync(profile, { recursive: true, force: true }))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: settings.chromium,
    headless: true,
    viewport: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
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

/** A page with the preload in its own world. `hooks` say what it may do and answer its calls. */
export async function openPage({ preloadSource, width, height }, hooks) {
  const { context } = await chromiumFor()
  const page = await context.newPage()
  await page.setViewportSize({ width, height })
  const cdp = await context.newCDPSession(page)
  const { targetInfo } = await cdp.send('Target.getTargetInfo')
  const navigation = { own: false, crashed: false }
  await page.route('**/*', (route) => answerRequest(route, page, navigation, hooks))
  watchPage(page, navigation, hooks)
  const { emit } = await worlds(cdp, preloadSource, hooks)
  return {
    page,
    target: targetInfo.targetId,
    crashed: () => navigation.crashed,
    emit,
    /** What the app itself loads; asks nobody. */
    load: async (url) => {
      navigation.own = true
      try {
        await (page.url() === url ? page.reload() : page.goto(url))
      } finally {
        navigation.own = false
      }
    },
  }
}

function watchPage(page, navigation, hooks) {
  page.on('popup', (popup) => {
    if (!hooks.mayOpen(toApp(popup.url()))) void popup.close().catch(() => {})
  })
  page.on('download', (download) => {
    if (!hooks.mayDownload(toApp(download.url()))) void download.cancel().catch(() => {})
  })
  page.on('domcontentloaded', async () => hooks.titled(await page.title().catch(() => '')))
  page.on('crash', () => {
    navigation.crashed = true
    hooks.gone()
  })
}

/** Puts the preload into its own world and carries its calls; @returns a way to send to it */
async function worlds(cdp, preloadSource, hooks) {
  const frames = new Map()
  let preloadContext
  const evaluate = async (expression, contextId) => {
    const answer = await cdp.send('Runtime.evaluate', { expression, contextId, returnByValue: true }).catch(() => ({}))
    return answer.result?.value
  }
  await cdp.send('Page.enable')
  const mainFrame = (await cdp.send('Page.getFrameTree')).frameTree.frame.id
  cdp.on('Runtime.executionContextCreated', ({ context: created }) => {
    if (created.name !== world) return
    frames.set(created.id, created.auxData.frameId)
    if (created.auxData.frameId === mainFrame) preloadContext = created.id
  })
  cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => frames.delete(executionContextId))
  const answer = async ({ id, channel, args }, contextId) => {
    const [url, origin] = (await evaluate('[location.href, self.origin]', contextId)) ?? ['', '']
    const frame = { isMain: frames.get(contextId) === mainFrame, url: toApp(url), origin: toApp(origin) }
    const reply = await hooks.invoke(channel, args, frame)
    await evaluate(`standInReply(${id}, ${JSON.stringify(JSON.stringify(reply))})`, contextId)
  }
  cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name === 'standInSend') void answer(JSON.parse(payload), executionContextId)
  })
  await cdp.send('Runtime.enable')
  await cdp.send('Runtime.addBinding', { name: 'standInSend', executionContextName: world })
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript })
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadScript(preloadSource), worldName: world })
  return {
    emit: (channel, args) => {
      if (preloadContext === undefined) return
      void evaluate(`standInEmit(${JSON.stringify(channel)}, ${JSON.stringify(JSON.stringify(args))})`, preloadContext)
    },
  }
}

/** A page loaded again, by a test too, goes nowhere. */
const withoutHash = (url) => url.split('#')[0]

async function answerRequest(route, page, navigation, hooks) {
  const request = route.request()
  const url = toApp(request.url())
  const isMainFrame = request.frame() === page.mainFrame()
  const own = isMainFrame && (navigation.own || withoutHash(request.url()) === withoutHash(page.url()))
  if (request.isNavigationRequest() && !own && !hooks.mayNavigate(url, isMainFrame)) return route.abort('aborted')
  if (!hooks.mayRequest(url)) return route.abort('blockedbyclient')
  if (!url.startsWith('app:')) return route.continue()
  const response = await hooks.respond(new Request(url, { method: request.method() }))
  const body = Buffer.from(await response.arrayBuffer())
  return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
}
