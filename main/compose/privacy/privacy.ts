import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { derivedKey } from '../../credentials/derived-key.ts'
import type { TaskDesk } from '../../gateway/tasks/task-desk.ts'
import type { Memory } from '../../memory/memory.ts'
import { logFiles } from '../../privacy/log-files.ts'
import { Privacy, type Unsearched } from '../../privacy/privacy.ts'
import { RequestStore } from '../../privacy/request-store.ts'
import { settingsSearch } from '../../privacy/settings-search.ts'
import { copiesBeforeUpdates } from '../../store/before-update.ts'
import { overwriteFreePages } from '../../store/free-pages.ts'
import type { Areas } from '../areas.ts'
import { backupEnding } from '../backups.ts'
import type { Foundation } from '../foundation.ts'
import type { Hosting } from '../hosting.ts'
import { memoryStore, rectifyMemory } from './memory-store.ts'
import {
  answerStore,
  auditStore,
  flowStore,
  incidentStore,
  questionStore,
  ruleStore,
  taskStore,
} from './personal-stores.ts'

export interface PrivacyPlaces {
  readonly base: Foundation
  readonly hosting: Hosting
  readonly areas: Areas
  readonly memory: Memory
  readonly tasks: TaskDesk
}

/** Requests of persons about their data, over every place that may have some. */
export function buildPrivacy({ base, hosting, areas, memory, tasks }: PrivacyPlaces): Privacy {
  const { store, paths, audit, keys } = base
  const { incidents, compliance } = hosting
  const grades = { all: () => compliance.grades(), forget: (server: string) => compliance.forget(server as ServerName) }
  return new Privacy({
    // the log last: what was asked and decided on the way is in it, too
    stores: [
      memoryStore(memory),
      questionStore(areas.approvals),
      answerStore(areas.answers),
      ruleStore(areas.permissions),
      taskStore(tasks),
      flowStore(areas.flow),
      incidentStore({ incidents, grades }),
      logFiles(paths.logs, hosting.supervisor.dropLogLines),
      settingsSearch(store.db, [paths.config], () => ({ filter_word: areas.filters.contents.own.list })),
      auditStore(audit),
    ],
    requests: new RequestStore(store.db, derivedKey(keys.data, 'subjects of privacy requests')),
    sealedAway: () => sealedAway(base),
    rectify: (words, wrong, right) => rectifyMemory(memory, words, wrong, right),
    settle: async () => {
      await base.tables.settled()
      await overwriteFreePages(store.db)
    },
    record: (action, summary, by) => void audit.append({ action, severity: 'notice', summary: `${summary} (${by})` }),
  })
}

/** Backups are sealed under a passphrase Gatehouse does not have; what was moved away or kept before an update is not opened; packages are not ours. */
function sealedAway({ paths }: Foundation): Unsearched[] {
  const files = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])
  const aside = (folder: string) =>
    files(folder)
      .filter((name) => name.includes('.corrupt-') || name.startsWith('set-aside-'))
      .map((name): Unsearched => ({ where: join(folder, name), why: 'set-aside' }))
  const backups = files(paths.backups).filter((name) => name.endsWith(backupEnding))
  return [
    ...backups.map((name): Unsearched => ({ where: join(paths.backups, name), why: 'backup' })),
    ...copiesBeforeUpdates(paths.backups).map(({ file }): Unsearched => ({ where: file, why: 'set-aside' })),
    ...aside(paths.home),
    ...aside(paths.memory),
    ...(files(paths.packages).length > 0 ? [{ where: paths.packages, why: 'packages' as const }] : []),
  ]
}
