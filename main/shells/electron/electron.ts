/**
 * The product's own window. It shows, tells and forwards; main decides, and no answer of the person is made up here: hiding,
 * closing, reloading or crashing a window answers nothing. This folder and preload/ are the only places that import
 * `electron`. README.md lists where each item of Electron's security checklist is done.
 */
import { join } from 'node:path'
import { app, dialog, powerMonitor, safeStorage } from 'electron'
import type { Question } from '../../../shared/contract/approvals.ts'
import type { Caller } from '../../../shared/contract/define.ts'
import type { ApprovalId } from '../../../shared/domain/ids.ts'
import type { Language } from '../../../shared/messages/messages.ts'
import type { Autostart } from '../../compose/handlers/system-handlers.ts'
import type { Events } from '../../events/events.ts'
import type { UpdateSource } from '../../updates/updates.ts'
import type { ContractServer } from '../serve-contract.ts'
import { tellOfAlerts } from './alert-notifications.ts'
import { registerAppScheme, serveAppScheme } from './app-protocol.ts'
import { appUpdates } from './app-updates.ts'
import { autostart } from './autostart.ts'
import { openPage } from './external-page.ts'
import { hardenEveryWindow, hardenSession } from './hardening.ts'
import { IncomingLinks } from './incoming-links.ts'
import { forwardEvents, serveIpc } from './ipc.ts'
import { replaceDefaultMenu } from './menu.ts'
import { ownProfile } from './profile.ts'
import { tellOfQuestions } from './question-signals.ts'
import { quitAfter } from './quit.ts'
import { appOrigin } from './sender.ts'
import { GatehouseTray } from './tray.ts'
import { Windows } from './windows.ts'
import { shellWords } from './words.ts'

export interface ElectronShellParts {
  readonly server: ContractServer<Caller>
  readonly events: Events
  readonly pending: () => readonly Question[]
  readonly deny: (id: ApprovalId) => void
  /** The machine woke from sleep: deadlines go on from here. */
  readonly onWake: () => void
  readonly language: () => Language
  readonly hidden: boolean
}

export interface PreparedElectron {
  /** Electron's own; comes only after the entry module has been evaluated, so nothing there may wait for it. */
  readonly ready: Promise<void>
  readonly safeStorage: typeof safeStorage
  readonly windowUrl: string
  readonly autostart: Autostart
  readonly openPage: (url: string) => Promise<void>
  /** Only of a package. */
  readonly updates?: UpdateSource
  open(parts: ElectronShellParts): Promise<void>
  /** What ends everything behind the windows, before the process goes. */
  endBy(stop: () => Promise<void>): void
  /** Ends everything in order, as from the tray. */
  readonly quit: () => void
  /** Says in a box of the system why there will be no window. */
  readonly complain: (sentence: string) => void
}

const appId = 'app.gatehouse.desktop'

/**
 * Everything that must happen before Electron is ready: own profile, one instance, schemes, hardening.
 *
 * @param home absolute path of the data folder
 * @returns undefined when another instance runs already on this data folder; that one is brought forward
 */
export function prepareElectron(distDir: string, home: string): PreparedElectron | undefined {
  ownProfile(home)
  if (!app.requestSingleInstanceLock()) return undefined
  const links = new IncomingLinks()
  app.setAppUserModelId(appId) // Windows shows notifications only of a known application
  app.enableSandbox()
  registerAppScheme()
  hardenEveryWindow()
  if (app.isPackaged) app.setAsDefaultProtocolClient('gatehouse')
  return {
    ready: app.whenReady().then(() => {
      hardenSession()
      serveAppScheme(join(distDir, 'renderer'))
      replaceDefaultMenu()
    }),
    safeStorage,
    windowUrl: `${appOrigin}/`,
    autostart: autostart(),
    openPage,
    ...(app.isPackaged ? { updates: appUpdates() } : {}),
    open: (parts) => openShell(distDir, parts, links),
    endBy: quitAfter,
    quit: () => app.quit(),
    complain: (sentence) => dialog.showErrorBox('Gatehouse', sentence),
  }
}

async function openShell(distDir: string, parts: ElectronShellParts, links: IncomingLinks): Promise<void> {
  const windows = new Windows(join(distDir, 'preload.cjs'))
  const open = (route?: string) => void windows.showMain(route)
  const words = () => shellWords(parts.language())
  const tray = new GatehouseTray(join(distDir, 'renderer'), words, { open, quit: () => app.quit() })
  serveIpc(parts.server, windows)
  forwardEvents(parts.events, windows)
  app.on('activate', () => open())
  app.on('window-all-closed', () => {}) // closing the last window leaves Gatehouse in the tray
  powerMonitor.on('resume', () => parts.onWake())
  const first = links.open(open)
  if (!parts.hidden || first !== undefined) await windows.showMain(first)
  tellOfQuestions({ ...parts, words }, windows, tray)
  tellOfAlerts(parts.events, windows)
}
