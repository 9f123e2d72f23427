import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Compliance } from '../../supervisor/compliance/compliance.ts'
import type { Note } from './recorded.ts'

export function complianceHandlers(compliance: Compliance, note: Note): GatehouseHandlers['compliance'] {
  return {
    check: async ({ name }, caller) => {
      const report = await compliance.check(name)
      note(caller.description, 'server.grade', `“${name}” was graded ${report.grade} (${report.score} of 100)`, 'info')
      return report
    },
    latest: ({ name }) => {
      const report = compliance.latest(name)
      return report ? { report } : {}
    },
    grades: () => ({
      grades: compliance.grades().map(({ server, score, grade, checkedAt }) => ({ server, score, grade, checkedAt })),
    }),
  }
}
