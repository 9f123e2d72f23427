import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Audit } from '../../audit/audit.ts'
import type { Note } from './recorded.ts'

export function auditHandlers(audit: Audit, note: Note): GatehouseHandlers['audit'] {
  return {
    list: (filter) => audit.list(filter),
    show: ({ seq }, caller) => audit.show(seq, caller.description),
    verify: () => audit.verify(),
    verifyFile: ({ file }) => {
      if (!isAbsolute(file) || !statSync(file, { throwIfNoEntry: false })?.isFile())
        throw inputInvalid(`There is no file “${file}”. Give the exported log, written as jsonl.`)
      return audit.verifyFile(file)
    },
    export: async ({ format, from }, caller) => {
      if (from === undefined) note(caller.description, 'audit.export', `The audit log was exported as ${format}`)
      return audit.exportPiece(format, from)
    },
  }
}
