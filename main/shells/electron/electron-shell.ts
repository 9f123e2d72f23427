import { join } from 'node:path'
import { app, powerMonitor, safeStorage } from 'electron'
import type { Question } from '../../../shared/contract/approvals.ts'
import type { Caller } from '../../../shared/contract/define.ts'
import type { ApprovalId } from '../../../shared/domain/ids.ts'
import type { Events } from '../../events/events.ts'
import type { ContractServer } from '../serve-contract.ts'
import { appOrigin, registerAppScheme, serveAppScheme } from './app-protocol.ts'
import { linkIn, routeOfLink } from './deep-links.ts'
import { hardenEveryWindow, hardenSession } from './hardening.ts'
import { forwardEvents, serveIpc } from './ipc.ts'
import { QuestionNotifications } from './notifications.ts'
import { GatehouseTray } from './tray.ts'
import { Windows } from './windows.ts'

/**
 * The product's own window. It shows, tells and forwards; main decides. This folder and preload/ are the only places
 * that import `electron`.
 */
export interface ElectronShellParts {
  readonly server: ContractServer<Caller>
  readonly events: Events
  readonly pending: () => readonly Question[]
  readonly deny: (id: ApprovalId) => void
  /** Ends everything behind the window, before the process goes. */
  readonly stop: () => Promise<void>
  /** The machine sleeps or wakes: deadlines pause. */
  readonly onSleep?: (asleep: boolean) => void
  readonly hidden: boolean
}

export interface PreparedElectron {
  readonly safeStorage: typeof safeStorage
  readonly windowUrl: string
  open(parts: ElectronShellParts): Promise<void>
  /** Ends everything in order, as from the tray. */
  readonly quit: () => void
}

/**
 * Everything that must happen before Electron is ready: one instance, schemes, hardening.
 *
 * @returns undefined when another instance runs already; that one is brought forward
 */
export async function prepareElectron(distDir: string): Promise<PreparedElectron | undefined> {
  if (!app.requestSingleInstanceLock()) return undefined
  app.enableSandbox()
  registerAppScheme()
  hardenEveryWindow()
  app.setAsDefaultProtocolClient('gatehouse')
  await app.whenReady()
  hardenSession()
  serveAppScheme(join(distDir, 'renderer'))
  return { safeStorage, windowUrl: `${appOrigin}/`, open: (parts) => openShell(distDir, parts), quit: () => app.quit() }
}

async function openShell(distDir: string, parts: ElectronShellParts): Promise<void> {
  const windows = new Windows(join(distDir, 'preload.cjs'))
  const open = (route?: string) => void windows.showMain(route)
  const tray = new GatehouseTray(join(distDir, 'renderer', 'tray.png'), { open, quit: () => app.quit() })
  serveIpc(parts.server, windows)
  forwardEvents(parts.events, windows)
  tellOfQuestions(parts, windows, tray)
  followTheApp(parts, windows, open)
  if (!parts.hidden) await windows.showMain(startRoute())
}

/** A question becomes visible at once: in the small window when the main one is not in sight, and as a notification. */
function tellOfQuestions(parts: ElectronShellParts, windows: Windows, tray: GatehouseTray): void {
  const openQuestion = (id: ApprovalId) => void windows.showMain(`#/approvals/${id}`)
  const notifications = new QuestionNotifications({ deny: parts.deny, open: openQuestion })
  const count = () => tray.pending(parts.pending().reduce((sum, question) => sum + question.count, 0))
  count()
  parts.events.on('approvals.asked', (question) => {
    count()
    if (windows.isMainVisible()) return
    notifications.show(question)
    void windows.showQuestion()
  })
  parts.events.on('approvals.settled', ({ id }) => {
    count()
    notifications.settled(id)
    if (parts.pending().length === 0) windows.hideQuestion()
  })
}

function followTheApp(parts: ElectronShellParts, windows: Windows, open: (route?: string) => void): void {
  app.on('second-instance', (_event, argv) => open(routeOfLink(linkIn(argv) ?? '')))
  app.on('open-url', (event, link) => {
    event.preventDefault()
    open(routeOfLink(link))
  })
  app.on('activate', () => open())
  app.on('window-all-closed', () => {}) // closing the last window leaves Gatehouse in the tray
  powerMonitor.on('suspend', () => parts.onSleep?.(true))
  powerMonitor.on('resume', () => parts.onSleep?.(false))
  quitInOrder(parts, windows)
}

function quitInOrder(parts: ElectronShellParts, windows: Windows): void {
  let stopped = false
  app.on('before-quit', (event) => {
    windows.quitting()
    if (stopped) return
    event.preventDefault()
    void parts.stop().finally(() => {
      stopped = true
      app.quit()
    })
  })
}

const startRoute = () => routeOfLink(linkIn(process.argv) ?? '')
