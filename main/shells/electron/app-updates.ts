import type { UpdateSource } from '../../updates/updates.ts'

/** Asks a directory of releases as electron-builder writes it; fetches and installs nothing. Only in a package. */
export function appUpdates(): UpdateSource {
  return {
    newest: async (feedUrl) => {
      const { default: updater } = await import('electron-updater')
      const { autoUpdater } = updater
      autoUpdater.autoDownload = false
      autoUpdater.autoInstallOnAppQuit = false
      autoUpdater.logger = null
      autoUpdater.setFeedURL({ provider: 'generic', url: feedUrl })
      const found = await autoUpdater.checkForUpdates()
      if (!found) throw new Error('This package cannot be updated.')
      return { version: found.updateInfo.version, newer: found.isUpdateAvailable }
    },
  }
}
