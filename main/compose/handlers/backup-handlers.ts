import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Backups } from '../backups.ts'
import { type Note, noted } from './recorded.ts'
import type { ShellFacts } from './system-handlers.ts'

export function backupHandlers(backups: Backups, shell: ShellFacts, note: Note): GatehouseHandlers['backup'] {
  return {
    list: async () => ({
      passphraseSet: await backups.passphraseSet(),
      backups: backups.list(),
      beforeUpdates: backups.beforeUpdates(),
    }),
    setPassphrase: ({ passphrase }, { description }) =>
      noted(note, [description, 'backup.passphrase', 'The recovery passphrase was set', 'warning'], () =>
        backups.setPassphrase(passphrase),
      ),
    create: ({ file }, { description }) =>
      noted(note, [description, 'backup.create', 'A backup was made'], () => backups.create(file)),
    restore: ({ file, passphrase }, { description }) =>
      noted(note, [description, 'backup.restore', `The backup ${file} was restored`, 'warning'], async () => {
        const { held, switchedOff, revoked } = await backups.restore(file, passphrase)
        shell.stop()
        return { held, switchedOff: [...switchedOff], revoked: [...revoked] }
      }),
  }
}
