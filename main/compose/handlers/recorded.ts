import type { Audit } from '../../audit/audit.ts'

/** What a person changed, for the record: who, what, in one plain sentence. */
export type Note = (by: string, action: string, summary: string, severity?: 'info' | 'notice' | 'warning') => void

export const noteIn =
  (audit: Audit): Note =>
  (by, action, summary, severity = 'notice') =>
    void audit.append({ action, severity, summary: `${summary} (${by})` })

/**
 * Makes a change that is on record already: what cannot be recorded is not done. One that then fails is recorded as failed.
 *
 * @throws audit.unwritable before anything was changed; what `change` throws
 */
export async function noted<T>(
  note: Note,
  [by, action, summary, severity]: Parameters<Note>,
  change: () => T | Promise<T>,
): Promise<T> {
  note(by, action, summary, severity)
  try {
    return await change()
  } catch (error) {
    sayFailed(() => note(by, action, `Failed, so not done or only in part: ${summary}`, 'warning'))
    throw error
  }
}

/** Why the change failed is what its caller has to know, also where that can no longer be recorded. */
function sayFailed(say: () => void): void {
  try {
    say()
  } catch {}
}
