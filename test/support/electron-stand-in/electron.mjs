import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { app, native } from './app.mjs'
import { chromiumFor } from './chromium.mjs'
import { serveControl } from './control.mjs'
import { powerMonitor } from './desktop.mjs'
import { PreventableEvent } from './events.mjs'
import { privileged, session } from './session.mjs'
import { attempts, BrowserWindow } from './windows.mjs'

/** The `electron` module as far as the shell uses it. What has no picture here is kept as state for a test to read. */
export { app } from './app.mjs'
export { dialog, Menu, Notification, nativeImage, powerMonitor, safeStorage, screen, shell, Tray } from './desktop.mjs'
export { protocol, session } from './session.mjs'
export { BrowserWindow, ipcMain } from './windows.mjs'

const windowTitled = (title) => BrowserWindow.getAllWindows().find((window) => window.options.title === title)
const notificationTitled = (title) => native.notifications.find(({ options }) => options.title === title)

const state = () => ({
  ...native,
  privileged,
  attempts,
  notifications: native.notifications.map(({ options }) => options),
  trays: native.trays.map(({ state: tray }) => ({
    ...tray,
    menu: tray.menu.map(({ label, enabled }) => ({ label, enabled })),
  })),
  windows: BrowserWindow.getAllWindows().map((window) => window.state),
})

/** What the person or the desktop does. */
const deeds = {
  endpoint: async () => {
    const { profile } = await chromiumFor()
    const port = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n')[0]
    return { endpoint: `http://127.0.0.1:${port}` }
  },
  closeWindow: ({ title }) => windowTitled(title).close(),
  minimizeWindow: ({ title }) => windowTitled(title).minimize(),
  focusWindow: ({ title }) => windowTitled(title).focus(),
  blurWindow: ({ title }) => windowTitled(title).blur(),
  crashWindow: async ({ title }) => {
    const page = await windowTitled(title).page
    void page.goto('chrome://crash').catch(() => {})
  },
  reloadWindow: ({ title }) => windowTitled(title).webContents.reload(),
  attachWebview: ({ title }) => ({ allowed: windowTitled(title).webContents.mayAttachWebview() }),
  permission: ({ permission }) => session.defaultSession.permission(permission),
  request: ({ url }) => ({ allowed: session.defaultSession.webRequest.allows(url) }),
  clickNotification: ({ title }) => notificationTitled(title).emit('click', {}),
  notificationAction: ({ title }) => notificationTitled(title).emit('action', { actionIndex: 0 }, 0),
  closeNotification: ({ title }) => notificationTitled(title).emit('close', { reason: 'userCanceled' }),
  clickTray: () => native.trays[0].emit('click', {}),
  trayMenu: ({ label }) => native.trays[0].state.menu.find((item) => item.label === label).click(),
  openLink: ({ link }) => app.emit('open-url', new PreventableEvent(), link),
  sleep: () => powerMonitor.emit('suspend'),
  wake: () => powerMonitor.emit('resume'),
  shutdown: () => powerMonitor.emit('shutdown', new PreventableEvent()),
  quit: () => app.quit(),
}
serveControl(state, deeds)
