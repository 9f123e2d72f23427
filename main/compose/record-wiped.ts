import type { ServerName } from '../../shared/domain/ids.ts'
import type { Wiped } from '../sandbox/sandbox.ts'
import type { Foundation } from './foundation.ts'

/** Level 4 keeps nothing: every time a process is gone, the record says what became of what it left. */
export const recordWiped =
  ({ audit, notice }: Pick<Foundation, 'audit' | 'notice'>) =>
  (server: ServerName, { complete, changedFiles }: Wiped): void => {
    const changes = changedFiles === 0 ? 'it had changed no file' : `${changedFiles} changed files were discarded`
    const summary = complete
      ? `“${server}” left nothing: its process is gone, its home, temp folder and copies are deleted; ${changes}`
      : `What “${server}” left could not be wiped completely; ${changes}`
    audit.append({ action: 'server.wiped', severity: complete ? 'info' : 'warning', summary, server })
    if (!complete) notice('problem', summary)
  }
