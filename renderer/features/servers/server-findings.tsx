import type { ToldFinding } from '../../../shared/contract/findings.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Tone } from '../../ui/ui.ts'

const tones: Record<ToldFinding['severity'], Tone> = { high: 'danger', medium: 'warn', low: 'plain' }

/** What the analysis found, each with where it stands and why it is told. */
export function FindingList({ findings, title }: { findings: readonly ToldFinding[]; title?: string }) {
  const { t } = useWords()
  if (findings.length === 0) return null
  const grave = findings.some(({ severity }) => severity === 'high')
  return (
    <Notice tone={grave ? 'danger' : 'warn'}>
      <h3 className="font-semibold">{title ?? t('servers.findings.title')}</h3>
      {grave && <p className="mt-1">{t('servers.findings.held')}</p>}
      <ul className="mt-2 space-y-2.5">
        {findings.map((finding) => (
          <li key={`${finding.entry} ${finding.place} ${finding.rule} ${finding.detail}`}>
            <p>
              <Badge tone={tones[finding.severity]}>{t(`servers.findings.${finding.severity}`)}</Badge> {finding.reason}
            </p>
            <p className="mt-1 font-mono text-xs break-all">
              <ExactText text={[finding.entry, finding.place].filter(Boolean).join(' · ')} />
            </p>
            <p className="mt-0.5 font-mono text-xs break-all">
              “<ExactText text={finding.detail} />”
            </p>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
