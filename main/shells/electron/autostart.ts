import { app } from 'electron'
import type { Autostart } from '../../compose/handlers/system-handlers.ts'
import { autostartFolder, desktopEntry } from './desktop-entry.ts'

const args = ['--hidden']

/** Starting hidden when the person signs in: the system's list, or on Linux the desktop's autostart folder. */
export function autostart(): Autostart {
  if (process.platform !== 'linux') return loginItem
  return desktopEntry(autostartFolder(process.env), process.env.APPIMAGE ?? process.execPath, args)
}

const loginItem: Autostart = {
  isOn: () => app.getLoginItemSettings({ args }).openAtLogin,
  set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, args }),
}
