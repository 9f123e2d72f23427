import { homedir } from 'node:os'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Approvals } from '../../approvals/approvals.ts'
import type { Memory } from '../../memory/memory.ts'
import type { UpdateSource } from '../../updates/updates.ts'
import { examine } from '../doctor.ts'
import type { Foundation } from '../foundation.ts'
import type { Hosting } from '../hosting.ts'
import type { Note } from './recorded.ts'

/** What only the running shell knows. */
export interface ShellFacts {
  readonly shell: 'electron' | 'browser'
  readonly windowUrl: () => string | undefined
  readonly mcpUrl: () => string
  /** Ends the app, after the answer left. */
  readonly stop: () => void
  readonly uninstall: () => Promise<Uninstalled>
  readonly autostart?: Autostart
  /** Where a package is installed: how to ask for a newer one. */
  readonly updates?: UpdateSource
  /** Opens a page in the person's own browser; a shell that cannot has the person follow a link. */
  readonly openPage?: (url: string) => Promise<void>
}

/** What went and what stays for the person to keep or delete, in words. */
export interface Uninstalled {
  readonly removed: readonly string[]
  readonly kept: readonly string[]
}

/** Starting hidden when the person signs in. */
export interface Autostart {
  isOn(): boolean
  set(on: boolean): void
}

export function systemHandlers(
  base: Foundation,
  hosting: Hosting,
  approvals: Approvals,
  { shell, memory }: { readonly shell: ShellFacts; readonly memory: Memory },
  note: Note,
): GatehouseHandlers['system'] {
  const { settings, operator, ring, paths } = base
  return {
    status: () => {
      const servers = hosting.administration.list()
      const windowUrl = shell.windowUrl()
      return {
        ready: true,
        shell: shell.shell,
        ...(windowUrl ? { windowUrl } : {}),
        mcpUrl: shell.mcpUrl(),
        servers: {
          total: servers.length,
          running: servers.filter(({ state }) => state === 'running').length,
          failed: servers.filter(({ state }) => state === 'failed').length,
        },
        pending: approvals.pending().reduce((sum, { count }) => sum + count, 0),
      }
    },
    doctor: async () => ({ findings: await examine(base, hosting, memory) }),
    setup: async () => ({
      firstRunDone: settings.current.firstRunDone,
      operatorSet: await operator.isSet(),
      keychain: ring.kind,
      sandbox: await hosting.sandbox.status(),
      home: paths.home,
      homeFolder: homedir(),
      language: settings.current.language,
      theme: settings.current.theme,
      notices: base.notices,
      ...(shell.autostart ? { autostart: shell.autostart.isOn() } : {}),
    }),
    finishFirstRun: () => settings.change({ firstRunDone: true }),
    setAppearance: ({ language, theme }) => {
      settings.change({ ...(language ? { language } : {}), ...(theme ? { theme } : {}) })
      const { current } = settings
      base.events.emit('system.appearanceChanged', { language: current.language, theme: current.theme })
    },
    setAutostart: ({ on }, caller) => {
      if (!shell.autostart) throw inputInvalid('Only the desktop app can start when you sign in.')
      note(caller.description, 'app.autostart', `Starting at sign-in was switched ${on ? 'on' : 'off'}`)
      shell.autostart.set(on)
    },
    setOperator: async ({ current, passphrase }, caller) => {
      const record = () => note(caller.description, 'operator.set', 'The operator passphrase was set', 'warning')
      await operator.set(current, passphrase, record)
    },
    stop: (_, caller) => {
      note(caller.description, 'app.stop', 'Gatehouse was stopped')
      shell.stop()
    },
    uninstall: async (_, caller) => {
      note(caller.description, 'app.uninstall', 'Gatehouse is being removed', 'warning')
      const { removed, kept } = await shell.uninstall()
      return { removed: [...removed], kept: [...kept] }
    },
  }
}
