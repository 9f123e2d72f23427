import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Autostart } from '../../compose/handlers/system-handlers.ts'

export const autostartFolder = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'autostart')

/**
 * Starting at sign-in on Linux, by a file in the desktop's autostart folder; Electron leaves this platform out.
 *
 * @see https://specifications.freedesktop.org/autostart-spec/latest/
 */
export function desktopEntry(folder: string, program: string, args: readonly string[]): Autostart {
  const file = join(folder, 'gatehouse.desktop')
  return {
    isOn: () => existsSync(file),
    set: (on) => {
      if (!on) return rmSync(file, { force: true })
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, entryText(program, args))
    },
  }
}

/** Exec's own quoting, inside the file's. @see https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html */
function entryText(program: string, args: readonly string[]): string {
  const quoted = program.replaceAll(/["`$\\]/g, '\\\\$&').replaceAll('%', '%%')
  const lines = [
    'Type=Application',
    'Name=Gatehouse',
    `Exec="${quoted}" ${args.join(' ')}`,
    'X-GNOME-Autostart-enabled=true',
  ]
  return `[Desktop Entry]\n${lines.join('\n')}\n`
}
