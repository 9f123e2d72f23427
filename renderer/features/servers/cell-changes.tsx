import type { z } from 'zod'
import type { cellReview } from '../../../shared/contract/cells.ts'
import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { FindingList } from './server-findings.tsx'

type Review = z.output<typeof cellReview>

/** Files and rights that are other than they were, and what was found in the code. */
export function CellChanges({ review: { files, permissions, findings } }: { review: Review }) {
  const { t } = useWords()
  const kinds = ['changed', 'added', 'removed'] as const
  const lines = kinds.flatMap((kind) => files[kind].map((path) => [t(`cell.review.${kind}`), path] as const))
  const rights = [
    ...permissions.added.map((line) => ['+', line] as const),
    ...permissions.removed.map((line) => ['−', line] as const),
  ]
  const nothing = lines.length + rights.length === 0
  return (
    <div className="space-y-5">
      {nothing && <p className="text-sm text-muted">{t('cell.review.none')}</p>}
      <Lines title={t('cell.review.files')} lines={lines} />
      <Lines title={t('cell.review.permissions')} lines={rights} />
      <FindingList findings={findings} title={t('cell.findings')} />
    </div>
  )
}

export function Lines({ title, lines }: { title: string; lines: readonly (readonly [string, string])[] }) {
  if (lines.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
      <ul className="space-y-1 text-sm">
        {lines.map(([kind, line]) => (
          <li key={`${kind} ${line}`} className="flex gap-2">
            <span className="w-20 shrink-0 text-muted">{kind}</span>
            <code className="min-w-0 font-mono text-xs break-all">
              <ExactText text={line} />
            </code>
          </li>
        ))}
      </ul>
    </section>
  )
}
