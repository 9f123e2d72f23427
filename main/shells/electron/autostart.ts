import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import type { Autostart } from '../../compose/handlers/system-handlers.ts'
import { desktopEntry } from './desktop-entry.ts'

const args = ['--hidden']

/** Starting hidden when the person signs in: the system's list, or on Linux the desktop's autostart folder. */
export function autostart(): Autostart {
  if (process.platform !== 'linux') return loginItem
  const folder = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'autostart')
  return desktopEntry(folder, process.env.APPIMAGE ?? process.execPath, args)
}

const loginItem: Autostart = {
  isOn: () => app.getLoginItemSettings({ args }).openAtLogin,
  set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, args }),
}
