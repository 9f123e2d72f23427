import type { Audit } from '../../audit/audit.ts'

/** What a person changed, for the record: who, what, in one plain sentence. */
export type Note = (by: string, action: string, summary: string, severity?: 'info' | 'notice' | 'warning') => void

export const noteIn =
  (audit: Audit): Note =>
  (by, action, summary, severity = 'notice') =>
    void audit.append({ action, severity, summary: `${summary} (${by})` })
