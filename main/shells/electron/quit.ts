import { app, BrowserWindow, powerMonitor } from 'electron'

/**
 * Quitting, from wherever it comes (tray, menu, signal, the system shutting down), first hides the windows and ends what is
 * behind them. It answers no question.
 */
export function quitAfter(stop: () => Promise<void>): void {
  let stopped = false
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    for (const window of BrowserWindow.getAllWindows()) window.hide()
    const done = () => {
      stopped = true
      app.quit()
    }
    stop().then(done, done)
  })
  powerMonitor.on('shutdown', () => app.quit())
}
