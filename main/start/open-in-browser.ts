import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The person's own browser, where there is a display to show it on; the link is on the terminal in any case. The browser
 * is given a private file that leads on, since other programs can read a command line but not the data folder.
 */
export function openInBrowser(url: string, folder: string): void {
  const page = join(folder, 'open.html')
  writeFileSync(page, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">`, { mode: 0o600 })
  setTimeout(() => rmSync(page, { force: true }), 60_000).unref()
  const hasDisplay = process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  const openers: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'open',
    win32: 'explorer',
    ...(hasDisplay ? { linux: 'xdg-open' } : {}),
  }
  const opener = openers[process.platform]
  if (!opener) return
  const child = spawn(opener, [page], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
