import type { ServerName } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import { type InstallScript, scriptsNotRun } from '../supervisor/packages/lockfile.ts'
import type { Foundation } from './foundation.ts'

export interface InstallScriptsParts {
  readonly base: Pick<Foundation, 'notice' | 'audit' | 'settings'>
  /** A window can ask the person right now. */
  readonly windowOpen: () => boolean
  /** The person's answer; each command is shown as it stands. */
  readonly ask: (server: ServerName, commands: readonly string[]) => Promise<boolean>
  readonly run: (server: ServerName, agreed: readonly InstallScript[]) => Promise<void>
  /** Starts it afresh with what its scripts made. */
  readonly restart: (server: ServerName) => Promise<void>
}

/**
 * Install scripts a package wanted to run: told of, and asked about while somebody sits at a window. Nobody waits for the
 * answer: the server works without them, or says what it misses.
 */
export function askForScripts(parts: InstallScriptsParts) {
  const { base } = parts
  return async (server: ServerName, scripts: readonly InstallScript[]): Promise<void> => {
    base.notice('warning', scriptsNotRun(server, scripts))
    if (!parts.windowOpen()) return
    try {
      if (!(await parts.ask(server, commandsOf(scripts)))) return
      const what = `The install scripts of “${server}” are run: ${scripts.map((one) => `${one.package}@${one.version}`).join(', ')}`
      base.audit.append({ action: 'server.install-scripts', severity: 'warning', summary: what, server })
      await parts.run(server, scripts)
      await parts.restart(server)
      base.notice('info', `The install scripts of “${server}” ran in the install sandbox.`)
    } catch (error) {
      const why =
        error instanceof GatehouseError
          ? sentence(error, 'person', base.settings.current.language)
          : 'it ended in an error.'
      base.notice('problem', `The install scripts of “${server}” did not run: ${why}`)
    }
  }
}

export const commandsOf = (scripts: readonly InstallScript[]): string[] =>
  scripts.flatMap((one) => one.runs.map((command) => `${one.package}@${one.version}  ${command}`))
