import { Menu } from 'electron'

/** Electron's own menu opens web pages and developer tools. macOS needs one for copy, paste and quit; elsewhere there is none. */
export function replaceDefaultMenu(platform: NodeJS.Platform = process.platform): void {
  const menu =
    platform === 'darwin'
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
      : null
  Menu.setApplicationMenu(menu)
}
