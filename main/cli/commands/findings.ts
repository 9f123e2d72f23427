import type { ToldFinding } from '../../../shared/contract/findings.ts'
import type { Output, Style } from '../output.ts'

const styles: Readonly<Record<ToldFinding['severity'], Style>> = { high: 'red', medium: 'yellow', low: 'plain' }

/** What the analysis found, below whatever it belongs to. */
export function showFindings(out: Output, findings: readonly ToldFinding[] = []): void {
  for (const finding of findings) {
    const where = [finding.entry, finding.place].filter((part) => part !== undefined && part !== '').join(', ')
    out.line(`! ${finding.severity}: ${where}: ${finding.reason}`, styles[finding.severity])
    out.line(`    ${finding.detail}`, 'dim')
  }
}
