import type { EpochMs, IncidentId, ServerName } from '../../../shared/domain/ids.ts'
import type { Incident, IncidentStatus, RepairAttempt, Symptom } from '../../../shared/domain/incident.ts'
import type { Database, Statement } from '../../store/database.ts'

interface IncidentRow {
  readonly id: string
  readonly server: string
  readonly status: string
  readonly severity: string
  readonly opened_at: number
  readonly closed_at: number | null
  readonly symptoms: string
  readonly attempts: string
}

export interface GoodPackage {
  /** As the person wrote it; another one means another choice of the person. */
  readonly spec: string
  readonly version: string
  readonly integrity: string
}

/** What went wrong with servers and how it ended. It gives no rights, so it is not sealed. */
export class IncidentStore {
  readonly #save: Statement<[string, string, string, string, number, number | null, string, string]>
  readonly #get: Statement<[string], IncidentRow>
  readonly #list: Statement<[number], IncidentRow>
  readonly #open: Statement<[], IncidentRow>
  readonly #forgetBefore: Statement<[number]>
  readonly #good: Statement<[string], GoodPackage>
  readonly #setGood: Statement<[string, string, string, string]>
  readonly #forgetGood: Statement<[string]>

  constructor(db: Database) {
    this.#save = db.prepare(
      `INSERT INTO incident (id, server, status, severity, opened_at, closed_at, symptoms, attempts)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, severity = excluded.severity,
         closed_at = excluded.closed_at, symptoms = excluded.symptoms, attempts = excluded.attempts`,
    )
    this.#get = db.prepare('SELECT * FROM incident WHERE id = ?')
    this.#list = db.prepare('SELECT * FROM incident ORDER BY opened_at DESC, rowid DESC LIMIT ?')
    this.#open = db.prepare("SELECT * FROM incident WHERE status = 'open' ORDER BY opened_at")
    this.#forgetBefore = db.prepare("DELETE FROM incident WHERE opened_at < ? AND status <> 'open'")
    this.#good = db.prepare('SELECT spec, version, integrity FROM good_package WHERE server = ?')
    this.#setGood = db.prepare(
      'INSERT OR REPLACE INTO good_package (server, spec, version, integrity) VALUES (?, ?, ?, ?)',
    )
    this.#forgetGood = db.prepare('DELETE FROM good_package WHERE server = ?')
  }

  save(incident: Incident): void {
    this.#save.run(
      incident.id,
      incident.server,
      incident.status,
      incident.severity,
      incident.openedAt,
      incident.closedAt ?? null,
      JSON.stringify(incident.symptoms),
      JSON.stringify(incident.attempts),
    )
  }

  get(id: string): Incident | undefined {
    const row = this.#get.get(id)
    return row && toIncident(row)
  }

  /** Newest first. */
  list = (most: number): Incident[] => this.#list.all(most).map(toIncident)
  open = (): Incident[] => this.#open.all().map(toIncident)
  forgetBefore = (at: EpochMs): number => this.#forgetBefore.run(at).changes

  goodPackage = (server: ServerName): GoodPackage | undefined => this.#good.get(server)
  setGoodPackage = (server: ServerName, { spec, version, integrity }: GoodPackage): void =>
    void this.#setGood.run(server, spec, version, integrity)
  forgetGoodPackage = (server: ServerName): void => void this.#forgetGood.run(server)
}

function toIncident(row: IncidentRow): Incident {
  return {
    id: row.id as IncidentId,
    server: row.server as ServerName,
    status: row.status as IncidentStatus,
    severity: row.severity === 'critical' ? 'critical' : 'warning',
    openedAt: row.opened_at as EpochMs,
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at as EpochMs }),
    symptoms: JSON.parse(row.symptoms) as Symptom[],
    attempts: JSON.parse(row.attempts) as RepairAttempt[],
  }
}
