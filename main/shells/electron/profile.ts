import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'

/**
 * Chromium's files of this app lie in the data folder, which no server can read, and the single-instance lock that goes with
 * them is one per data folder. Must run before the app is ready.
 */
export function ownProfile(home: string): void {
  const folder = join(home, 'window')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    app.setPath('userData', folder)
  } catch {
    // Opening the data folder says in a sentence why it cannot be written.
  }
}
