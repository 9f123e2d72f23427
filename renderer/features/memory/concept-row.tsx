import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { LabelBadges } from './label-badges.tsx'
import type { Concept, Found } from './memory-types.ts'
import { writerOf } from './provenance.tsx'
import { ScoreParts } from './score-parts.tsx'

interface ConceptRowProps {
  readonly concept: Concept
  /** When it answers a question. */
  readonly found?: Found
  readonly onOpen: (id: string) => void
}

/** One concept in a list: what it is, what is known of it first, who brought it. */
export function ConceptRow({ concept, found, onOpen }: ConceptRowProps) {
  const { t, when, language } = useWords()
  const said = concept.description || (concept.observations[0]?.text ?? '')
  const score = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return (
    <li data-place={concept.id} className="px-5 py-3.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <button
          type="button"
          onClick={() => onOpen(concept.id)}
          className="min-w-0 text-left font-medium break-words hover:text-accent hover:underline hover:underline-offset-4"
        >
          <ExactText text={concept.name} />
        </button>
        <Badge>
          <ExactText text={concept.type} />
        </Badge>
        <LabelBadges labels={concept.labels} />
        {found && (
          <span className="ml-auto text-sm font-semibold tabular-nums">
            <span className="sr-only">{t('memory.score')} </span>
            {score.format(found.score)}
          </span>
        )}
      </div>
      {said && (
        <p className="mt-1 line-clamp-2 text-sm break-words text-muted">
          <ExactText text={said} />
        </p>
      )}
      <p className="mt-1 text-xs text-muted">
        <ExactText text={writerOf(concept.updatedBy, t)} /> · {when(concept.updatedAt)}
        {concept.observations.length > 0 && ` · ${t('memory.observations', { count: concept.observations.length })}`}
      </p>
      {found && <ScoreParts found={found} />}
    </li>
  )
}
