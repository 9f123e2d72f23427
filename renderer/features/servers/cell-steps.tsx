import type { CellShown } from '../../../shared/contract/cells.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import type { Tone } from '../../ui/ui.ts'

const outcomes: Record<CellShown['report'][number]['outcome'], Tone> = { ok: 'ok', failed: 'danger', skipped: 'plain' }

/** Each step, what came of it and why. */
export function CellSteps({ report }: { report: CellShown['report'] }) {
  const { t } = useWords()
  return (
    <ol className="space-y-2 text-sm">
      {report.map(({ step, outcome, reason }) => (
        <li key={step} className="flex items-start gap-2">
          <span className="w-24 shrink-0 font-medium">{t(`cell.step.${step}`)}</span>
          <span className="min-w-20 shrink-0">
            <Badge tone={outcomes[outcome]}>{t(`cell.outcome.${outcome}`)}</Badge>
          </span>
          <span className="min-w-0 break-words text-muted">
            <ExactText text={reason} />
          </span>
        </li>
      ))}
    </ol>
  )
}
