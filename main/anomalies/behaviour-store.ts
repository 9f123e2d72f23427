import { z } from 'zod'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { Database, Statement } from '../store/database.ts'
import type { ProfileData } from './behaviour.ts'

const histogram = z.object({ bins: z.record(z.string(), z.number()), count: z.number(), high: z.number() })
const profile = z.object({
  identity: z.string(),
  figures: z.record(z.string(), histogram),
  calls: z.record(z.string(), z.number()),
})

/** How servers usually behave, over restarts. Figures only; one that cannot be read is begun anew. */
export class BehaviourStore {
  readonly #save: Statement<[string, string]>
  readonly #load: Statement<[string], { profile: string }>
  readonly #drop: Statement<[string]>

  constructor(db: Database) {
    this.#save = db.prepare('INSERT OR REPLACE INTO behaviour_profile VALUES (?, ?)')
    this.#load = db.prepare('SELECT profile FROM behaviour_profile WHERE server = ?')
    this.#drop = db.prepare('DELETE FROM behaviour_profile WHERE server = ?')
  }

  save = (server: ServerName, data: ProfileData) => void this.#save.run(server, JSON.stringify(data))
  drop = (server: ServerName) => void this.#drop.run(server)

  load(server: ServerName): ProfileData | undefined {
    const row = this.#load.get(server)
    try {
      return row && (profile.parse(JSON.parse(row.profile)) as ProfileData)
    } catch {
      return undefined
    }
  }
}
