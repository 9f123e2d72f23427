import { join, resolve } from 'node:path'
import type { Autostart } from '../compose/handlers/system-handlers.ts'
import { compose, type Gatehouse, writeEndpoint } from '../compose.ts'
import { defaultHome } from '../config/paths.ts'
import { type BrowserShell, startBrowserShell } from '../shells/browser/browser.ts'
import { autostartFolder, desktopEntry } from '../shells/electron/desktop-entry.ts'
import type { McpEndpoint } from '../shells/mcp-endpoint.ts'
import { startHttps } from './https.ts'
import { ending, endOnSignals, openApp, takeOperatorPassphrase } from './open-app.ts'
import { openInBrowser } from './open-in-browser.ts'
import type { StartOptions } from './options.ts'
import { catchStrayErrors } from './stray-errors.ts'
import { removeNow, uninstall } from './uninstall.ts'

/** The window in a browser, and the line `Gatehouse is ready` with the link that opens it. */
export async function startInBrowser(options: StartOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const opened = await openApp(options, env)
  let browser: BrowserShell | undefined
  let https: McpEndpoint | undefined
  const app: Gatehouse = await compose({
    ...opened,
    shell: {
      shell: 'browser',
      windowUrl: () => browser?.url,
      mcpUrl: () => `${browser?.httpUrl ?? ''}/mcp`,
      stop: () => void setImmediate(end),
      uninstall: () => uninstall(app, { autostart: autostartOf(options.home, env), removeProfile: removeNow }),
    },
    windowOpen: () => (browser?.connectedWindows() ?? 0) > 0,
  })
  const end = ending(async () => {
    await app.drain()
    await Promise.all([browser?.close(), https?.close()])
    await app.stop()
    process.exit(0)
  })
  catchStrayErrors(app.base)
  endOnSignals(end)
  try {
    browser = await serve(options, env, app, opened.store.fresh)
    https = await startHttps(app)
  } catch (error) {
    await app.stop()
    throw error
  }
  writeEndpoint(opened.paths, browser.httpUrl, https?.httpUrl)
  for (const notice of opened.notices) app.base.notice('warning', notice)
  for (const notice of app.base.notices) process.stderr.write(`${notice}\n`)
  process.stdout.write(`Gatehouse is ready ${browser.loginUrl}\n`)
  if (options.hidden) openWhenAsked(app, browser, opened.paths.run)
  else if (options.open) openInBrowser(browser.loginUrl, opened.paths.run)
}

/** The desktop app may have been set to start at sign-in; it then starts with the usual data folder, on Linux by a file. */
function autostartOf(home: string, env: NodeJS.ProcessEnv): Autostart | undefined {
  const { GATEHOUSE_HOME: _, ...usual } = env
  if (process.platform !== 'linux' || home !== resolve(defaultHome(usual))) return undefined
  return desktopEntry(autostartFolder(env), process.execPath, [])
}

/** Milliseconds between two windows opened for questions nobody looks at. */
const reopenAfterMs = 60_000

/**
 * Started without a window, by a bridge: a question nobody could see brings one up. It is given no login link, so it asks
 * for the operator passphrase.
 */
function openWhenAsked({ base }: Gatehouse, browser: BrowserShell, folder: string): void {
  let openedAt = Number.NEGATIVE_INFINITY
  base.events.on('approvals.asked', () => {
    const now = performance.now()
    if (browser.connectedWindows() > 0 || now - openedAt < reopenAfterMs) return
    openedAt = now
    openInBrowser(browser.url, folder)
  })
}

async function serve(
  options: StartOptions,
  env: NodeJS.ProcessEnv,
  app: Gatehouse,
  fresh: boolean,
): Promise<BrowserShell> {
  const starterProved = await takeOperatorPassphrase(app, fresh, env)
  await app.start()
  return startBrowserShell({
    port: options.port ?? app.base.config.port,
    handlers: app.handlers,
    events: app.base.events,
    rendererDir: join(app.distDir, 'renderer'),
    operator: app.base.operator,
    starterProved,
    registerMcp: app.doors.registerMcp,
    log: app.base.log,
    language: () => app.base.settings.current.language,
  })
}
