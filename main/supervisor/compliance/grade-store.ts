import type { ComplianceReport } from '../../../shared/contract/compliance.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import type { Database, Statement } from '../../store/database.ts'

/** The latest report of each server. It gives no rights, so it is not sealed. */
export class GradeStore {
  readonly #save: Statement<[string, string]>
  readonly #one: Statement<[string], { readonly report: string }>
  readonly #all: Statement<[], { readonly report: string }>
  readonly #forget: Statement<[string]>

  constructor(db: Database) {
    this.#save = db.prepare('INSERT OR REPLACE INTO server_grade VALUES (?, ?)')
    this.#one = db.prepare('SELECT report FROM server_grade WHERE server = ?')
    this.#all = db.prepare('SELECT report FROM server_grade ORDER BY server')
    this.#forget = db.prepare('DELETE FROM server_grade WHERE server = ?')
  }

  save = (report: ComplianceReport): void => void this.#save.run(report.server, JSON.stringify(report))
  get = (server: ServerName): ComplianceReport | undefined => {
    const row = this.#one.get(server)
    return row && reportIn(row)
  }
  all = (): ComplianceReport[] => this.#all.all().map(reportIn)
  forget = (server: ServerName): void => void this.#forget.run(server)
}

const reportIn = ({ report }: { readonly report: string }) => JSON.parse(report) as ComplianceReport
