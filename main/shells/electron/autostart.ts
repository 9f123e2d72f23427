import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'

/** Starting hidden when the person signs in. */
export interface Autostart {
  isOn(): boolean
  set(on: boolean): void
}

const args = ['--hidden']

/** The system's list of things to start at sign-in; on Linux, which Electron leaves out, the desktop's autostart folder. */
export function autostart(
  platform: NodeJS.Platform = process.platform,
  folder = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'autostart'),
): Autostart {
  return platform === 'linux' ? desktopEntry(join(folder, 'gatehouse.desktop')) : loginItem
}

const loginItem: Autostart = {
  isOn: () => app.getLoginItemSettings({ args }).openAtLogin,
  set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, args }),
}

/** @see https://specifications.freedesktop.org/autostart-spec/latest/ */
function desktopEntry(file: string): Autostart {
  return {
    isOn: () => existsSync(file),
    set: (on) => {
      if (!on) return rmSync(file, { force: true })
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, entryText(process.env.APPIMAGE ?? process.execPath))
    },
  }
}

function entryText(program: string): string {
  const quoted = `"${program.replaceAll(/(["`$\\])/g, '\\$1').replaceAll('%', '%%')}"`
  return `[Desktop Entry]\nType=Application\nName=Gatehouse\nExec=${quoted} ${args.join(' ')}\nX-GNOME-Autostart-enabled=true\n`
}
