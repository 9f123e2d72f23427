import type { PrivacyReport } from '../../../shared/contract/privacy.ts'
import { privacyStores } from '../../../shared/messages/en/privacy-words.ts'
import { localTime } from '../option-values.ts'
import type { Output } from '../output.ts'

/** For people; `--json` has the same. */
export function printReport(out: Output, report: PrivacyReport): void {
  const { audit, retention, memory, requests, encryption, lastVerification } = report
  out.line(`Audit log: ${audit.entries} entries, ${audit.personal} with personal data, ${audit.erased} erased.`, 'bold')
  out.table(['FOUND BY THE FILTERS', 'ENTRIES'], counts(audit.kinds))
  out.line(`Contents are kept ${retention.days} days, ${retention.piiDays} with personal data.`)
  for (const { workspace, concepts, observations } of memory)
    out.line(`Memory “${workspace}”: ${concepts} concepts, ${observations} observations.`)
  out.line()
  out.line('Requests', 'bold')
  out.table(['KIND', 'COUNT'], counts(requests.byKind))
  out.table(
    ['END', 'COUNT'],
    counts({ ...requests.byOutcome, ...(requests.open > 0 ? { 'not ended': requests.open } : {}) }),
  )
  out.line()
  out.line(
    `Encryption: ${encryption.cipher}, ${encryption.keys} keys, the newest of ${localTime(encryption.newestKeyAt)}; the key above them lies in: ${encryption.keptIn}.`,
  )
  out.line(`Kept in clear: ${encryption.clear.map((store) => privacyStores[store].name).join(', ')}.`)
  if (lastVerification === undefined) out.line('The audit log was not verified yet: gatehouse audit verify')
  else
    out.line(
      `The audit log was last verified ${localTime(lastVerification.at)}: ${lastVerification.valid ? 'intact' : 'NOT intact'}, ${lastVerification.checked} entries.`,
    )
}

const counts = (of: Readonly<Record<string, number>>): string[][] =>
  Object.entries(of).map(([name, count]) => [name, String(count)])
