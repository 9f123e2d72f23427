import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import { readLog } from '../../health/log-reader.ts'
import type { Foundation } from '../foundation.ts'

/** Secrets were removed as lines were written; those that became known since are removed as they are read. */
export const logsHandlers = ({ paths, redact }: Pick<Foundation, 'paths' | 'redact'>): GatehouseHandlers['logs'] => ({
  read: async ({ level, search, most }) => {
    const { lines, whole } = await readLog(paths.logs, { level, most, ...(search ? { search } : {}) })
    const shown = lines.map((line) => ({
      ...line,
      time: line.time as EpochMs,
      text: redact(line.text),
      more: redact(line.more),
    }))
    return { lines: shown, whole }
  },
})
