import type { ReactNode } from 'react'
import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'

export function PlanPart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1 text-sm font-semibold">{title}</h3>
      {children}
    </div>
  )
}

/** What comes of something exact that stands above. */
export function PlanNote({ label, text }: { label: string; text: string }) {
  return (
    <p className="mt-1 text-xs break-all text-muted">
      {label}{' '}
      <span className="font-mono">
        <ExactText text={text} />
      </span>
    </p>
  )
}

export function PlanSentences({ title, sentences }: { title: string; sentences: readonly string[] }) {
  return (
    <PlanPart title={title}>
      <ul className="list-disc space-y-1 pl-5 text-sm">
        {sentences.map((sentence) => (
          <li key={sentence} className="break-words">
            <ExactText text={sentence} />
          </li>
        ))}
      </ul>
    </PlanPart>
  )
}

export function PlanNames({ title, names }: { title: string; names: readonly string[] }) {
  const { t } = useWords()
  return (
    <PlanPart title={title}>
      <p className="font-mono text-xs break-words">{names.join(', ') || t('none')}</p>
    </PlanPart>
  )
}
