import { systemClock } from '../approvals/clock.ts'
import { FolderEnds } from '../supervisor/folder-ends.ts'
import type { Areas } from './areas.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'

/** Ends folders that were allowed for a time. Not started on a database that is not believed: there nothing runs. */
export function buildFolderEnds(base: Foundation, { servers, supervisor, administration }: Hosting, areas: Areas) {
  const ends = new FolderEnds({
    store: servers,
    restart: async (server) => {
      await supervisor.restart(server)
      administration.announce(server)
    },
    onEnded: (server, paths) => {
      const summary = `The time is over for which “${server}” could use ${paths.join(', ')}`
      base.audit.append({ action: 'folders.end', severity: 'notice', summary, server })
    },
    onProblem: (error) => base.log.error({ err: error }, 'the end of a lent folder is not carried out yet'),
    clock: systemClock,
  })
  let stop = () => {}
  return {
    start: () => {
      if (!base.tables.isSound()) return
      ends.start(areas.permissions.clockSetBack())
      stop = base.events.on('servers.changed', () => ends.look())
    },
    stop: () => {
      stop()
      ends.stop()
    },
  }
}
